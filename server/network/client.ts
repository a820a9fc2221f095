// The harvester as this brick uses it: it says who asks and whom to write to.
import type { Stranger } from '../../harvester/addresses.ts'
import { openClient, type Client, type ClientOptions } from '../../harvester/client.ts'
import type { Context } from '../context.ts'
import { version } from '../http/package.ts'

export type Patience = Pick<
  ClientOptions,
  'retryMs' | 'attempts' | 'limits' | 'patienceMs' | 'delayMs'
> & {
  /** The address was typed by somebody else: it leads into none of our networks but those that are open to children. */
  stranger?: boolean
}

/** The name by which a robots.txt can speak to us. */
export const product = 'CaMPA'

export const userAgent = ({ config: { baseUrl, adminEmail } }: Context): string =>
  `${product}/${version} (+${baseUrl}/; mailto:${adminEmail})`

/** How far an address is trusted that may have been typed by somebody else. */
export const strangerOf = ({ config }: Context, isStranger = false): Stranger | undefined =>
  isStranger ? { networks: config.childrenNetworks } : undefined

export function clientFor(
  ctx: Context,
  url: string,
  { stranger, ...patience }: Patience = {},
): Client {
  return openClient(url, {
    userAgent: userAgent(ctx),
    from: ctx.config.adminEmail,
    ...patience,
    stranger: strangerOf(ctx, stranger),
  })
}
