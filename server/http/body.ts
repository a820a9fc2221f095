// Reading small bodies, never more than a bound.
import type { IncomingMessage } from 'node:http'
import { invalid } from './errors.ts'

const formLimit = 64 * 1024

/** An application/x-www-form-urlencoded body of at most 64 kB. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let size = 0
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > formLimit) throw invalid('The request is larger than 64 kB.')
    chunks.push(chunk)
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}
