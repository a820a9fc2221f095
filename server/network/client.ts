// The harvester as this brick uses it: it says who asks and whom to write to.
import { openClient, type Client, type ClientOptions } from '../../harvester/client.ts'
import type { Context } from '../context.ts'
import { version } from '../http/package.ts'

export type Patience = Pick<
  ClientOptions,
  'retryMs' | 'attempts' | 'limits' | 'patienceMs' | 'delayMs'
>

/** The name by which a robots.txt can speak to us. */
export const product = 'CaMPA'

export const userAgent = ({ config: { baseUrl, adminEmail } }: Context): string =>
  `${product}/${version} (+${baseUrl}/; mailto:${adminEmail})`

export function clientFor(ctx: Context, url: string, patience: Patience = {}): Client {
  return openClient(url, {
    userAgent: userAgent(ctx),
    from: ctx.config.adminEmail,
    ...patience,
  })
}
