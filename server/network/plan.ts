// What a run asks a source for: what changed since its last complete harvest, or all that it has, and why. Pure.
import type { Problem } from '../../harvester/diagnosis.ts'
import type { Identity } from '../../harvester/identify.ts'
import { formatDatestamp, readMoment, type Granularity } from '../../schemas/datestamp.ts'
import type { Harvest, Source } from './entities.ts'

export interface Plan {
  /** null: all. */
  from: string | null
  /** Whether what it meets is noted, to find what vanished. */
  compares: boolean
  problems: Problem[]
}

const day = 86_400_000

// Transactions and clocks are never exact.
const overlapOf = (granularity: Granularity): number =>
  granularity === 'YYYY-MM-DD' ? day : 60_000

const effective = (source: Pick<Source, 'granularity'>): Granularity =>
  source.granularity ?? 'YYYY-MM-DD'

/** @param wanted.holds whether this brick has anything from there */
export function planFor(
  source: Source,
  identity: Identity,
  wanted: { all: boolean; acceptsVanished: boolean; holds: boolean },
  now: Date,
): Plan {
  const tellsAll = identity.deletedRecord === 'persistent'
  const due = !tellsAll && isDue(source, now)
  const whole = wanted.all || due || source.anew !== null || source.lastResponseDate === null
  const mayMiss = !tellsAll || source.anew !== null || wanted.acceptsVanished
  const compares = whole && wanted.holds && mayMiss
  const slipped = clockBehind(identity, now) - source.clockBehind
  const problems: Problem[] = []
  if (source.anew !== null) {
    problems.push({ code: 'source-reset', message: `${source.anew}; so all of it is listed` })
  }
  if (slipped * 1000 > overlapOf(effective(source))) {
    const message = `its clock was put back by ${slipped} seconds, so it is asked from so much earlier`
    problems.push({ code: 'clock-changed', message })
  }
  return { from: whole ? null : nextFrom(source, slipped), compares, problems }
}

function isDue({ compareDays, comparedAt }: Source, now: Date): boolean {
  return (
    compareDays > 0 &&
    (comparedAt === null || now.getTime() - comparedAt.getTime() >= compareDays * day)
  )
}

/**
 * A little before the source's own time of its last complete harvest.
 * @param slipped seconds by which its clock has been put back since
 */
export function nextFrom(
  source: Pick<Source, 'lastResponseDate' | 'granularity'>,
  slipped = 0,
): string | null {
  if (source.lastResponseDate === null) return null
  const granularity = effective(source)
  const earlier = overlapOf(granularity) + Math.max(0, slipped) * 1000
  const last = new Date(source.lastResponseDate).getTime()
  return formatDatestamp(new Date(last - earlier), granularity)
}

/** Seconds by which a source's clock is behind ours; one that is ahead is not believed further than now. */
export function clockBehind(identity: Pick<Identity, 'responseDate'>, now: Date): number {
  const says = readMoment(identity.responseDate)
  return says ? Math.max(0, Math.round((now.getTime() - says.getTime()) / 1000)) : 0
}

/**
 * What says that the source is not the one that was harvested last: restored, refilled, replaced, or with a clock that
 * cannot be trusted.
 */
export function beganAnew(source: Source, identity: Identity): string | undefined {
  const before = source.identify as Partial<Identity> | null
  const last = readMoment(source.lastResponseDate)
  if (!before || !last) return undefined
  const says = readMoment(identity.responseDate)
  if (says && says.getTime() < last.getTime() - overlapOf('YYYY-MM-DDThh:mm:ssZ')) {
    return `its clock says ${identity.responseDate}, and said ${source.lastResponseDate} when it was last harvested`
  }
  if (before.granularity && before.granularity !== identity.granularity) {
    return `its datestamps are ${identity.granularity} now, and were ${before.granularity}`
  }
  const [was, is] = [before.repositoryIdentifier, identity.repositoryIdentifier]
  if (was && is && was !== is) return `its identifiers are of ${is} now, and were of ${was}`
  return newEarliest(before.earliestDatestamp, identity.earliestDatestamp, last)
}

/**
 * A first datestamp that is older than before: records came in behind our back. One that is newer than our last visit:
 * everything was written again, as by a restore. A source that names today each time it is asked says nothing by it.
 */
function newEarliest(was: string | undefined, is: string, last: Date): string | undefined {
  const [before, now] = [readMoment(was), readMoment(is)]
  if (!before || !now) return undefined
  if (now < before) return `its oldest record is of ${is}, and was of ${was ?? ''}`
  const isNews = last.getTime() - before.getTime() > day
  return isNews && now > last
    ? `its oldest record is of ${is}, after its last harvest: it was filled anew`
    : undefined
}

/** So many strangers, half as many as are held, and nobody who was known: as after a migration to other identifiers. */
const leastStrangers = 20

/** What says in a list of changes that the source began anew. */
export function onlyStrangers(
  source: Pick<Source, 'records'>,
  { from, added, records }: Pick<Harvest, 'from' | 'added' | 'records'>,
): string | undefined {
  const isSign =
    from !== null && added === records && added >= Math.max(leastStrangers, source.records / 2)
  return isSign && source.records > 0
    ? `${added} records came since its last harvest, and none of those that were known`
    : undefined
}
