// What is where: the public records of sources, of a brick, and of its index, each as identifier → title.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../server/context.ts'
import { identifierOf, type TestSource } from '../harvester/source.ts'

export type Titles = Map<string, string>

/** Of all these sources. */
export function offered(sources: Iterable<TestSource>): Titles {
  const titles: Titles = new Map()
  for (const { records } of sources)
    for (const { id, metadata, deleted } of records.values())
      if (!deleted)
        titles.set(identifierOf(id), /<dc:title[^>]*>([^<]*)</.exec(metadata ?? '')?.[1] ?? '')
  return titles
}

export async function held(ctx: Context): Promise<Titles> {
  const rows = await ctx.db.query<{ identifier: string; title: string }>(
    `SELECT identifier, dc->'title'->0->>'value' AS title FROM records
     WHERE status = 'published' AND visibility = 'open'`,
  )
  return new Map(rows.map(({ identifier, title }) => [identifier, title]))
}

/** As a visitor finds them, hit by hit. */
export async function found(ctx: Context): Promise<Titles> {
  const titles: Titles = new Map()
  await ctx.engine.refresh()
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const page = await ctx.engine.search({
      sort: 'newest',
      limit: 100,
      ...(after !== undefined && { after }),
    })
    for (const { identifier, title } of page.hits) titles.set(identifier, title[0]?.value ?? '')
    after = page.next
  }
  return titles
}

/** What differs, in words that fit in a message; empty: nothing. */
export function differences(wanted: Titles, given: Titles): string[] {
  const wrong = [...wanted].flatMap(([identifier, title]) => {
    const there = given.get(identifier)
    if (there === title) return []
    return there === undefined ? [`${identifier} is missing`] : [`${identifier} is "${there}"`]
  })
  const more = [...given.keys()].filter((each) => !wanted.has(each))
  return [...wrong, ...more.map((each) => `${each} should not be there`)].slice(0, 10)
}

export async function until(what: () => Promise<boolean> | boolean, pause = 20): Promise<void> {
  while (!(await what())) await sleep(pause)
}
