// Who may see what: the one table that every door asks (OAI-PMH, IIIF, search, pages, API, sitemap).
import type { Status, Visibility } from '../../schemas/record.ts'
import type { Actor } from '../accounts/accounts.ts'

/**
 * How much of a record an actor may see.
 * - `all`: description and files
 * - `description`: the files only on request
 * - `tombstone`: that there was a record, and that it is gone
 * - `nothing`: not even that it exists
 */
export type Sight = 'all' | 'description' | 'tombstone' | 'nothing'

export interface Guarded {
  status: Status
  visibility: Visibility
  /** Its number on the change line: present when it was public once, for the public is told when such a record goes. */
  sequence?: number
}

type PublicSight = 'all' | 'description' | 'gone'

const publicSight: Record<Status, Record<Visibility, PublicSight>> = {
  draft: { open: 'gone', 'on-request': 'gone', closed: 'gone' },
  published: { open: 'all', 'on-request': 'description', closed: 'gone' },
  withdrawn: { open: 'gone', 'on-request': 'gone', closed: 'gone' },
}

export function sightOf(actor: Actor, record: Guarded): Sight {
  if (actor.kind === 'administrator') return 'all'
  const sight = publicSight[record.status][record.visibility]
  if (sight !== 'gone') return sight
  return record.sequence === undefined ? 'nothing' : 'tombstone'
}

const widestFirst: Sight[] = ['all', 'description', 'tombstone', 'nothing']

/** How much of a thing an actor may see that several records hold, or none yet. */
export function widestSight(actor: Actor, holders: Guarded[]): Sight {
  // What belongs to no record yet is seen by those who see everything.
  const unclaimed: Guarded = { status: 'draft', visibility: 'closed' }
  const sights = [unclaimed, ...holders].map((holder) => sightOf(actor, holder))
  return widestFirst.find((sight) => sights.includes(sight)) ?? 'nothing'
}

/** Whether the public may read the description: what goes out by OAI-PMH and into the index. */
export function isPublic(record: Pick<Guarded, 'status' | 'visibility'>): boolean {
  return publicSight[record.status][record.visibility] !== 'gone'
}

/** Whether there is such a collection for this actor: in lists, in facets, as a set, on the way to a record. */
export function isListed(actor: Actor, { visibility }: Pick<Guarded, 'visibility'>): boolean {
  return sightOf(actor, { status: 'published', visibility }) !== 'nothing'
}

const shown = (sight: PublicSight): boolean => sight !== 'gone'

/** @param columns what stands for status and visibility in the statement */
function condition(holds: (sight: PublicSight) => boolean, columns: string): string {
  const pairs = (Object.keys(publicSight) as Status[]).flatMap((status) =>
    (Object.keys(publicSight[status]) as Visibility[])
      .filter((visibility) => holds(publicSight[status][visibility]))
      .map((visibility) => `('${status}', '${visibility}')`),
  )
  return `(${columns}) IN (${pairs.join(', ')})`
}

const ownColumns = 'status, visibility'

/** `isPublic` as an SQL condition on the columns status and visibility. */
export const publicCondition = condition(shown, ownColumns)

/** `publicCondition` on the records of this name in a statement. */
export const publicConditionOn = (name: string): string =>
  condition(shown, `${name}.status, ${name}.visibility`)

/** Where the public may see the files too. */
export const openCondition = condition((sight) => sight === 'all', ownColumns)
