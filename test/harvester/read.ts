// A page from bytes at hand, read to its end.
import { Readable } from 'node:stream'
import { usualBounds, type Bounds } from '../../harvester/cut.ts'
import type { Problem } from '../../harvester/diagnosis.ts'
import { readPage, type PageEnd, type Stretch } from '../../harvester/page.ts'

interface Read extends PageEnd, Omit<Stretch, 'end'> {
  stretches: number
}

/** @param pieces the bytes as they come, all at once unless said otherwise */
export async function read(
  body: Buffer,
  pieces: Iterable<Buffer> = [body],
  bounds: Partial<Bounds> = {},
  onStretch: (stretch: Stretch) => void = () => undefined,
): Promise<Read> {
  const all: Omit<Stretch, 'end'> & { problems: Problem[] } = { records: [], problems: [] }
  let stretches = 0
  for await (const { end, ...stretch } of readPage(Readable.from(pieces), {
    ...usualBounds,
    ...bounds,
  })) {
    stretches++
    onStretch(stretch)
    all.records.push(...stretch.records)
    all.problems.push(...stretch.problems)
    if (stretch.responseDate) all.responseDate = stretch.responseDate
    if (end?.broken) throw end.broken
    if (end) return { ...all, ...end, stretches }
  }
  throw new Error('a page without an end')
}
