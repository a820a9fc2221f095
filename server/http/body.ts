// Reading small bodies, never more than a bound.
import type { IncomingMessage } from 'node:http'
import { invalid } from './errors.ts'

const formLimit = 64 * 1024

/** An application/x-www-form-urlencoded body of at most 64 kB. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await readText(request))
}

/**
 * A JSON object of at most 64 kB.
 * @throws invalid
 */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = await readText(request)
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw invalid('The request is not JSON.', { cause })
  }
  if (!content || typeof content !== 'object') throw invalid('The request is not a JSON object.')
  return content as Record<string, unknown>
}

async function readText(request: IncomingMessage): Promise<string> {
  let size = 0
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > formLimit) throw invalid('The request is larger than 64 kB.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
