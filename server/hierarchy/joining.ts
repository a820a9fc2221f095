// Children that come by themselves. Somebody gives an address; what answers there is asked who it is, and a mail goes to whom
// *that* names, so only who runs a repository can bring it here. The address is a stranger's: it leads to the public
// internet only, and how often anybody may try is bounded.
import { createHash, randomBytes } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { IsNull } from 'typeorm'
import { Diagnosis } from '../../harvester/diagnosis.ts'
import { listSize } from '../../harvester/headers.ts'
import { oaiDc } from '../../schemas/oai.ts'
import type { JsonObject } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { gone, messageOf } from '../http/errors.ts'
import { turnstile } from '../http/turnstile.ts'
import { canSendMail } from '../mail/mail.ts'
import {
  addSource,
  clientFor,
  findByDoor,
  introduce,
  plainAddress,
  type Introduction,
  type Source,
} from '../network/network.ts'
import { parentUrl, refusal } from '../web/web.ts'
import { joinRequestEntity, type JoinRequest } from './entities.ts'
import { mailConfirmation, mailOperator } from './mails.ts'
import { introduced, isHere, upFrom, type Answered } from './parent.ts'

const hour = 3_600_000
const day = 24 * hour

/** What anybody may try, for each try costs somebody else a request or a look into a mailbox. */
const bounds = { network: { hour: 20, day: 60 }, host: 30, all: 3000, mails: 3 }
const betweenMails = hour
const linkLasts = 2 * day
const refusalLasts = 30 * day
const requestLasts = 30 * day

const patience = {
  attempts: 1,
  patienceMs: 5000,
  stranger: true,
  limits: { bytes: 8 * 2 ** 20, headersMs: 15_000, bodyMs: 10_000, totalMs: 30_000, redirects: 3 },
}

const gate = turnstile(4, 12)
const requests = (ctx: Context) => ctx.db.dataSource.getRepository(joinRequestEntity)

export interface Seen extends Introduction {
  /** How many records it says it has. */
  records: number | null
  /** Whether it is harvested already, or being forgotten. */
  known: Source | undefined
  /** Whom a mail would go to. */
  contact: string | undefined
}

/**
 * What answers at an address that somebody gave.
 * @param client address of who gave it
 * @throws invalid, forbidden, conflict or unavailable, saying why it cannot join
 */
export async function look(ctx: Context, typed: string, client: string): Promise<Seen> {
  if (ctx.config.children === 'none')
    throw refusal('forbidden', ({ t }) => t('refusal.children', { brick: ctx.config.name }))
  const address = plainAddress(typed)
  await noteAttempt(ctx, client, address)
  return gate.run(async () => {
    const found = await introduce(ctx, address, { patience })
    if (isHere(ctx, found)) throw refusal('invalid', ({ t }) => t('refusal.self'))
    await refuseAncestor(ctx, found)
    return {
      ...found,
      records: await sizeOf(ctx, found),
      known: await findByDoor(ctx, found.url),
      contact: found.identity.adminEmails.find(isMailAddress),
    }
  })
}

const isMailAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s@<>"(),:;\\[\]]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text)

async function sizeOf(ctx: Context, { url }: Introduction): Promise<number | null> {
  const client = clientFor(ctx, url, patience)
  try {
    return (await listSize(client, { metadataPrefix: oaiDc.metadataPrefix })) ?? null
  } catch (error) {
    // How many there are is not what counts here.
    if (!(error instanceof Diagnosis)) throw error
    return null
  } finally {
    await client.close()
  }
}

/** Who asks must not be above this brick. */
async function refuseAncestor(ctx: Context, found: Introduction): Promise<void> {
  const above = parentUrl(ctx)
  const first = above === undefined ? undefined : await introduced(ctx, above, false)
  if (!first) return
  for await (const each of upFrom(ctx, first)) {
    if (each.url === found.url || each.identity.baseUrl === found.identity.baseUrl)
      throw refusal('invalid', ({ t }) =>
        t('refusal.above', { name: found.identity.repositoryName }),
      )
  }
}

/**
 * Counts what somebody from outside makes this brick ask.
 * @param client address of who
 * @param address what is to be asked
 * @throws conflict where it is too much
 */
export async function noteAttempt(ctx: Context, client: string, address: string): Promise<void> {
  const [network, { host }] = [networkOf(client), new URL(address)]
  const now = ctx.clock().getTime()
  const [made] = await ctx.db.query<Record<'lately' | 'network' | 'host' | 'all', number>>(
    `SELECT count(*) AS all, count(*) FILTER (WHERE host = $2) AS host,
       count(*) FILTER (WHERE network = $1) AS network,
       count(*) FILTER (WHERE network = $1 AND at > $4) AS lately
     FROM join_attempts WHERE at > $3`,
    [network, host, new Date(now - day), new Date(now - hour)],
  )
  const isTooMuch =
    made &&
    (made.lately >= bounds.network.hour ||
      made.network >= bounds.network.day ||
      made.host >= bounds.host ||
      made.all >= bounds.all)
  if (isTooMuch) throw refusal('conflict', ({ t }) => t('refusal.tries'))
  await ctx.db.query('INSERT INTO join_attempts (network, host, at) VALUES ($1, $2, $3)', [
    network,
    host,
    ctx.clock(),
  ])
}

/** Those who share a network are one: 256 addresses of IPv4, a site of IPv6. */
function networkOf(client: string): string {
  if (!ipaddr.isValid(client)) return client
  const bytes = ipaddr.process(client).toByteArray()
  return bytes.slice(0, bytes.length === 4 ? 3 : 6).join('.')
}

/**
 * Asks that what answers at this address be harvested.
 * @throws as `look`
 */
export async function request(ctx: Context, typed: string, client: string): Promise<Answered> {
  const seen = await look(ctx, typed, client)
  if (seen.known && !isLeaving(seen.known)) return { state: 'taken' }
  const now = ctx.clock().getTime()
  const [last] = await requests(ctx).find({
    where: { url: seen.url },
    order: { askedAt: 'DESC' },
    take: 1,
  })
  const age = last ? now - last.askedAt.getTime() : Infinity
  if (last?.decision === 'refused' && age < refusalLasts)
    throw refusal('forbidden', ({ t }) => t('refusal.refused', { mail: ctx.config.adminEmail }))
  if (last && !last.decision && age < requestLasts) {
    if (last.confirmedAt || last.mailedTo === null) return { state: 'waiting' }
    if (age < betweenMails) return { state: 'mailed', to: last.mailedTo }
  }
  const made = await newRequest(ctx, seen)
  const to = canSendMail(ctx) ? seen.contact : undefined
  if (to !== undefined && (await mailToConfirm(ctx, made, to))) return { state: 'mailed', to }
  await tellOperator(ctx, made)
  return { state: 'waiting' }
}

const isLeaving = ({ forgetAt }: Source): boolean => forgetAt !== null

async function newRequest(ctx: Context, seen: Seen): Promise<JoinRequest> {
  const { identity, offered, records, url } = seen
  const made = await requests(ctx).save({
    url,
    identify: identity as unknown as JsonObject,
    formats: offered.slice(0, 50),
    records,
    askedAt: ctx.clock(),
    mailedTo: null,
    token: null,
    expiresAt: new Date(ctx.clock().getTime() + linkLasts),
    confirmedAt: null,
    decidedAt: null,
    decision: null,
  })
  return requests(ctx).findOneByOrFail({ id: made.id })
}

/** @returns whether the mail server took it */
async function mailToConfirm(ctx: Context, made: JoinRequest, to: string): Promise<boolean> {
  const [sent] = await ctx.db.query<{ count: number }>(
    'SELECT count(*) FROM join_requests WHERE mailed_to = $1 AND asked_at > $2',
    [to, new Date(ctx.clock().getTime() - day)],
  )
  if (sent && sent.count >= bounds.mails)
    throw refusal('conflict', ({ t }) => t('refusal.mails', { to, count: bounds.mails }))
  const token = randomBytes(24).toString('base64url')
  // Before it is sent: a link that arrives must be known.
  await requests(ctx).update({ id: made.id }, { token: hashOf(token), mailedTo: to })
  try {
    return await mailConfirmation(ctx, made, to, token)
  } catch (error) {
    ctx.log.warn({ err: error, to }, 'a mail that confirms a child could not be sent')
    await requests(ctx).update({ id: made.id }, { token: null, mailedTo: null })
    return false
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

async function tellOperator(ctx: Context, made: JoinRequest): Promise<void> {
  const waiting = await listWaiting(ctx)
  // One mail for all that wait: the page has the others.
  if (waiting.length > 1) return
  await mailOperator(ctx, made).catch((error: unknown) =>
    ctx.log.warn({ err: error }, 'the operator could not be told of a request'),
  )
}

/**
 * The request that a link confirms, as long as the link is good.
 * @throws gone
 */
export async function requestOf(ctx: Context, token: string): Promise<JoinRequest> {
  const found = await requests(ctx).findOneBy({ token: hashOf(token) })
  if (!found || found.decision || found.expiresAt <= ctx.clock())
    throw gone('This link has been used, or it is older than two days.')
  return found
}

/**
 * The button behind the link: who runs the repository wants it here.
 * @throws gone
 */
export async function confirm(ctx: Context, token: string): Promise<'taken' | 'waiting'> {
  const found = await requestOf(ctx, token)
  const { affected } = await requests(ctx).update(
    { id: found.id, token: hashOf(token) },
    { token: null, confirmedAt: ctx.clock() },
  )
  if (!affected) throw gone('This link has been used.')
  const known = await findByDoor(ctx, found.url)
  // What the operator is about to forget comes back only when the operator says so.
  if (ctx.config.children === 'confirmed' && !(known && isLeaving(known))) {
    try {
      await take(ctx, found)
      return 'taken'
    } catch (error) {
      ctx.log.warn({ err: error, url: found.url }, 'a child that has confirmed could not be added')
    }
  }
  await tellOperator(ctx, found)
  return 'waiting'
}

async function take(ctx: Context, { id, url }: JoinRequest): Promise<Source> {
  const isNew = (await findByDoor(ctx, url)) === undefined
  const source = await addSource(ctx, url, { patience })
  await ctx.db.query('UPDATE sources SET left_at = NULL, stranger = stranger OR $2 WHERE id = $1', [
    source.id,
    isNew,
  ])
  await requests(ctx).update({ id }, { decision: 'taken', decidedAt: ctx.clock(), token: null })
  return source
}

/** Those for whom the operator must decide, and those whose mail is on its way, the latest first. */
export async function listRequests(ctx: Context): Promise<JoinRequest[]> {
  const since = new Date(ctx.clock().getTime() - requestLasts)
  const open = await requests(ctx).find({
    where: { decision: IsNull() },
    order: { askedAt: 'DESC' },
    take: 200,
  })
  const seen = new Set<string>()
  return open.filter((each) => {
    if (each.askedAt < since || seen.has(each.url)) return false
    seen.add(each.url)
    return true
  })
}

export const waits = ({ confirmedAt, mailedTo }: JoinRequest): boolean =>
  confirmedAt !== null || mailedTo === null

export const listWaiting = async (ctx: Context): Promise<JoinRequest[]> =>
  (await listRequests(ctx)).filter(waits)

/**
 * The operator's word on a request.
 * @throws not-found or conflict, saying why not
 */
export async function decide(
  ctx: Context,
  id: number,
  decision: 'taken' | 'refused',
): Promise<Source | undefined> {
  const found = await requests(ctx).findOneBy({ id, decision: IsNull() })
  if (!found) throw refusal('not-found', ({ t }) => t('refusal.decided'))
  if (decision === 'taken') {
    return take(ctx, found).catch((error: unknown) => {
      throw refusal('conflict', ({ t }) => t('refusal.notNow', { reason: messageOf(error) }))
    })
  }
  const change = { decision, decidedAt: ctx.clock(), token: null }
  await requests(ctx).update({ url: found.url, decision: IsNull() }, change)
  return undefined
}

/** Whether the repository behind this door is among those that this brick reads. */
export async function isTaken(ctx: Context, door: string): Promise<boolean> {
  const known = await findByDoor(ctx, door.replace(/\/+$/, ''))
  return known !== undefined && !isLeaving(known)
}

/** Forgets what is only kept to count by, and what nobody decided. */
export async function tidyRequests(ctx: Context): Promise<void> {
  const ago = (time: number): Date => new Date(ctx.clock().getTime() - time)
  await ctx.db.query('DELETE FROM join_attempts WHERE at < $1', [ago(day)])
  await ctx.db.query('DELETE FROM join_requests WHERE asked_at < $1', [ago(3 * requestLasts)])
}
