// What a picture finds: the same file, the same picture in another file, pictures that look like it. The index holds what
// anybody may see and nothing else, so nobody finds here what they may not see.
import type { IncomingMessage } from 'node:http'
import type { StoredRecord } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import type { Alike, SearchDocument } from '../engine/engine.ts'
import { lookAt } from '../files/files.ts'
import { turnstile } from '../http/turnstile.ts'
import { looksOf } from '../records/records.ts'
import { withUpload } from './upload.ts'

export const kinds = ['exact', 'near', 'alike'] as const
/**
 * - `exact`: the same file
 * - `near`: the same picture, as far as its print tells: scaled, compressed, in gray, cut or turned a little
 * - `alike`: it looks like it
 */
export type Kind = (typeof kinds)[number]

export interface Match {
  kind: Kind
  /** How many bits of 64 differ. */
  distance: number
  document: SearchDocument
}

/** Of the same picture changed, 99 in 100 differ in no more bits; of two pictures, 1 in 100. */
const farthestNear = 10

/** So many at most are shown. */
export const mostMatches = 60

/** Of a record of many pictures, so many are looked for. */
const mostAsked = 8

// A picture that is looked at takes a core for a second; who finds the line full comes again.
const door = turnstile(2, 8)

/**
 * Looks for the picture that is the body of a request, or in its form; it is thrown away afterwards.
 * @param client as `clientOf` tells
 * @throws invalid with what is wrong with it; unavailable when too many ask
 */
export async function findByUpload(
  ctx: Context,
  request: IncomingMessage,
  client: string,
): Promise<Match[]> {
  const { sha256, sought } = await withUpload(request, client, (path, name) =>
    door.run(
      () => lookAt(path, name),
      () => !request.socket.destroyed,
    ),
  )
  const found = await ctx.engine.alike(sought, mostMatches)
  return matches(found, sha256)
}

/** What looks like one of the pictures of a record, whose files may be seen. */
export async function findAlike(
  ctx: Context,
  record: Pick<StoredRecord, 'id' | 'links' | 'files'>,
  limit: number,
): Promise<Match[]> {
  const found = await Promise.all(
    looksOf(record)
      .slice(0, mostAsked)
      .map(async (look) =>
        matches(await ctx.engine.alike(look, limit + 1), look.sha256, look.pixels),
      ),
  )
  const best = new Map<string, Match>()
  for (const match of sorted(found.flat())) {
    const { id } = match.document
    if (id !== record.id && !best.has(id)) best.set(id, match)
  }
  return [...best.values()].slice(0, limit)
}

const sorted = (all: Match[]): Match[] =>
  all.toSorted(
    (one, other) =>
      kinds.indexOf(one.kind) - kinds.indexOf(other.kind) || one.distance - other.distance,
  )

function matches(found: Alike[], sha256: string | undefined, pixels?: string): Match[] {
  const kindOf = ({ document, distance }: Alike): Kind => {
    const isSame = document.looks?.some(
      (look) =>
        (look.sha256 !== undefined && look.sha256 === sha256) ||
        (look.pixels !== undefined && look.pixels === pixels),
    )
    if (isSame) return 'exact'
    return distance <= farthestNear ? 'near' : 'alike'
  }
  return sorted(found.map((each): Match => ({ kind: kindOf(each), ...each })))
}
