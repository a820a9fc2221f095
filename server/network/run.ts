// One run of reading a source: who it is today, what to ask it for, page by page into the records, then what is to be
// asked for by name, and what has vanished.
import type { Client } from '../../harvester/client.ts'
import { Diagnosis, reasonOf, type Problem } from '../../harvester/diagnosis.ts'
import {
  ahead,
  harvest as harvestList,
  type HarvestPage,
  type ListRequest,
} from '../../harvester/harvest.ts'
import { identify, listSets, type Identity } from '../../harvester/identify.ts'
import { oaiDc } from '../../schemas/oai.ts'
import type { Translations } from '../../schemas/record.ts'
import { collectionBySlug } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { conflict } from '../http/errors.ts'
import { listHeldFrom } from '../records/records.ts'
import { clientFor, type Patience } from './client.ts'
import { countsAfter } from './counts.ts'
import type { Harvest, Source } from './entities.ts'
import { anotherFormat, settleFormat } from './formats.ts'
import { gapsOf } from './gaps.ts'
import { beginHarvest, endHarvest, withSourceLock, writePlan, type Run } from './harvests.ts'
import { intakeFrom } from './intake.ts'
import { keepPages } from './kept-pages.ts'
import { mannersOf } from './manners.ts'
import { beganAnew, clockBehind, onlyStrangers, planFor } from './plan.ts'
import { Notes, type HarvestReport, type Progress } from './report.ts'
import { Shelves } from './sets.ts'
import { sourceById } from './sources.ts'
import { receivePage, storePage, type Received, type Storing } from './store.ts'
import { restHost } from './turns.ts'
import { countMissing, withdrawVanished } from './vanished.ts'
import { storeWanted } from './wanted.ts'
import { wantedOf } from './ways.ts'

export interface HarvestOptions {
  /** List all, whatever was harvested before. */
  fromScratch?: boolean
  /** List all, and withdraw what is no longer there at once, however much it is. */
  acceptVanished?: boolean
  onProgress?: (progress: Progress) => void
  /** Stops after the page that is being stored; the next run goes on there. */
  signal?: AbortSignal
  patience?: Patience
  /** Given by those who harvest many: when to wait, and when to make room. */
  turn?: Pace
}

export interface Pace {
  /**
   * Waited for after each part of a page; it may also abort the signal that was given with it.
   * @param after.passed the page ends here
   * @param after.restarted its token died, and the list had to begin again
   */
  afterPart(after: { passed: boolean; restarted: boolean }): Promise<Problem | undefined>
}

/**
 * Reads what a source has to say since its last complete harvest, or goes on with one that was cut short.
 * What the source does wrong ends in the report, not in an exception.
 * @throws conflict when another process is at it
 */
export async function harvestSource(
  ctx: Context,
  source: Source,
  options: HarvestOptions = {},
): Promise<HarvestReport> {
  return withSourceLock(ctx, source, options.turn !== undefined, async (lost) => {
    const current = await sourceById(ctx, source.id)
    if (current.forgetAt !== null)
      throw conflict(`"${source.slug}" is being forgotten: keep it first.`)
    const signal = options.signal ? AbortSignal.any([options.signal, lost]) : lost
    const { delayMs, refusal } = await mannersOf(ctx, current, signal)
    const client = clientFor(ctx, current.url, {
      delayMs,
      stranger: current.stranger,
      ...options.patience,
    })
    try {
      return await run(ctx, current, client, { ...options, signal, ...(refusal && { refusal }) })
    } finally {
      await client.close()
    }
  })
}

type Options = HarvestOptions & { signal: AbortSignal; refusal?: Diagnosis }

async function run(
  ctx: Context,
  source: Source,
  client: Client,
  options: Options,
): Promise<HarvestReport> {
  const { signal } = options
  const started = Date.now()
  const acceptVanished = options.acceptVanished ?? source.acceptWanted
  const fromScratch = options.fromScratch || acceptVanished || source.scratchWanted
  const { harvest, resumed } = await beginHarvest(ctx, source, { fromScratch, acceptVanished })
  const notes = new Notes(harvest.problems)
  const report = (status: HarvestReport['status'], unchanged: number): HarvestReport => ({
    source: source.slug,
    status,
    resumed,
    ...(harvest.from !== null && { from: harvest.from }),
    ...progressOf(harvest, unchanged),
    problems: notes.list,
    seconds: (Date.now() - started) / 1000,
  })
  let storing: Storing | undefined
  try {
    if (options.refusal) throw options.refusal
    // What a list that was begun before cannot answer stays for the next one.
    const { anew } = source
    const identity = await introduction(ctx, source, client, signal)
    const refused = new Set<string>()
    const begun: Run = { ctx, source, client, signal, harvest, identity, notes, refused }
    if (!resumed) await settlePlan(begun)
    const answered = resumed ? anew : source.anew
    storing = await openStoring(begun)
    await storeList(storing, options)
    await storeWanted(storing)
    await afterList(storing)
    await complete(begun, answered)
    return report('complete', storing.unchanged)
  } catch (error) {
    const unchanged = storing?.unchanged ?? 0
    // The row stays `running`: the next run finds it so and goes on.
    if (signal.aborted) return report('stopped', unchanged)
    if (!(error instanceof Diagnosis)) throw error
    await fail(ctx, source, harvest, notes, error)
    const diagnosis = { code: error.code, message: reasonOf(error) }
    return { ...report('failed', unchanged), diagnosis }
  }
}

function progressOf(harvest: Harvest, unchanged: number): Progress {
  const { pages, records, added, changed, deleted, refused, completeListSize: size } = harvest
  return {
    pages,
    records,
    added,
    changed,
    unchanged,
    deleted,
    refused,
    ...(size !== null && { completeListSize: size }),
  }
}

/** Who the source is today: its name and its ways may have changed, or it is not the one that it was. */
async function introduction(
  ctx: Context,
  source: Source,
  client: Client,
  signal: AbortSignal,
): Promise<Identity> {
  const identity = await identify(client, signal)
  const stated = (source.identify as Partial<Identity> | null)?.granularity
  source.anew = beganAnew(source, identity) ?? source.anew
  // What it states is believed until it refuses it.
  if (stated !== identity.granularity) source.granularity = identity.granularity
  source.granularity ??= identity.granularity
  source.identify = { ...identity }
  await ctx.db.query(
    'UPDATE sources SET identify = $2, granularity = $3, anew = $4 WHERE id = $1',
    [source.id, JSON.stringify(identity), source.granularity, source.anew],
  )
  return identity
}

async function settlePlan(begun: Run): Promise<void> {
  const { ctx, source, harvest, identity, notes } = begun
  const [held] = await listHeldFrom(ctx, source.id, 0, 1)
  const { fromScratch: all, acceptsVanished } = harvest
  const wanted = { all, acceptsVanished, holds: held !== undefined }
  const { problems, ...plan } = planFor(source, identity, wanted, ctx.clock())
  for (const problem of problems) notes.add(problem)
  Object.assign(harvest, plan)
  // When all is listed, it may be in a better format than last time.
  if (plan.from === null) await settleFormat(begun)
  harvest.metadataPrefix = source.metadataPrefix
  // A list of all has what was missed before, too.
  const missed = plan.from === null ? [] : await gapsOf(ctx, source.id)
  harvest.place = { lists: [plan.from === null ? {} : { from: plan.from }, ...missed] }
  await writePlan(ctx, harvest)
}

async function openStoring(begun: Run): Promise<Storing> {
  const { ctx, source, identity, harvest } = begun
  return {
    ...begun,
    unchanged: 0,
    onPage: { records: 0, refused: 0 },
    intake: intakeFrom(ctx, source, identity, prefixOf(harvest)),
    shelves: await shelvesOf(begun),
    open: {
      wanted: (await wantedOf(ctx, source.id, 1)).length > 0,
      missing: (await countMissing(ctx, source.id)) > 0,
    },
  }
}

const prefixOf = (harvest: Harvest): string => harvest.metadataPrefix ?? oaiDc.metadataPrefix

async function shelvesOf({ ctx, source, client, notes, signal }: Run): Promise<Shelves> {
  const titles = new Map<string, Translations>()
  try {
    for (const set of await listSets(client, signal)) titles.set(set.setSpec, set.titles)
  } catch (error) {
    if (signal.aborted || !(error instanceof Diagnosis)) throw error
    // Names of sets are a comfort: records are worth having without.
    notes.add({ code: 'sets-unread', message: reasonOf(error) })
  }
  return new Shelves(ctx, await collectionBySlug(ctx, source.slug), titles)
}

async function storeList(storing: Storing, options: Options): Promise<void> {
  for (;;) {
    try {
      return await walk(storing, options)
    } catch (error) {
      if (!(error instanceof Diagnosis) || error.code !== 'format-refused') throw error
      if (!(await anotherFormat(storing))) throw error
      storing.intake.metadataPrefix = prefixOf(storing.harvest)
    }
  }
}

async function walk(storing: Storing, { signal, onProgress, turn }: Options): Promise<void> {
  const { client, source, harvest, notes } = storing
  const request = listRequest(source, harvest)
  const plausible = await plausibleSize(storing)
  // The next page is on its way, and made ready, while one is stored.
  const coming = (stop: AbortSignal) => receivePages(storing, harvestList(client, request, stop))
  for await (const received of ahead(coming, signal)) {
    await storePage(storing, received)
    const progress = progressOf(harvest, storing.unchanged)
    onProgress?.({ ...progress, records: progress.records + storing.onPage.records })
    const restarted = notes.has('list-restarted')
    const problem = await turn?.afterPart({ passed: received.page.last, restarted })
    if (problem) notes.add(problem)
    signal.throwIfAborted()
    const { done, last } = received.page
    if (last && !done) refuseEndless(harvest, plausible)
  }
}

const timesAsMany = 10

/**
 * How many records a list may have for all that is known: what it announces, what there were before, and what a list that
 * announces nothing may have here.
 */
async function plausibleSize({ ctx, source }: Storing): Promise<number> {
  const [before] = await ctx.db.query<{ most: number }>(
    `SELECT coalesce(max(records), 0) AS most FROM harvests WHERE source_id = $1 AND status = 'complete'`,
    [source.id],
  )
  return timesAsMany * (before?.most ?? 0) + ctx.config.harvestUnannounced
}

/** What came stays. The next run goes on with the next page only, until the operator allows for more. */
function refuseEndless({ records, completeListSize }: Harvest, plausible: number): void {
  if (records <= Math.max(plausible, timesAsMany * (completeListSize ?? 0))) return
  const message =
    `${records} records came, it does not say how many there are, and there is no end` +
    ` (CAMPA_HARVEST_UNANNOUNCED allows for more)`
  throw new Diagnosis('endless', message)
}

async function* receivePages(
  storing: Storing,
  pages: AsyncIterable<HarvestPage>,
): AsyncGenerator<Received, void> {
  for await (const page of pages) yield await receivePage(storing, page)
}

function listRequest(source: Source, harvest: Harvest): ListRequest {
  return {
    metadataPrefix: prefixOf(harvest),
    ...(harvest.from !== null && { from: harvest.from }),
    ...(source.setSpec !== null && { set: source.setSpec }),
    ...(source.granularity && { granularity: source.granularity }),
    ...(harvest.resumptionToken !== null && { resumptionToken: harvest.resumptionToken }),
    ...(harvest.place && { place: harvest.place }),
  }
}

async function afterList({ ctx, source, harvest, notes }: Run): Promise<void> {
  if (!harvest.compares) return
  if (notes.hasGap(harvest.acceptsVanished)) {
    notes.add({
      code: 'vanished-not-withdrawn',
      message: 'the list had gaps, so what is no longer listed was kept',
    })
    return
  }
  for (const problem of await withdrawVanished(ctx, source, harvest)) notes.add(problem)
}

/** @param answered what said that the source began anew, when this list was begun */
async function complete(begun: Run, answered: string | null): Promise<void> {
  const { ctx, source, harvest, identity, notes } = begun
  const now = ctx.clock()
  const counts = await countsAfter(ctx, source, harvest, true)
  harvest.problems = notes.list.map((each) => ({ ...each }))
  await endHarvest(ctx, harvest, {
    status: 'complete',
    diagnosis: null,
    nextRunAt: new Date(now.getTime() + source.everyMinutes * 60_000),
    counts,
    learnt: {
      responseDate: harvest.responseDate,
      clockBehind: clockBehind(identity, now),
      granularity: notes.has('granularity-refused') ? 'YYYY-MM-DD' : source.granularity,
      anew: onlyStrangers(source, harvest) ?? null,
      ...(harvest.from === null && { comparedAt: now, answered }),
    },
  })
}

/** Seconds since anything came from a source: who is gone for long is not asked each half hour. */
async function stuckFor(ctx: Context, { id }: Source): Promise<number> {
  const [row] = await ctx.db.query<{ seconds: number }>(
    `SELECT extract(epoch FROM now() - coalesce(
         max(greatest(advanced_at, CASE WHEN status = 'complete' THEN ended_at END)),
         min(started_at), now()))::float8 AS seconds
       FROM harvests WHERE source_id = $1`,
    [id],
  )
  return row?.seconds ?? 0
}

async function fail(
  ctx: Context,
  source: Source,
  harvest: Harvest,
  notes: Notes,
  diagnosis: Diagnosis,
): Promise<void> {
  notes.add({ code: 'diagnosis', message: reasonOf(diagnosis) })
  await keepPages(ctx, harvest, [diagnosis])
  harvest.problems = notes.list.map((each) => ({ ...each }))
  const counts = await countsAfter(ctx, source, harvest, false)
  const told = Math.min(diagnosis.retryAfter ?? 0, 86_400)
  if (told > 0) await restHost(ctx, source.url, new Date(ctx.clock().getTime() + told * 1000))
  const seconds = Math.max(
    Math.min(source.everyMinutes, 30) * 60,
    Math.min((await stuckFor(ctx, source)) / 4, 86_400),
    told,
  )
  await endHarvest(ctx, harvest, {
    status: 'failed',
    diagnosis: diagnosis.code,
    nextRunAt: new Date(ctx.clock().getTime() + seconds * 1000),
    counts,
  })
}
