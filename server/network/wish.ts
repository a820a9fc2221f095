// What the list of the network shows, as its address says: words, health, level, order, part of the map, page.
import { levels, type Level } from '../../schemas/record.ts'
import { healthStates, type HealthState } from './health.ts'
import { boxText, isIn, readBox, type Box } from './projection.ts'
import type { SourceSummary } from './summaries.ts'

export const sorts = ['name', 'records', 'freshness', 'health'] as const
export type Sort = (typeof sorts)[number]

export interface Wish {
  words: string
  health?: HealthState
  level?: Level | 'unknown'
  sort: Sort
  box?: Box
  page: number
}

export function readWish(parameters: URLSearchParams): Wish {
  const health = healthStates.find((each) => each === parameters.get('health'))
  const level = ([...levels, 'unknown'] as const).find((each) => each === parameters.get('level'))
  const box = readBox(parameters.get('box'))
  const page = Number(parameters.get('page') ?? 1)
  return {
    words: (parameters.get('q') ?? '').trim().slice(0, 200),
    ...(health && { health }),
    ...(level && { level }),
    sort: sorts.find((each) => each === parameters.get('sort')) ?? 'name',
    ...(box && { box }),
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  }
}

/** `?q=…` of a wish, or nothing where it wishes for nothing. */
export function wishText({ words, health, level, sort, box, page }: Wish): string {
  const parameters = new URLSearchParams()
  if (words) parameters.set('q', words)
  if (health) parameters.set('health', health)
  if (level) parameters.set('level', level)
  if (sort !== 'name') parameters.set('sort', sort)
  if (box) parameters.set('box', boxText(box))
  if (page > 1) parameters.set('page', String(page))
  const text = parameters.toString()
  return text && `?${text}`
}

export const narrows = ({ words, health, level, box }: Wish): boolean =>
  Boolean(words || health || level || box)

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** The sources that a wish is for, in its order. */
export function chosenFrom(sources: SourceSummary[], wish: Wish): SourceSummary[] {
  const wanted = plain(wish.words).split(/\s+/).filter(Boolean)
  const fits = (source: SourceSummary): boolean => {
    const { name, operator, place, url, level, health } = source
    if (wish.health && health.state !== wish.health) return false
    if (wish.level && (level ?? 'unknown') !== wish.level) return false
    if (wish.box && !(place && isIn(wish.box, place))) return false
    const text = wanted.length ? plain([name, operator, place?.name, url].join(' ')) : ''
    return wanted.every((word) => text.includes(word))
  }
  const chosen = sources.filter(fits)
  // They come by name, and a sort keeps the order of equals.
  switch (wish.sort) {
    case 'name':
      return chosen
    case 'records':
      return chosen.toSorted((a, b) => b.records - a.records)
    case 'freshness':
      return chosen.toSorted((a, b) => time(a.completedAt) - time(b.completedAt))
    case 'health':
      return chosen.toSorted(
        (a, b) =>
          healthStates.indexOf(a.health.state) - healthStates.indexOf(b.health.state) ||
          time(a.health.since) - time(b.health.since),
      )
  }
}

const time = (date: Date | null): number => date?.getTime() ?? 0
