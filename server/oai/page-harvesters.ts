// The operator's page: who harvests this brick, what they took, how far they got, what went wrong, and what is not given out.
import {
  breadcrumb,
  html,
  sentence,
  shortened,
  type Content,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import { doorAddress } from './addresses.ts'
import type { VisitRow } from './entities.ts'
import type { FormatGap, Harvester, HeldBack } from './harvesters.ts'
import { moment } from './page-parts.ts'
import { visitErrors } from './visits.ts'

export interface Findings {
  harvesters: Harvester[]
  gaps: FormatGap[]
  heldBack: HeldBack[]
}

/** Beyond these the page would be long; the JSON has them all. */
const most = { harvesters: 40, lists: 6, heldBack: 50, reasons: 8 }

export function harvestersPage(visit: Visit, { harvesters, gaps, heldBack }: Findings): Page {
  const { ctx, t, words } = visit
  const door = html`<a href="${ctx.links.oai()}">${t('harvesters.doorName')}</a>`
  const sum = (name: 'requests' | 'records' | 'bytes'): number =>
    harvesters.reduce((total, each) => total + each[name], 0)
  return {
    title: t('harvesters.title'),
    unlisted: true,
    main: html`<div class="wrap oai">
      ${breadcrumb(visit, [[t('oai.door'), ctx.links.oai()], [t('harvesters.title')]])}
      <div class="intro">
        <h1>${t('harvesters.title')}</h1>
        <p class="lead">${sentence(visit, 'harvesters.lead', { door })}</p>
        ${
          harvesters.length > 0 &&
          html`<p>
            ${t('harvesters.summary', {
              harvesters: t('harvesters.harvesters', { count: harvesters.length }),
              requests: t('harvesters.requests', { count: sum('requests') }),
              records: t('harvesters.records', { count: sum('records') }),
              bytes: words.bytes(sum('bytes')),
            })}
          </p>`
        }
      </div>
      ${
        harvesters.length
          ? harvesters.slice(0, most.harvesters).map((each) => section(visit, each))
          : html`<section class="part">
              <h2>${t('harvesters.none')}</h2>
              <p>${t('harvesters.noneText')}</p>
              <p><code>${ctx.links.oai()}</code></p>
            </section>`
      }
      ${more(visit, harvesters.length - most.harvesters)}
      ${gaps.length > 0 && gapsPart(visit, gaps)}
      ${heldBack.length > 0 && heldPart(visit, heldBack)}
      <p><a class="onward" href="${ctx.links.api('harvesters')}">${t('harvesters.json')}</a></p>
    </div>`,
  }
}

const more = ({ t }: Visit, count: number): Content =>
  count > 0 && html`<p class="soft">${t('harvesters.more', { count })}</p>`

function section(visit: Visit, harvester: Harvester): Html {
  const { t, words, now } = visit
  const { agent, client, contact, lists } = harvester
  const everybody = !agent && !client
  const name = everybody ? t('harvesters.others') : agent || t('harvesters.unnamed')
  const mail = contact && /^[^\s@<>]+@[^\s@<>]+$/.test(contact) ? contact : undefined
  return html`<section class="part harvester">
    <h2 class="agent">${shortened(name, 120)}</h2>
    <p class="soft">
      ${client && html`${t('harvesters.from', { network: client })} · `}${
        contact && html`${mail ? html`<a href="mailto:${mail}">${mail}</a>` : contact} · `
      }<time datetime="${harvester.lastSeen.toISOString()}"
        >${t('harvesters.last', { ago: words.ago(harvester.lastSeen, now) })}</time
      >
      · ${t('harvesters.first', { day: words.day(harvester.firstSeen) })}
    </p>
    <table class="runs">
      <thead>
        <tr>
          ${(['list', 'progress', 'taken', 'faults'] as const).map(
            (each) => html`<th scope="col">${t(columns[each])}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${lists.slice(0, most.lists).map((row) => listRow(visit, row))}
      </tbody>
    </table>
    ${more(visit, lists.length - most.lists)}
  </section>`
}

const columns = {
  list: 'harvesters.list',
  progress: 'harvesters.progress',
  taken: 'harvesters.taken',
  faults: 'harvesters.faults',
} as const

function listRow(visit: Visit, row: VisitRow): Html {
  const { ctx, t, words } = visit
  const { listPrefix: metadataPrefix, listSet: set } = row
  const asked = { verb: 'ListRecords', metadataPrefix, set } as const
  return html`<tr>
    <td>
      ${
        metadataPrefix
          ? html`<a href="${doorAddress(ctx, asked)}"><code>${metadataPrefix}</code></a>
              ${set ? html`<code>${set}</code>` : t('harvesters.allSets')}`
          : t('harvesters.single')
      }
    </td>
    <td>${metadataPrefix ? progress(visit, row) : '–'}</td>
    <td>
      ${t('harvesters.requests', { count: row.requests })}<br />
      <span class="soft"
        >${t('harvesters.records', { count: row.records })}, ${words.bytes(row.bytes)}</span
      >
    </td>
    <td>${faults(visit, row)}</td>
  </tr>`
}

// As it was typed where it is no date: a harvester may write anything.
function dayOf({ words }: Visit, typed: string): string {
  const date = new Date(typed)
  return Number.isNaN(date.getTime()) ? typed : words.day(date)
}

/** A walk that nobody has gone on with for so long is not under way any more. */
const patience = 3_600_000

function progress(visit: Visit, row: VisitRow): Html {
  const { t, words, now } = visit
  const { walkedRecords, walkedSize, lastComplete, lastSeen, walkedFrom } = row
  const complete = lastComplete && words.ago(lastComplete, now)
  const since =
    walkedFrom &&
    html` <span class="soft">(${t('harvesters.since', { from: dayOf(visit, walkedFrom) })})</span>`
  if (walkedRecords === null) {
    return html`<span class="health ${complete ? 'complete' : 'never'}"
      ><span class="sign" aria-hidden="true"></span
      ><span
        >${complete ? t('harvesters.complete', { ago: complete }) : t('harvesters.neverComplete')}${since}</span
      ></span
    >`
  }
  const stopped = now.getTime() - lastSeen.getTime() > patience
  const values = {
    done: words.number(walkedRecords),
    ...(walkedSize !== null && { total: words.number(walkedSize) }),
    ...(stopped && { ago: words.ago(lastSeen, now) }),
  }
  const state = stopped ? 'stopped' : 'under'
  const share = walkedSize
    ? Math.min(100, (walkedRecords / walkedSize) * 100).toFixed(0)
    : undefined
  return html`<span class="health ${stopped ? 'failed' : 'running'}"
      ><span class="sign" aria-hidden="true"></span
      ><span
        >${t(walkedSize === null ? `harvesters.${state}Open` : `harvesters.${state}`, values)}${since}</span
      ></span
    >${share !== undefined && html`<span class="meter" style="--h:${share}"></span>`}${
      complete && html`<small class="soft">${t('harvesters.before', { ago: complete })}</small>`
    }`
}

function faults(visit: Visit, { errors }: VisitRow): Content {
  const { t } = visit
  const met = visitErrors.filter((code) => errors[code])
  if (!met.length) return html`<span class="soft">${t('harvesters.nothing')}</span>`
  return met.map(
    (code) =>
      html`<p>
        ${t(`visitError.${code}`)}
        <small class="soft"
          >${t('harvesters.times', { count: errors[code] ?? 0 })}, <code>${code}</code></small
        >
      </p>`,
  )
}

function gapsPart({ t, words }: Visit, gaps: FormatGap[]): Html {
  return html`<section class="part" aria-labelledby="gaps">
    <h2 id="gaps">${t('harvesters.gaps')}</h2>
    <p class="soft">${t('harvesters.gapsText')}</p>
    <table>
      ${gaps.map(
        ({ metadataPrefix, title, missing, of, reasons }) =>
          html`<tr>
            <th scope="row"><code>${metadataPrefix}</code> ${title}</th>
            <td>
              <p>${t('harvesters.gap', { missing: words.number(missing), count: of })}</p>
              ${
                reasons.length > 0 &&
                html`<ul>
                  ${reasons
                    .slice(0, most.reasons)
                    .map(
                      ({ lack, count }) =>
                        html`<li>${lack} <span class="count">${words.number(count)}</span></li>`,
                    )}
                </ul>`
              }
            </td>
          </tr>`,
      )}
    </table>
  </section>`
}

function heldPart(visit: Visit, heldBack: HeldBack[]): Html {
  const { ctx, t } = visit
  return html`<section class="part" aria-labelledby="held">
    <h2 id="held">${t('harvesters.held')}</h2>
    <p class="soft">${t('harvesters.heldText')}</p>
    <table class="runs">
      <thead>
        <tr>
          <th scope="col">${t('harvesters.heldRecord')}</th>
          <th scope="col">${t('harvesters.heldReason')}</th>
          <th scope="col">${t('harvesters.heldWhen')}</th>
        </tr>
      </thead>
      <tbody>
        ${heldBack.slice(0, most.heldBack).map(
          ({ identifier, metadataPrefix, reason, since }) =>
            html`<tr>
              <td>
                <a href="${doorAddress(ctx, { verb: 'GetRecord', identifier, metadataPrefix })}"
                  ><code>${identifier}</code></a
                >
                <code>${metadataPrefix}</code>
              </td>
              <td lang="en">${shortened(reason, 300)}</td>
              <td>${moment(visit, `${since.toISOString().slice(0, 19)}Z`)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${more(visit, heldBack.length - most.heldBack)}
  </section>`
}
