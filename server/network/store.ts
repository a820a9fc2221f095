// One page of a harvest into the records' door, with the token that follows it in the same transaction: after a crash
// the page is either stored and passed, or neither. A long page comes in parts, and is passed with its last one.
import type { Problem } from '../../harvester/diagnosis.ts'
import type { HarvestPage } from '../../harvester/harvest.ts'
import type { HarvestedRecord } from '../../harvester/record.ts'
import { sameAddress } from '../../schemas/address.ts'
import { formatDatestamp } from '../../schemas/datestamp.ts'
import { isSharedSet } from '../../schemas/shared.ts'
import type { Context } from '../context.ts'
import type { Client } from '../db/db.ts'
import {
  heldFrom,
  keep,
  receive,
  type Arrival,
  type Arrived,
  type Saved,
} from '../records/records.ts'
import type { Harvest } from './entities.ts'
import { noteGaps } from './gaps.ts'
import { writeProgress, writeSeen, type Run } from './harvests.ts'
import { fingerprintOf, inputOf, type Intake } from './intake.ts'
import { keepPages, mostAlike } from './kept-pages.ts'
import { isRefusal } from './report.ts'
import type { Shelves } from './sets.ts'
import { noLongerMissing } from './vanished.ts'
import {
  dropWays,
  isStale,
  letGo,
  noteWays,
  settleWays,
  wantLater,
  wantWhenOpen,
  wantedAmong,
  type Wanted,
} from './ways.ts'

export interface Storing extends Run {
  unchanged: number
  /** Of the page whose last part has not come yet: counted when it is passed, for until then it may come again. */
  onPage: { records: number; refused: number }
  intake: Intake
  shelves: Shelves
  /** Whether the source has records that are to be asked for by themselves, or that were missing. */
  open: { wanted: boolean; missing: boolean }
}

/** A page, or a part of one, made ready to be stored. */
export interface Received {
  page: HarvestPage
  /** Identifiers of the records that are taken; others of those that are gone. */
  listed: string[]
  deleted: string[]
  arrived: Arrived
  /** When the files are open of records that are kept back until then. */
  embargoes: Map<string, Date>
  problems: Problem[]
}

/** What can be done with a page while the one before is stored. */
export async function receivePage(storing: Storing, page: HarvestPage): Promise<Received> {
  const { ctx, source, intake } = storing
  const problems = [...page.problems]
  const records = chosen(ctx, page.records, problems)
  const wanted = await wantedOn(storing, records)
  const arrivals: Arrival[] = []
  const embargoes = new Map<string, Date>()
  for (const record of records) {
    if (record.deleted) continue
    const collectionId = await storing.shelves.collectionFor(record.sets)
    const fingerprint = fingerprintOf(record, intake)
    const want = wanted.get(record.identifier)
    const takesOver = want && !isStale(want, record.origins) ? want.heldBy : undefined
    const place = { collectionId, fingerprint, ...(takesOver && { takesOver }) }
    const input = (isNew?: boolean) => {
      const made = inputOf(record, place, intake, problems, isNew)
      const until = made?.harvested?.openFrom
      if (until) embargoes.set(record.identifier, until)
      return made
    }
    arrivals.push({ identifier: record.identifier, collectionId, fingerprint, input })
  }
  return {
    page,
    listed: records.map((each) => each.identifier),
    deleted: records.filter((each) => each.deleted).map((each) => each.identifier),
    arrived: await receive(ctx, source.id, arrivals),
    embargoes,
    problems,
  }
}

export async function storePage(storing: Storing, received: Received): Promise<void> {
  const { page, problems, listed } = received
  if (page.first) beginList(storing, page.responseDate)
  const { harvest, onPage, notes } = storing
  await keepFaults(storing, problems)
  if (!page.again) {
    for (const problem of problems) notes.add(problem)
    onPage.records += page.records.length
    onPage.refused += problems.filter(isRefusal).length
  }
  await withdrawDeleted(storing, received.deleted)
  // What could not be read is there all the same.
  const seen = [...listed, ...problems.flatMap((each) => each.identifier ?? [])]
  if (!page.last) {
    const { unchanged } = storing
    await keepArrived(storing, received, seen)
    // What came again is the same as before, as a rule, and was counted then.
    if (page.again) storing.unchanged = unchanged
    return
  }
  await keepArrived(storing, received, seen, {
    resumptionToken: page.token ?? null,
    place: page.place,
    pages: harvest.pages + 1,
    records: harvest.records + onPage.records,
    refused: harvest.refused + onPage.refused,
    completeListSize: page.completeListSize ?? harvest.completeListSize,
  })
  storing.onPage = { records: 0, refused: 0 }
}

function beginList(storing: Storing, stated: string | undefined): void {
  const { ctx, harvest, notes } = storing
  harvest.pages = 0
  harvest.records = 0
  storing.onPage = { records: 0, refused: 0 }
  const now = ctx.clock()
  const date = new Date(stated ?? '')
  if (Number.isNaN(date.getTime())) {
    const message = 'its first answer has no date, so the next harvest asks for all again'
    notes.add({ code: 'no-response-date', message })
    harvest.responseDate = null
  } else {
    // A source whose clock is ahead must not make us skip what it changes until we get there.
    harvest.responseDate = formatDatestamp(date < now ? date : now)
  }
}

async function wantedOn(
  { ctx, source, open }: Storing,
  records: HarvestedRecord[],
): Promise<Map<string, Wanted>> {
  if (!open.wanted || !records.length) return new Map()
  return wantedAmong(
    ctx,
    source.id,
    records.map((each) => each.identifier),
  )
}

/** What was wrong, for a person to look at, and to be asked for again. */
async function keepFaults(
  { ctx, source, harvest, notes }: Storing,
  faults: Problem[],
): Promise<void> {
  if (!faults.length) return
  await keepPages(
    ctx,
    harvest,
    faults.filter(({ code }) => notes.count(code) < mostAlike),
  )
  const lost = faults.filter(({ code }) => code === 'record-lost')
  await wantLater(
    ctx,
    source.id,
    lost.flatMap((each) => each.identifier ?? []),
  )
  await noteGaps(
    ctx,
    harvest,
    faults.flatMap((each) => each.dates ?? []),
  )
}

/** Each record once, the last word on it; none of our own that came back. */
function chosen(ctx: Context, records: HarvestedRecord[], problems: Problem[]): HarvestedRecord[] {
  const last = new Map<string, HarvestedRecord>()
  for (const record of records) {
    const { identifier, sets } = record
    // What a brick tells those below it.
    if (sets.some(isSharedSet)) continue
    const circle = circleOf(ctx, record)
    if (circle) {
      problems.push(circle)
      continue
    }
    if (last.has(identifier)) {
      problems.push({ code: 'record-twice', message: 'a page names it twice', identifier })
    }
    last.set(identifier, record)
  }
  return [...last.values()]
}

/** What lives here, or came through here, says nothing new; taken back, it would outlive its source. */
function circleOf(ctx: Context, { identifier, origins }: HarvestedRecord): Problem | undefined {
  const own = `oai:${ctx.config.domain}:`
  if (identifier.startsWith(own)) {
    return { code: 'own-record', message: 'it lives here already', identifier }
  }
  const passed = origins.some(
    (each) => each.identifier.startsWith(own) || sameAddress(each.baseUrl, ctx.links.oai()),
  )
  return passed
    ? { code: 'came-back', message: 'it has come through this brick already', identifier }
    : undefined
}

async function withdrawDeleted(storing: Storing, identifiers: string[]): Promise<void> {
  const { ctx, source, harvest } = storing
  if (!identifiers.length) return
  await dropWays(ctx.db.pool, source.id, identifiers)
  // Only what came from this source: nobody withdraws the records of another.
  const held = await heldFrom(ctx, harvest.sourceId, identifiers)
  if (!held.length) return
  const before = harvest.deleted
  const withdrawn = await letGo(ctx, source, held, (client, count) =>
    writeProgress(client, { ...harvest, deleted: before + count }),
  )
  harvest.deleted = before + withdrawn
}

async function keepArrived(
  storing: Storing,
  { arrived, embargoes }: Received,
  seen: string[],
  change: Partial<Harvest> = {},
): Promise<void> {
  const { ctx, source, harvest, notes, open } = storing
  const advance = async (client: Client, saved: Saved[]): Promise<void> => {
    const elsewhere = saved.filter((each) => each.outcome === 'kept-elsewhere')
    for (const { identifier } of elsewhere) {
      const message = 'it came from another source first'
      notes.add({ code: 'kept-elsewhere', message, identifier })
    }
    await noteWays(client, source.id, elsewhere, ctx.clock())
    Object.assign(next, change, {
      added: harvest.added + count(saved, 'added'),
      changed: harvest.changed + count(saved, 'changed'),
      problems: notes.list,
    })
    if (harvest.compares && seen.length) await writeSeen(client, harvest.id, seen)
    if (open.missing) await noLongerMissing(client, source.id, seen)
    if (open.wanted) await settleWays(client, source.id, saved)
    await wantWhenOpen(client, source.id, embargoes, saved)
    await writeProgress(client, next)
  }
  const next: Harvest = { ...harvest }
  const saved = await keep(ctx, arrived, advance)
  Object.assign(harvest, next)
  storing.unchanged += count(saved, 'unchanged')
}

const count = (saved: Saved[], outcome: Saved['outcome']): number =>
  saved.filter((each) => each.outcome === outcome).length
