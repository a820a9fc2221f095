// The harvester as this brick uses it: it says who asks and whom to write to.
import { openClient, type Client, type ClientOptions } from '../../harvester/client.ts'
import type { Context } from '../context.ts'
import { version } from '../http/package.ts'

export type Patience = Pick<ClientOptions, 'retryMs' | 'attempts' | 'limits' | 'patienceMs'>

export function clientFor(ctx: Context, url: string, patience: Patience = {}): Client {
  const { baseUrl, adminEmail } = ctx.config
  return openClient(url, {
    userAgent: `CaMPA/${version} (+${baseUrl}/; mailto:${adminEmail})`,
    from: adminEmail,
    ...patience,
  })
}
