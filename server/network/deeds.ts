// What the operator does with a source on its page.
import { readTypedPoint } from '../../schemas/point.ts'
import type { Context } from '../context.ts'
import { conflict, invalid } from '../http/errors.ts'
import { sourceEntity, type Source } from './entities.ts'
import { forget, keep } from './forgetting.ts'
import { deeds, type Deed } from './source-care.ts'
import { changeSource, type SourceOptions } from './sources.ts'

/**
 * Does what a form asks for.
 * @throws invalid or conflict, saying why not
 */
export async function doDeed(ctx: Context, source: Source, form: URLSearchParams): Promise<Deed> {
  const deed = deeds.find((each) => each === form.get('deed'))
  if (!deed) throw invalid('There is no such deed.')
  if (source.forgetAt !== null && deed !== 'keep')
    throw conflict(`"${source.slug}" is being forgotten: keep it first.`)
  await work[deed](ctx, source, form)
  return deed
}

const work: Record<
  Deed,
  (ctx: Context, source: Source, form: URLSearchParams) => Promise<unknown>
> = {
  run: (ctx, source) => update(ctx, source, { nextRunAt: dueNow(ctx, source) }),
  scratch: (ctx, source, form) => {
    requireSure(form)
    return update(ctx, source, { nextRunAt: dueNow(ctx, source), scratchWanted: true })
  },
  pause: (ctx, source) => update(ctx, source, { paused: true, pausedAt: ctx.clock() }),
  resume: (ctx, source) =>
    update(ctx, source, { paused: false, pausedAt: null, nextRunAt: ctx.clock() }),
  forget: (ctx, source, form) => {
    requireSure(form)
    return forget(ctx, source)
  },
  keep: (ctx, source) => keep(ctx, source),
  change,
}

const update = (ctx: Context, { id }: Source, to: Partial<Omit<Source, 'identify' | 'keepers'>>) =>
  ctx.db.dataSource.getRepository(sourceEntity).update({ id }, to)

function dueNow(ctx: Context, source: Source): Date {
  if (source.paused) throw conflict(`"${source.slug}" is paused: resume it first.`)
  return ctx.clock()
}

function requireSure(form: URLSearchParams): void {
  if (form.get('sure') !== 'yes') throw invalid('Tick the box to say that you are sure.')
}

async function change(ctx: Context, source: Source, form: URLSearchParams): Promise<void> {
  const options = changeFrom(form)
  await changeSource(ctx, source, { ...options, name: options.name || source.name })
}

const isPercent = (value: number): boolean => Number.isInteger(value) && value > 0 && value <= 100

/**
 * The options of a source as a form has them.
 * @throws invalid
 */
export function changeFrom(form: URLSearchParams): SourceOptions & { everyMinutes: number } {
  const typed = (name: string): string => (form.get(name) ?? '').trim()
  const number = (name: string): number => Number(typed(name).replace(',', '.'))
  const hours = number('hours_between')
  if (!(hours >= 1 / 60 && hours <= 8760))
    throw invalid('Between two harvests there must be a minute at least and a year at most.')
  const delay = number('delay')
  if (!(delay >= 0 && delay <= 3600))
    throw invalid('Between two requests there can be an hour at most.')
  const place = typed('place')
  if (place && !readTypedPoint(place))
    throw invalid(`"${place}" is no place: write it as 45.188,5.724,Grenoble.`)
  const prefix = typed('prefix')
  if (!/^[A-Za-z0-9\-_.!~*'(), ]*$/.test(prefix)) throw invalid(`"${prefix}" is no metadataPrefix.`)
  const days = (name: string): number | undefined => {
    if (!form.has(name)) return undefined
    const value = typed(name) === '' ? NaN : number(name)
    if (Number.isInteger(value) && value >= 0 && value <= 3650) return value
    throw invalid('Days are a whole number, and at most ten years.')
  }
  const [graceDays, compareDays] = [days('grace'), days('compare')]
  const vanishPercent = form.has('vanish') ? number('vanish') : undefined
  if (vanishPercent !== undefined && !isPercent(vanishPercent))
    throw invalid('The share that may vanish at once is a whole number from 1 to 100.')
  return {
    name: typed('name'),
    set: typed('set') || null,
    everyMinutes: Math.round(hours * 60),
    ...(form.has('prefix') && { prefix: prefix || 'auto' }),
    ...(graceDays !== undefined && { graceDays }),
    ...(compareDays !== undefined && { compareDays }),
    ...(vanishPercent !== undefined && { vanishPercent }),
    place: place || null,
    manners: {
      hours: typed('at'),
      ...(typed('zone') && { timeZone: typed('zone') }),
      delayMs: Math.round(delay * 1000),
      ignoresRobots: form.has('robots'),
    },
  }
}
