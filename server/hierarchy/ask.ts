// One question to another brick's JSON API, bounded and with the same guard as harvests.
import { reasonOf } from '../../harvester/diagnosis.ts'
import { exchange, openConnection, usualLimits } from '../../harvester/request.ts'
import type { Json } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { unavailable } from '../http/errors.ts'
import { userAgent } from '../network/network.ts'

const most = 64 * 1024
const limits = { ...usualLimits, connectMs: 10_000, headersMs: 60_000, bodyMs: 10_000 }

/**
 * @param brick address that the operator of this one typed
 * @param message to send; without one it is only asked
 * @throws unavailable where no JSON comes back
 */
export async function askBrick(
  ctx: Context,
  brick: string,
  path: string,
  message?: { [key: string]: Json },
): Promise<{ status: number; body: { [key: string]: Json } }> {
  const address = new URL(`${brick.replace(/\/+$/, '')}${path}`)
  const headers = { 'user-agent': userAgent(ctx), accept: 'application/json' }
  const connection = openConnection(address, headers, limits)
  try {
    const { status, text } = await exchange(connection, address.href, {
      most,
      signal: AbortSignal.timeout(limits.headersMs),
      ...(message && { message: JSON.stringify(message) }),
    })
    const body: unknown = JSON.parse(text)
    if (!body || typeof body !== 'object' || Array.isArray(body))
      throw new Error('its answer is no JSON object')
    return { status, body: body as { [key: string]: Json } }
  } catch (cause) {
    throw unavailable(`${address.host} does not answer as a brick does: ${reasonOf(cause)}.`, {
      cause,
    })
  } finally {
    await connection.agent.destroy()
  }
}
