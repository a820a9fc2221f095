// The parts that the pages of the network share: how a source is doing, what it is, how a harvest gets on.
import { html, safeUrl, type Content, type Html, type Visit } from '../web/web.ts'
import type { LastHarvest, SourceSummary } from './summaries.ts'
import { troubleText } from './troubles.ts'

/** In words and in shape, never in colour alone. */
export function healthLine(visit: Visit, source: SourceSummary): Html {
  const { t, words, now } = visit
  const { health, forgetAt } = source
  if (forgetAt) {
    return line('paused', t('health.leaving', { ago: words.ago(forgetAt, now) }))
  }
  const span = words.span(now.getTime() - health.since.getTime())
  return line(health.state, t(`health.${health.state}`, { span }), detail(visit, source))
}

const line = (state: string, text: string, more: Content = ''): Html =>
  html`<p class="health ${state}">
    <span class="sign" aria-hidden="true"></span
    ><span>${text}${more && html`<small>${more}</small>`}</span>
  </p>`

function detail(visit: Visit, { health, completedAt, lastHarvest }: SourceSummary): Content {
  const { t, words, now } = visit
  if (lastHarvest?.running) return progressText(visit, lastHarvest)
  const at = (date: Date, text: string): Html =>
    html`<time datetime="${date.toISOString()}">${text}</time>`
  const good = completedAt && words.ago(completedAt, now)
  switch (health.state) {
    case 'fresh':
      return completedAt && at(completedAt, t('health.harvested', { ago: good ?? '' }))
    case 'never':
      return t('health.added', { day: words.day(health.since) })
    case 'failing':
      return [
        health.diagnosis !== undefined && [troubleText(visit.words, health.diagnosis), ' · '],
        completedAt
          ? at(completedAt, t('health.lastGood', { ago: good ?? '' }))
          : t('health.name.never'),
      ]
    default:
      return completedAt && at(completedAt, t('health.lastGood', { ago: good ?? '' }))
  }
}

export function progressText({ t, words }: Visit, harvest: LastHarvest): string {
  const { records, completeListSize: total } = harvest
  return total !== null && total >= records
    ? t('health.runningOf', { records: words.number(records), total: words.number(total) })
    : t('health.running', { records: words.number(records) })
}

export function levelName({ t }: Visit, level: SourceSummary['level']): string {
  return t(level ? `level.${level}` : 'level.unknown')
}

/** Level, operator, place and software in one line. */
export function aboutLine(visit: Visit, source: SourceSummary): string {
  const { name, level, operator, place, software } = source
  return [
    levelName(visit, level),
    operator !== name && operator,
    place?.name !== name && place?.name,
    software,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** Where one can go from a source: to its site, its own network, its door, its keeper. */
export function onwards(visit: Visit, source: SourceSummary): Html {
  const { t } = visit
  const home = safeUrl(source.homepage)
  const link = (address: string, text: string): Html =>
    html`<a href="${address}" rel="noopener">${text}</a> `
  return html`<p class="onwards">
    ${home && link(home, t('network.site'))}${
      home && source.brick && link(`${home.replace(/\/+$/, '')}/network`, t('network.itsNetwork'))
    }${link(`${safeUrl(source.url) ?? ''}?verb=Identify`, t('network.oai'))}${
      source.contact && link(`mailto:${source.contact}`, t('network.write'))
    }
  </p>`
}

/** A mark for it, where it has one. */
export const logoOf = (source: SourceSummary): Content => {
  const address = safeUrl(source.logo)
  return (
    address &&
    html`<img
      class="logo"
      src="${address}"
      width="40"
      height="40"
      alt=""
      loading="lazy"
      decoding="async"
      referrerpolicy="no-referrer"
    />`
  )
}

// A square root keeps the small visible beside the large.
export const share = (count: number, most: number): string =>
  count ? Math.max(2, Math.sqrt(count / Math.max(most, 1)) * 100).toFixed(0) : '0'
