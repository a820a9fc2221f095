// What the last harvests of a source brought, as a picture and as a table that says the same.
import { html, type Html, type Visit } from '../web/web.ts'
import type { PastHarvest } from './harvest-list.ts'
import { troubleText } from './troubles.ts'

/** Fewer do not grow wider. */
const fewest = 20
const picture = { width: 960, height: 150, foot: 14, gap: 2, widest: 26 }

/** @param harvests newest first */
export function historyPart(visit: Visit, harvests: PastHarvest[]): Html {
  const { t } = visit
  return html`<section class="part" aria-labelledby="history">
    <h2 id="history">${t('source.history')}</h2>
    ${chart(visit, harvests.toReversed())}
    <p class="legend soft">
      <span class="key added"></span>${t('source.added')}
      <span class="key changed"></span>${t('source.changed')}
      <span class="key deleted"></span>${t('source.deleted')}
      <span class="key broken"></span>${t('source.broken')}
    </p>
    <details>
      <summary>${t('source.asTable')}</summary>
      ${table(visit, harvests)}
    </details>
  </section>`
}

const changesOf = ({ added, changed, deleted }: PastHarvest): number => added + changed + deleted

function chart(visit: Visit, harvests: PastHarvest[]): Html {
  const { t, words } = visit
  const { width, height, foot, gap, widest } = picture
  const most = Math.max(1, ...harvests.map(changesOf))
  const step = Math.min(widest, width / Math.max(1, harvests.length))
  const ground = height - foot
  const bars = harvests.map((harvest, index) => {
    const x = Math.round(index * step)
    const block = (kind: string, y: number, tall: number): Html =>
      html`<rect
        class="${kind}"
        x="${x}"
        y="${y}"
        width="${Math.round(step - gap)}"
        height="${tall}"
      />`
    const total = changesOf(harvest)
    // A root keeps the few visible beside the many of the first harvest.
    const scale = total ? (Math.sqrt(total / most) * ground) / total : 0
    let y = ground
    const stack = (['added', 'changed', 'deleted'] as const).map((kind) => {
      const tall = Math.round(harvest[kind] * scale)
      y -= tall
      return tall > 0 && block(kind, y, tall)
    })
    // What failed hangs below the ground, so that shape tells it too.
    return html`<g
      ><title>${barTitle(visit, harvest)}</title>${stack}${
        harvest.status === 'failed' && block('broken', ground + 3, foot - 3)
      }</g
    >`
  })
  const [first, last] = [harvests[0], harvests.at(-1)]
  return html`<svg
      class="history"
      viewBox="0 0 ${Math.round(Math.max(fewest, harvests.length) * step)} ${height}"
      preserveAspectRatio="none"
      role="img"
      aria-label="${t('source.historyLabel', { count: harvests.length, most: words.number(most) })}"
    >
      <path class="grid" d="M0 ${ground}h${width}" />
      ${bars}
    </svg>
    <div class="axis" aria-hidden="true">
      <span>${first && words.day(first.startedAt)}</span
      ><span>${last && last !== first && words.day(last.startedAt)}</span>
    </div>`
}

function barTitle(visit: Visit, harvest: PastHarvest): string {
  const { words } = visit
  return [words.day(harvest.startedAt), outcome(visit, harvest), countsText(visit, harvest)].join(
    ' · ',
  )
}

export function outcome({ t, words }: Visit, harvest: PastHarvest): string {
  if (harvest.status !== 'failed') return t(`source.${harvest.status}`)
  return harvest.diagnosis ? troubleText(words, harvest.diagnosis) : t('source.failed')
}

const countsText = ({ t, words }: Visit, { added, changed, deleted }: PastHarvest): string =>
  t('source.counts', {
    added: words.number(added),
    changed: words.number(changed),
    deleted: words.number(deleted),
  })

function table(visit: Visit, harvests: PastHarvest[]): Html {
  const { t, words } = visit
  const heads = [
    t('source.begun'),
    t('source.outcome'),
    t('source.took'),
    t('source.read'),
    t('source.added'),
    t('source.changed'),
    t('source.deleted'),
    t('source.refused'),
  ]
  return html`<div class="scrolls" tabindex="0" role="group" aria-labelledby="history">
    <table class="ledger">
      <thead>
        <tr>
          ${heads.map((each) => html`<th scope="col">${each}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${harvests.map(
          (each) =>
            html`<tr>
              <th scope="row">${moment(visit, each.startedAt)}</th>
              <td>${outcome(visit, each)}${each.fromScratch && ` (${t('source.whole')})`}</td>
              <td>
                ${each.endedAt ? words.span(each.endedAt.getTime() - each.startedAt.getTime()) : '–'}
              </td>
              ${[each.records, each.added, each.changed, each.deleted, each.refused].map(
                (count) => html`<td class="number">${words.number(count)}</td>`,
              )}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

/** A moment to the minute; UTC, as in everything of OAI-PMH. */
export const moment = ({ words }: Visit, date: Date): Html =>
  html`<time datetime="${date.toISOString()}"
    >${words.day(date)}, ${date.toISOString().slice(11, 16)} UTC</time
  >`
