// What the operator does with a source on its page.
import { readTypedPoint } from '../../schemas/point.ts'
import type { Context } from '../context.ts'
import { refusal } from '../web/web.ts'
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
  if (!deed) throw refusal('invalid', ({ t }) => t('refusal.deed'))
  if (source.forgetAt !== null && deed !== 'keep')
    throw refusal('conflict', ({ t }) => t('refusal.leaving', { source: source.slug }))
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
  accept: (ctx, source, form) => {
    requireSure(form)
    if (source.vanished === null)
      throw refusal('conflict', ({ t }) => t('refusal.complete', { source: source.slug }))
    return update(ctx, source, { nextRunAt: dueNow(ctx, source), acceptWanted: true })
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
  if (source.paused)
    throw refusal('conflict', ({ t }) => t('refusal.paused', { source: source.slug }))
  return ctx.clock()
}

function requireSure(form: URLSearchParams): void {
  if (form.get('sure') !== 'yes') throw refusal('invalid', ({ t }) => t('refusal.sure'))
}

async function change(ctx: Context, source: Source, form: URLSearchParams): Promise<void> {
  const options = changeFrom(form)
  await changeSource(ctx, source, { ...options, name: options.name || source.name })
}

const isUpToHundred = (value: number): boolean =>
  Number.isInteger(value) && value > 0 && value <= 100

/**
 * The options of a source as a form has them.
 * @throws invalid
 */
export function changeFrom(form: URLSearchParams): SourceOptions & { everyMinutes: number } {
  const typed = (name: string): string => (form.get(name) ?? '').trim()
  const number = (name: string): number => Number(typed(name).replace(',', '.'))
  const hours = number('hours_between')
  if (!(hours >= 1 / 60 && hours <= 8760)) throw refusal('invalid', ({ t }) => t('refusal.every'))
  const delay = number('delay')
  if (!(delay >= 0 && delay <= 3600)) throw refusal('invalid', ({ t }) => t('refusal.delay'))
  const hostPlaces = form.has('places') ? number('places') : undefined
  if (hostPlaces !== undefined && !isUpToHundred(hostPlaces))
    throw refusal('invalid', ({ t }) => t('refusal.atHost'))
  const place = typed('place')
  if (place && !readTypedPoint(place))
    throw refusal('invalid', ({ t }) => t('refusal.place', { place }))
  const prefix = typed('prefix')
  if (!/^[A-Za-z0-9\-_.!~*'(), ]*$/.test(prefix))
    throw refusal('invalid', ({ t }) => t('refusal.prefix', { prefix }))
  const days = (name: string): number | undefined => {
    if (!form.has(name)) return undefined
    const value = typed(name) === '' ? NaN : number(name)
    if (Number.isInteger(value) && value >= 0 && value <= 3650) return value
    throw refusal('invalid', ({ t }) => t('refusal.days'))
  }
  const [graceDays, compareDays] = [days('grace'), days('compare')]
  const vanishPercent = form.has('vanish') ? number('vanish') : undefined
  if (vanishPercent !== undefined && !isUpToHundred(vanishPercent))
    throw refusal('invalid', ({ t }) => t('refusal.vanish'))
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
      ...(hostPlaces !== undefined && { hostPlaces }),
    },
  }
}
