// One question to another brick's JSON API, bounded and with the same guard as harvests.
import { request } from 'undici'
import { Diagnosis, reasonOf } from '../../harvester/diagnosis.ts'
import { openConnection, usualLimits } from '../../harvester/request.ts'
import type { Json } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { unavailable } from '../http/errors.ts'
import { userAgent } from '../network/network.ts'

const longest = 64 * 1024
const limits = { ...usualLimits, connectMs: 10_000, headersMs: 60_000, bodyMs: 10_000 }

export interface Told {
  status: number
  body: { [key: string]: Json }
}

/**
 * @param brick address that the operator of this one typed
 * @throws unavailable where no JSON comes back
 */
export async function askBrick(
  ctx: Context,
  brick: string,
  path: string,
  message?: { [key: string]: Json },
): Promise<Told> {
  const address = new URL(`${brick.replace(/\/+$/, '')}${path}`)
  const headers = { 'user-agent': userAgent(ctx), accept: 'application/json' }
  const { agent } = openConnection(address, headers, limits)
  try {
    const answer = await request(address, {
      dispatcher: agent,
      method: message ? 'POST' : 'GET',
      headers: { ...headers, ...(message && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(limits.headersMs),
      ...(message && { body: JSON.stringify(message) }),
    })
    let text = ''
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      text += chunk.toString('latin1')
      if (text.length > longest) throw new Error('its answer is longer than 64 kB')
    }
    const body: unknown = JSON.parse(Buffer.from(text, 'latin1').toString('utf8'))
    if (!body || typeof body !== 'object' || Array.isArray(body))
      throw new Error('its answer is no JSON object')
    return { status: answer.statusCode, body: body as Told['body'] }
  } catch (cause) {
    const reason = cause instanceof Diagnosis || cause instanceof Error ? reasonOf(cause) : ''
    throw unavailable(`${address.host} does not answer as a brick does: ${reason}`, { cause })
  } finally {
    await agent.destroy()
  }
}
