// One run of reading a source: from where the last one got to, page by page, the next page on its way while the last is
// stored.
import type { Client } from '../../harvester/client.ts'
import { Diagnosis, reasonOf, type Problem } from '../../harvester/diagnosis.ts'
import { ahead, harvest as harvestList, type ListRequest } from '../../harvester/harvest.ts'
import { identify, listSets, type Identity } from '../../harvester/identify.ts'
import { formatDatestamp, type Granularity } from '../../schemas/datestamp.ts'
import { oaiDc } from '../../schemas/oai.ts'
import type { Translations } from '../../schemas/record.ts'
import { collectionBySlug } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { countByKeeper } from '../records/records.ts'
import { clientFor, type Patience } from './client.ts'
import type { Harvest, Source } from './entities.ts'
import { beginHarvest, endHarvest, withSourceLock } from './harvests.ts'
import { intakeFrom } from './intake.ts'
import { mannersOf } from './manners.ts'
import { Notes, type HarvestReport, type Progress } from './report.ts'
import { Shelves } from './sets.ts'
import { sourceById } from './sources.ts'
import { storePage, type Storing } from './store.ts'
import { restHost } from './turns.ts'
import { withdrawVanished } from './vanished.ts'

export interface HarvestOptions {
  /** List all, whatever was harvested before. */
  fromScratch?: boolean
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

const mostKeepers = 1000

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
    const signal = options.signal ? AbortSignal.any([options.signal, lost]) : lost
    const { delayMs, refusal } = await mannersOf(ctx, current, signal)
    const client = clientFor(ctx, current.url, { delayMs, ...options.patience })
    try {
      return await run(ctx, current, client, { ...options, signal, ...(refusal && { refusal }) })
    } finally {
      await client.close()
    }
  })
}

type Run = HarvestOptions & { signal: AbortSignal; refusal?: Diagnosis }

async function run(
  ctx: Context,
  source: Source,
  client: Client,
  options: Run,
): Promise<HarvestReport> {
  const started = Date.now()
  const metadataPrefix = source.metadataPrefix ?? oaiDc.metadataPrefix
  const fromScratch = options.fromScratch || source.scratchWanted
  const { harvest, resumed } = await beginHarvest(ctx, source, {
    metadataPrefix,
    fromScratch,
    from: fromScratch ? null : nextFrom(source),
  })
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
    const identity = await introduction(ctx, source, client, options.signal)
    storing = {
      ctx,
      harvest,
      unchanged: 0,
      onPage: { records: 0, refused: 0 },
      intake: intakeFrom(ctx, source, identity, metadataPrefix),
      shelves: await shelvesOf(ctx, source, client, notes, options.signal),
      notes,
    }
    await storeList(storing, listRequest(source, harvest), client, options)
    await afterList(storing, identity)
    await end(ctx, source, harvest, notes, undefined)
    return report('complete', storing.unchanged)
  } catch (error) {
    const unchanged = storing?.unchanged ?? 0
    // The row stays `running`: the next run finds it so and goes on.
    if (options.signal.aborted) return report('stopped', unchanged)
    if (!(error instanceof Diagnosis)) throw error
    await end(ctx, source, harvest, notes, error)
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

/** A little before the source's own time of its last complete harvest, for transactions and clocks are never exact. */
export function nextFrom(source: Pick<Source, 'lastResponseDate' | 'granularity'>): string | null {
  if (source.lastResponseDate === null) return null
  const granularity: Granularity = source.granularity ?? 'YYYY-MM-DD'
  const overlap = granularity === 'YYYY-MM-DD' ? 86_400_000 : 60_000
  return formatDatestamp(
    new Date(new Date(source.lastResponseDate).getTime() - overlap),
    granularity,
  )
}

function listRequest(source: Source, harvest: Harvest): ListRequest {
  return {
    metadataPrefix: harvest.metadataPrefix ?? oaiDc.metadataPrefix,
    ...(harvest.from !== null && { from: harvest.from }),
    ...(source.setSpec !== null && { set: source.setSpec }),
    ...(harvest.resumptionToken !== null && { resumptionToken: harvest.resumptionToken }),
  }
}

/** Who the source is today: its name and its ways may have changed. */
async function introduction(
  ctx: Context,
  source: Source,
  client: Client,
  signal: AbortSignal,
): Promise<Identity> {
  const identity = await identify(client, signal)
  await ctx.db.query('UPDATE sources SET identify = $2, granularity = $3 WHERE id = $1', [
    source.id,
    JSON.stringify(identity),
    identity.granularity,
  ])
  return identity
}

async function shelvesOf(
  ctx: Context,
  source: Source,
  client: Client,
  notes: Notes,
  signal: AbortSignal,
): Promise<Shelves> {
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

async function storeList(
  storing: Storing,
  request: ListRequest,
  client: Client,
  options: Run,
): Promise<void> {
  const pages = ahead((signal) => harvestList(client, request, signal), options.signal)
  for await (const page of pages) {
    await storePage(storing, page)
    const progress = progressOf(storing.harvest, storing.unchanged)
    options.onProgress?.({ ...progress, records: progress.records + storing.onPage.records })
    const restarted = storing.notes.has('list-restarted')
    const problem = await options.turn?.afterPart({ passed: page.last, restarted })
    if (problem) storing.notes.add(problem)
    options.signal.throwIfAborted()
  }
}

async function afterList(storing: Storing, identity: Identity): Promise<void> {
  const { ctx, harvest, notes } = storing
  if (!harvest.fromScratch || identity.deletedRecord === 'persistent') return
  // A record that nobody can name may be any of those that seem to be missing.
  if (notes.has('record-without-header') || notes.has('fewer-than-announced')) {
    notes.add({
      code: 'vanished-not-withdrawn',
      message: 'the list had gaps, so what is no longer listed was kept',
    })
    return
  }
  const problem = await withdrawVanished(ctx, harvest)
  if (problem) notes.add(problem)
}

async function end(
  ctx: Context,
  source: Source,
  harvest: Harvest,
  notes: Notes,
  diagnosis: Diagnosis | undefined,
): Promise<void> {
  if (diagnosis) notes.add({ code: 'diagnosis', message: reasonOf(diagnosis) })
  harvest.problems = notes.list.map((each) => ({ ...each }))
  const keepers = await countByKeeper(ctx, source.id)
  const minutes = diagnosis ? Math.min(source.everyMinutes, 30) : source.everyMinutes
  const told = Math.min(diagnosis?.retryAfter ?? 0, 86_400)
  if (told > 0) await restHost(ctx, source.url, new Date(ctx.clock().getTime() + told * 1000))
  await endHarvest(ctx, harvest, {
    status: diagnosis ? 'failed' : 'complete',
    diagnosis: diagnosis?.code ?? null,
    nextRunAt: new Date(ctx.clock().getTime() + Math.max(minutes * 60, told) * 1000),
    responseDate: harvest.responseDate,
    records: keepers.reduce((sum, each) => sum + each.records, 0),
    keepers: keepers.slice(0, mostKeepers),
  })
}
