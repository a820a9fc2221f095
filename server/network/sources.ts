// Sources: what the operator typed, checked by asking it who it is.
import { IsNull } from 'typeorm'
import { Diagnosis } from '../../harvester/diagnosis.ts'
import { identify, type Identity } from '../../harvester/identify.ts'
import { edm, mets } from '../../schemas/oai.ts'
import { ensureCollection, findCollection } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { invalid, notFound } from '../http/errors.ts'
import type { Words } from '../text/text.ts'
import { refusal } from '../web/web.ts'
import { clientFor, type Patience } from './client.ts'
import { sourceEntity, type Source } from './entities.ts'
import { keep } from './forgetting.ts'
import { chooseFormat, isBrick } from './formats.ts'
import { forgetPlaces } from './harvests.ts'
import { setManners, type MannersOptions } from './manners.ts'
import { troubleText } from './troubles.ts'

export interface SourceOptions {
  slug?: string
  name?: string
  /** Only this set of the source; null: all of them again. */
  set?: string | null
  /** Metadata formats to ask for, the best one first, with commas between; `auto`: the usual ones (formats.ts). */
  prefix?: string
  /** Days for which a record must be missing before it is withdrawn here. */
  graceDays?: number
  /** So many per cent of its records may vanish at once. */
  vanishPercent?: number
  /** Every so many days all is listed, where the source does not tell of its deletions for good. */
  compareDays?: number
  everyMinutes?: number
  /** Where it stands on the map, `lat,lon,name`; null: where it says itself. */
  place?: string | null
  /** How politely it is asked. */
  manners?: MannersOptions
  patience?: Patience
}

/** Who adds a source may want to look at it, or to harvest it by hand, before that happens by itself. */
const firstRun = 60_000
const usualGrace = 3
const usualComparison = 7
const usualShare = 20

const repository = (ctx: Context) => ctx.db.dataSource.getRepository(sourceEntity)

/**
 * Adds a source after asking it who it is, or changes the options of one that is there already.
 * @throws invalid, saying what is wrong with the address or with what answers there
 */
export async function addSource(
  ctx: Context,
  url: string,
  options: SourceOptions = {},
): Promise<Source> {
  const typed = plainAddress(url)
  if (options.slug !== undefined && slugOf(options.slug) !== options.slug) {
    throw invalid(`"${options.slug}" is no short name: use small letters, digits and hyphens.`)
  }
  for (const candidate of new Set([typed, `${typed}/oai`])) {
    const known = await repository(ctx).findOneBy({ url: candidate })
    if (!known) continue
    if (known.forgetAt !== null) await keep(ctx, known)
    return changeSource(ctx, known, options)
  }
  const found = await introduce(ctx, typed, options)
  const name = options.name?.trim() || found.identity.repositoryName
  const slug = options.slug ?? (await freeSlug(ctx, name, new URL(typed).hostname))
  if (reserved.includes(slug)) throw invalid(`"${slug}" is taken: give the source another slug.`)
  if (await findCollection(ctx, slug)) {
    throw invalid(`There is a collection "${slug}" already: give the source another slug.`)
  }
  await ctx.db.query(
    `INSERT INTO sources (slug, url, name, set_spec, metadata_prefix, formats, granularity, identify, every_minutes,
       grace_days, compare_days, vanish_percent, next_run_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
    [
      slug,
      found.url,
      name,
      options.set ?? null,
      found.prefix,
      JSON.stringify(formatsIn(options.prefix) ?? null),
      found.identity.granularity,
      JSON.stringify(found.identity),
      options.everyMinutes ?? ctx.config.harvestEveryMinutes,
      options.graceDays ?? usualGrace,
      options.compareDays ?? usualComparison,
      options.vanishPercent ?? usualShare,
      new Date(ctx.clock().getTime() + firstRun),
    ],
  )
  const source = await repository(ctx).findOneBy({ url: found.url })
  if (!source) throw refusal('invalid', ({ t }) => t('refusal.taken', { slug }))
  await ensureCollection(ctx, {
    slug: source.slug,
    sourceId: source.id,
    title: { und: source.name },
    profile: 'dublin-core',
  })
  await setManners(ctx, source, options.manners ?? {})
  return sourceById(ctx, source.id)
}

export function plainAddress(url: string): string {
  const typed = URL.canParse(url.trim()) ? new URL(url.trim()) : undefined
  if (!typed || (typed.protocol !== 'http:' && typed.protocol !== 'https:')) {
    throw refusal('invalid', ({ t }) => t('refusal.address', { url }))
  }
  if (typed.username || typed.password) {
    throw refusal('invalid', ({ t }) => t('refusal.password'))
  }
  typed.hash = ''
  typed.searchParams.delete('verb')
  return typed.href.replace(/\/+$/, '')
}

export interface Introduction {
  url: string
  identity: Identity
  /** Metadata formats that it offers. */
  offered: string[]
  prefix: string
}

/**
 * Asks at the address itself, and at /oai below it: people type the address of the home page.
 * @throws invalid, saying what answers there instead
 */
export async function introduce(
  ctx: Context,
  typed: string,
  options: SourceOptions,
): Promise<Introduction> {
  let first: unknown
  for (const url of typed.endsWith('/oai') ? [typed] : [typed, `${typed}/oai`]) {
    try {
      return await ask(ctx, url, options)
    } catch (error) {
      first ??= error
      const elsewhere = ['html-instead-of-oai', 'http-status', 'not-xml', 'not-oai', 'page-cut']
      if (!(error instanceof Diagnosis) || !elsewhere.includes(error.code)) break
    }
  }
  if (!(first instanceof Diagnosis)) throw first
  const { code, message } = first
  const say = (words: Words): string => {
    // What it says in English says more than the kind of fault.
    const reason = words.language === 'en' ? message : troubleText(words, code)
    return words.t('refusal.source', { url: typed, reason })
  }
  throw refusal('invalid', say, { cause: first })
}

async function ask(ctx: Context, url: string, options: SourceOptions): Promise<Introduction> {
  // The operator waits for the answer, so there is less patience than in a harvest.
  const client = clientFor(ctx, url, { attempts: 3, patienceMs: 15_000, ...options.patience })
  try {
    const identity = await identify(client)
    const wanted = { formats: formatsIn(options.prefix) ?? null, setSpec: options.set ?? null }
    const { prefix, offered } = await chooseFormat(client, wanted, identity)
    if (prefix === undefined) {
      const format = options.prefix ?? 'oai_dc'
      throw refusal('invalid', ({ t }) =>
        t('refusal.format', { url, format, offered: offered.join(', ') || '–' }),
      )
    }
    return { url, identity, offered, prefix }
  } finally {
    await client.close()
  }
}

/** undefined: the usual ones */
function formatsIn(prefix: string | undefined): string[] | undefined {
  const formats = prefix
    ?.split(',')
    .map((each) => each.trim())
    .filter(Boolean)
  return formats?.length && formats[0] !== 'auto' ? formats : undefined
}

/** A brick that has learnt METS since it was added is asked for it from now on. */
async function learnt(
  ctx: Context,
  source: Source,
  options: SourceOptions,
): Promise<string | null> {
  const before = source.metadataPrefix
  if (before !== edm.metadataPrefix || !isBrick(source.identify?.['description'])) return before
  const found = await introduce(ctx, source.url, { patience: options.patience ?? {} }).catch(
    (error: unknown) => {
      ctx.log.info({ err: error, source: source.slug }, 'the source does not say what it offers')
      return undefined
    },
  )
  return found?.prefix === mets.metadataPrefix ? found.prefix : before
}

/** Changes what was set of a source; what is not given stays. */
export async function changeSource(
  ctx: Context,
  source: Source,
  options: SourceOptions,
): Promise<Source> {
  const { name, everyMinutes, set, prefix, graceDays, compareDays, vanishPercent, place } = options
  const formats = prefix === undefined ? source.formats : (formatsIn(prefix) ?? null)
  const metadataPrefix = formats?.[0] ?? (await learnt(ctx, source, options))
  const listsElse =
    (set !== undefined && set !== source.setSpec) ||
    metadataPrefix !== source.metadataPrefix ||
    (formats === null && source.formats !== null)
  // They are checked where they are set: before anything is changed.
  await setManners(ctx, source, options.manners ?? {})
  await repository(ctx).update(
    { id: source.id },
    {
      ...(name !== undefined && { name }),
      ...(everyMinutes !== undefined && { everyMinutes }),
      ...(set !== undefined && { setSpec: set }),
      ...(graceDays !== undefined && { graceDays }),
      ...(compareDays !== undefined && { compareDays }),
      ...(vanishPercent !== undefined && { vanishPercent }),
      ...(place !== undefined && { place }),
      formats,
      metadataPrefix,
      // Another list: what was harvested of the first one says nothing about where to go on in this one.
      ...(listsElse && { lastResponseDate: null }),
    },
  )
  if (listsElse) await forgetPlaces(ctx, source.id)
  return sourceById(ctx, source.id)
}

/** Small letters, digits and hyphens of a name: `Musée d’Art` becomes `musee-d-art`. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '')
}

/** Addresses below /network that are no source's. */
const reserved = ['above', 'join', 'operator', 'requests']

async function freeSlug(ctx: Context, name: string, host: string): Promise<string> {
  const base = slugOf(name) || slugOf(host) || 'source'
  for (let number = 1; ; number++) {
    const slug = number === 1 ? base : `${base}-${number}`
    if (reserved.includes(slug)) continue
    const taken = (await repository(ctx).findOneBy({ slug })) ?? (await findCollection(ctx, slug))
    if (!taken) return slug
  }
}

export async function allSources(ctx: Context): Promise<Source[]> {
  return repository(ctx).find({ where: { forgetAt: IsNull() }, order: { name: 'ASC' } })
}

/** The source whose OAI-PMH door this is, be it one that is being forgotten. */
export async function findByDoor(ctx: Context, url: string): Promise<Source | undefined> {
  return (await repository(ctx).findOneBy({ url })) ?? undefined
}

/** @throws not-found */
export async function sourceById(ctx: Context, id: number): Promise<Source> {
  const found = await repository(ctx).findOneBy({ id })
  if (!found) throw notFound(`There is no source ${id}.`)
  return found
}

/**
 * A source by its slug or its address.
 * @throws not-found, naming the sources that there are
 */
export async function findSource(ctx: Context, slugOrUrl: string): Promise<Source> {
  const url = slugOrUrl.replace(/\/+$/, '')
  const found = await repository(ctx).findOneBy([
    { slug: slugOrUrl },
    { url },
    { url: `${url}/oai` },
  ])
  if (found) return found
  const slugs = (await allSources(ctx)).map((each) => each.slug)
  throw notFound(
    slugs.length
      ? `There is no source "${slugOrUrl}"; there are ${slugs.join(', ')}.`
      : `There is no source "${slugOrUrl}", nor any other: campa source add URL adds one.`,
  )
}
