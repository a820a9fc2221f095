// The brick above, seen from below: asking to be taken, learning that it has, leaving. No secret passes between the two:
// what counts is what each says of itself in public.
import { Diagnosis } from '../../harvester/diagnosis.ts'
import type { Context } from '../context.ts'
import { DomainError } from '../http/errors.ts'
import { introduce, isBrick, plainAddress, type Introduction } from '../network/network.ts'
import { parentUrl, readJoined, refusal, writeJoined, type Joined } from '../web/web.ts'
import { askBrick } from './ask.ts'
import { forgetAbove } from './from-above.ts'

/** How the parent takes it. */
export type Answered =
  | { state: 'taken' }
  /** To whom it sent a mail. */
  | { state: 'mailed'; to: string }
  /** Its operator decides. */
  | { state: 'waiting' }

const highest = 12

/**
 * Asks the brick at this address to be taken as its child.
 * @throws invalid or conflict, saying why not
 */
export async function join(
  ctx: Context,
  typed: string,
): Promise<{ joined: Joined; answered: Answered }> {
  const stated = ctx.config.parentUrl
  if (stated !== undefined)
    throw refusal('conflict', ({ t }) => t('refusal.stated', { url: stated }))
  const before = await readJoined(ctx)
  const above = await introduce(ctx, plainAddress(typed), {})
  if (!isBrick(above.identity.description))
    throw refusal('invalid', ({ t }) => t('refusal.noBrick', { url: above.url }))
  const url = brickAt(above.url)
  if (before?.takenAt && !before.droppedAt && before.url !== url)
    throw refusal('conflict', ({ t }) => t('refusal.member', { name: before.name }))
  await refuseDescendant(ctx, above)
  const answered = await ask(ctx, url)
  const now = ctx.clock().toISOString()
  const joined: Joined = {
    url,
    name: above.identity.repositoryName,
    askedAt: now,
    takenAt: answered.state === 'taken' ? now : null,
    droppedAt: null,
  }
  await writeJoined(ctx, joined)
  return { joined, answered }
}

/** Address of the brick whose OAI-PMH door this is. */
const brickAt = (door: string): string => door.replace(/\/oai$/, '')

async function ask(ctx: Context, parent: string): Promise<Answered> {
  const { status, body } = await askBrick(ctx, parent, '/api/v1/network/join', {
    url: ctx.links.oai(),
  })
  const { state, to, detail } = body
  const { host } = new URL(parent)
  if (status >= 400)
    throw refusal('conflict', ({ t }) =>
      t('refusal.notTaken', {
        host,
        reason: typeof detail === 'string' ? detail.slice(0, 400) : status,
      }),
    )
  if (state === 'taken' || state === 'waiting') return { state }
  if (state === 'mailed' && typeof to === 'string') return { state, to: to.slice(0, 320) }
  throw refusal('conflict', ({ t }) => t('refusal.unread', { host }))
}

async function refuseDescendant(ctx: Context, above: Introduction): Promise<void> {
  for await (const each of upFrom(ctx, above)) {
    if (!isHere(ctx, each)) continue
    if (each === above) throw refusal('invalid', ({ t }) => t('refusal.self'))
    const { repositoryName } = above.identity
    throw refusal('invalid', ({ t }) => t('refusal.below', { name: repositoryName }))
  }
}

/** Whether this is what this brick says of itself. */
export const isHere = (ctx: Context, { url, identity }: Introduction): boolean =>
  [url, identity.baseUrl].includes(ctx.links.oai()) ||
  identity.repositoryIdentifier === ctx.config.domain

/** A brick and those above it, each as the one below names it, as far as they can be asked. */
export async function* upFrom(
  ctx: Context,
  first: Introduction,
): AsyncGenerator<Introduction, void> {
  const seen = new Set<string>()
  let current: Introduction | undefined = first
  while (current && seen.size < highest && !seen.has(current.url)) {
    yield current
    seen.add(current.url)
    const stated: string | undefined = current.identity.description['relation']
    if (stated === undefined || !isBrick(current.identity.description)) return
    current = await introduced(ctx, stated, true)
  }
}

/** Who answers at an address; undefined where nobody does who could be harvested. */
export async function introduced(
  ctx: Context,
  address: string,
  stranger: boolean,
): Promise<Introduction | undefined> {
  try {
    const patience = { attempts: 1, patienceMs: 5000, stranger }
    return await introduce(ctx, plainAddress(address), { patience })
  } catch (error) {
    if (error instanceof DomainError || error instanceof Diagnosis) return undefined
    throw error
  }
}

/**
 * Learns whether this brick is among the children of the one that it joined, as that one says.
 * @throws unavailable
 */
export async function lookUp(ctx: Context): Promise<Joined | undefined> {
  const joined = await readJoined(ctx)
  if (!joined || ctx.config.parentUrl !== undefined) return joined
  const query = new URLSearchParams({ url: ctx.links.oai() }).toString()
  const { status, body } = await askBrick(ctx, joined.url, `/api/v1/network/join?${query}`)
  if (status !== 200 || typeof body['taken'] !== 'boolean') return joined
  const now = ctx.clock().toISOString()
  const next: Joined = body['taken']
    ? { ...joined, takenAt: joined.takenAt ?? now, droppedAt: null }
    : { ...joined, droppedAt: joined.takenAt ? (joined.droppedAt ?? now) : null }
  await writeJoined(ctx, next)
  const isNew = next.takenAt !== joined.takenAt || next.droppedAt !== joined.droppedAt
  if (isNew && !next.droppedAt) await giveNotice(ctx, joined.url)
  return next
}

/**
 * Leaves the brick above: this one no longer names it.
 * @throws conflict where there is none to leave
 * @returns its name, and whether it heard
 */
export async function leave(ctx: Context): Promise<{ left: string; heard: boolean }> {
  const stated = ctx.config.parentUrl
  if (stated !== undefined)
    throw refusal('conflict', ({ t }) => t('refusal.statedLeave', { url: stated }))
  const joined = await readJoined(ctx)
  if (!joined) throw refusal('conflict', ({ t }) => t('refusal.orphan'))
  await writeJoined(ctx, undefined)
  await forgetAbove(ctx)
  return { left: joined.name, heard: await giveNotice(ctx, joined.url) }
}

/**
 * Tells the brick above that what this one says of its place has changed. That one believes nothing but Identify, which it
 * would read sooner or later anyway.
 */
async function giveNotice(ctx: Context, parent: string): Promise<boolean> {
  try {
    const url = ctx.links.oai()
    const { status } = await askBrick(ctx, parent, '/api/v1/network/notice', { url })
    return status < 300
  } catch (error) {
    ctx.log.info({ err: error }, 'the brick above could not be told')
    return false
  }
}

/** How this brick stands to one above it. */
export type Standing =
  | { state: 'none' }
  /** The operator states it, or it was joined and has taken this brick. */
  | { state: 'child'; url: string; name?: string; isStated: boolean }
  | { state: 'asked' | 'dropped'; url: string; name: string; since: string }

export async function standingOf(ctx: Context): Promise<Standing> {
  const joined = await readJoined(ctx)
  const url = parentUrl(ctx)
  if (url !== undefined) {
    const isStated = ctx.config.parentUrl !== undefined
    return { state: 'child', url, isStated, ...(!isStated && joined && { name: joined.name }) }
  }
  if (!joined) return { state: 'none' }
  const { name, askedAt, droppedAt } = joined
  return {
    state: droppedAt ? 'dropped' : 'asked',
    url: joined.url,
    name,
    since: droppedAt ?? askedAt,
  }
}
