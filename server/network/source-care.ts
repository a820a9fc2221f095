// What the operator sees of a source and may do with it: each deed is a form that is sent to the page itself.
import { html, icon, shortened, trusted, type Content, type Html, type Visit } from '../web/web.ts'
import { typedPoint } from '../../schemas/point.ts'
import type { KeptPage } from './entities.ts'
import { saidPart, type Said } from './page-frame.ts'
import type { Noted } from './report.ts'
import { historyPart, moment, outcome } from './history.ts'
import type { Care, SourceDetail } from './source-page.ts'
import { remedyText, troubleText } from './troubles.ts'

export const deeds = [
  'run',
  'scratch',
  'accept',
  'pause',
  'resume',
  'forget',
  'keep',
  'change',
] as const
export type Deed = (typeof deeds)[number]

export type DeedSaid = Said<Deed>

export function carePart(visit: Visit, detail: SourceDetail, { harvests, kept, said }: Care): Html {
  const { t } = visit
  const { forgetAt } = detail.summary
  return html`<section class="care" aria-labelledby="care">
    <h2 id="care">${t('network.forOperator')}</h2>
    ${deedSaid(visit, said)}
    ${
      forgetAt
        ? leavingPart(visit, detail, forgetAt)
        : html`${nextPart(visit, detail)} ${buttons(visit, detail)}`
    }
    ${!forgetAt && missingPart(visit, detail)} ${reportPart(visit, harvests)}
    ${keptPart(visit, detail, kept)} ${harvests.length > 0 && historyPart(visit, harvests)}
    ${!forgetAt && [options(visit, detail, said), forgetPart(visit, detail)]}
  </section>`
}

export const deedSaid = (visit: Visit, said: DeedSaid | undefined): Content =>
  saidPart(visit, said, (deed) => visit.t(`deed.${deed}Done`), visit.t('deed.refused'))

function nextPart(visit: Visit, { summary, source }: SourceDetail): Html {
  const { t } = visit
  const { lastHarvest, nextRunAt, health } = summary
  if (lastHarvest?.running) return html`<p>${t('source.runningNow')}</p>`
  if (health.state === 'paused') return html`<p>${t('source.pausedNow')}</p>`
  const whole = source.scratchWanted && html` ${t('source.nextWhole')}`
  return nextRunAt && nextRunAt > visit.now
    ? html`<p>${t('source.next')} ${moment(visit, nextRunAt)}.${whole}</p>`
    : html`<p>${t('source.nextNow')}${whole}</p>`
}

const form = (visit: Visit, { summary }: SourceDetail, content: Content, name = ''): Html =>
  html`<form
    method="post"
    action="${visit.ctx.links.network(summary.slug)}"
    ${name && html`class="${name}"`}
  >
    ${content}
  </form>`

const button = (deed: Deed, content: Content, quiet = true): Html =>
  html`<button class="btn${quiet && ' quiet'}" name="deed" value="${deed}">${content}</button>`

function buttons(visit: Visit, detail: SourceDetail): Html {
  const { t } = visit
  const { health, lastHarvest } = detail.summary
  const paused = health.state === 'paused'
  return html`<div class="deeds">
    ${form(
      visit,
      detail,
      html`${
        !paused &&
        !lastHarvest?.running &&
        button('run', html`${icon('again')}<span>${t('deed.run')}</span>`, false)
      }
      ${
        paused
          ? button('resume', html`${icon('go')}<span>${t('deed.resume')}</span>`, false)
          : button('pause', html`${icon('pause')}<span>${t('deed.pause')}</span>`)
      }`,
    )}
    ${!paused && asked(visit, detail, 'scratch', t('deed.scratch'), t('deed.scratchText'))}
  </div>`
}

/** A deed that is asked about twice; without a script too. */
function asked(visit: Visit, detail: SourceDetail, deed: Deed, name: string, text: string): Html {
  const { t } = visit
  return html`<details class="asked">
    <summary class="btn quiet">${name}…</summary>
    ${form(
      visit,
      detail,
      html`<p>${text}</p>
        <p>
          <label
            ><input type="checkbox" name="sure" value="yes" required /> ${t('deed.sure')}</label
          >
        </p>
        <p>${button(deed, name, false)}</p>`,
      'sure',
    )}
  </details>`
}

function leavingPart(visit: Visit, detail: SourceDetail, forgetAt: Date): Html {
  const { t } = visit
  return html`<p class="notice">${t('source.leaving')} ${moment(visit, forgetAt)}.</p>
    <div class="deeds">${form(visit, detail, button('keep', t('deed.keep'), false))}</div>`
}

/** Only where a list was not believed: what is missing, in numbers, before it can be let go of. */
function missingPart(visit: Visit, detail: SourceDetail): Content {
  const { t, words } = visit
  const { source, summary } = detail
  if (source.vanished === null) return ''
  const numbers = {
    missing: words.number(source.vanished),
    records: words.number(summary.records),
    percent: source.vanishPercent,
  }
  return html`<section class="part" aria-labelledby="missing">
    <h2 id="missing">${t('source.missing')}</h2>
    <p>${t('source.missingText', numbers)}</p>
    ${
      source.acceptWanted
        ? html`<p class="soft">${t('source.missingGo')}</p>`
        : asked(visit, detail, 'accept', t('deed.accept'), t('deed.acceptText', numbers))
    }
  </section>`
}

function forgetPart(visit: Visit, detail: SourceDetail): Html {
  const { t } = visit
  return html`<section class="part" aria-labelledby="forget">
    <h2 id="forget">${t('deed.forget')}</h2>
    ${asked(visit, detail, 'forget', t('deed.forget'), t('deed.forgetText', { objects: t('site.objects', { count: detail.summary.records }) }))}
  </section>`
}

function reportPart(visit: Visit, harvests: Care['harvests']): Content {
  const { t, words } = visit
  const last = harvests.find((each) => each.status !== 'running') ?? harvests[0]
  if (!last) return ''
  // Why it failed stands first; it is among the problems under this name.
  const problems = last.problems.map((each) =>
    each.code === 'diagnosis' ? { ...each, code: last.diagnosis ?? 'other' } : each,
  )
  const took = last.endedAt && words.span(last.endedAt.getTime() - last.startedAt.getTime())
  return html`<section class="part" aria-labelledby="report">
    <h2 id="report">${t('source.report')}</h2>
    <p>
      ${moment(visit, last.startedAt)} · <b>${outcome(visit, last)}</b>.
      ${t('source.reportCounts', {
        read: words.number(last.records),
        added: words.number(last.added),
        changed: words.number(last.changed),
        deleted: words.number(last.deleted),
        refused: words.number(last.refused),
      })}
      ${took && t('source.reportTook', { span: took })}
    </p>
    ${
      problems.length
        ? html`<ul class="finds">
            ${problems.map((each) => problemPart(visit, each))}
          </ul>`
        : html`<p class="soft">${t('source.noProblems')}</p>`
    }
  </section>`
}

function problemPart(
  { t, words }: Visit,
  { code, count, examples }: Omit<Noted, 'code'> & { code: string },
): Html {
  return html`<li>
    <h3>${troubleText(words, code)} <span class="count">${t('source.times', { count })}</span></h3>
    <p>${remedyText(words, code)}</p>
    ${
      examples.length > 0 &&
      html`<details>
        <summary>${t('source.examples')}</summary>
        <ul class="examples" lang="en">
          ${examples.map(
            ({ message, identifier }) =>
              html`<li>
                ${identifier && html`<code>${shortened(identifier, 200)}</code> – `}${shortened(message, 400)}
              </li> `,
          )}
        </ul>
      </details>`
    }
  </li>`
}

const longestGlimpse = 1500

/** What leads nowhere is said at the end of a page. */
const faultsOfTokens = ['token-repeats', 'token-dead', 'identical-pages', 'empty-pages', 'endless']

function glimpse({ code, body }: KeptPage): string {
  const text = faultsOfTokens.includes(code)
    ? body.subarray(-longestGlimpse / 3)
    : body.subarray(0, 4 * longestGlimpse)
  return shortened(text.toString('utf8'), longestGlimpse)
}

function keptPart(visit: Visit, { summary }: SourceDetail, kept: KeptPage[]): Content {
  const { ctx, t, words } = visit
  if (!kept.length) return ''
  return html`<section class="part" aria-labelledby="kept">
    <h2 id="kept">${t('source.kept')}</h2>
    <p class="soft">${t('source.keptText')}</p>
    <ul class="finds">
      ${kept.map((page) => {
        const { id, code, keptAt, url, status, identifier, message } = page
        return html`<li>
          <h3>${troubleText(words, code)}</h3>
          <p class="soft">
            ${moment(visit, keptAt)}${status !== null && ` · ${t('source.keptStatus', { status })}`}${identifier !== null && html` · <code>${shortened(identifier, 200)}</code>`}
          </p>
          <p lang="en">${shortened(message, 400)}</p>
          <details>
            <summary>${t('source.examine')}</summary>
            <p>${t('source.keptAsked')} <code>${shortened(url, 500)}</code></p>
            <pre class="kept" tabindex="0">${glimpse(page)}</pre>
            <p>
              <a href="${ctx.links.network(summary.slug)}/kept/${id}">${t('source.keptWhole')}</a>
            </p>
          </details>
        </li> `
      })}
    </ul>
  </section>`
}

interface Field {
  name: string
  label: string
  value: string
  hint?: string
  type?: 'number'
}

function fieldsOf({ t }: Visit, { source, summary }: SourceDetail): Field[] {
  const own = !source.place && summary.place && typedPoint(summary.place)
  const hours =
    source.hoursFrom && source.hoursUntil
      ? `${source.hoursFrom.slice(0, 5)}-${source.hoursUntil.slice(0, 5)}`
      : ''
  return [
    { name: 'name', label: t('option.name'), value: source.name },
    {
      name: 'hours_between',
      label: t('option.every'),
      value: String(Number((source.everyMinutes / 60).toFixed(2))),
      type: 'number',
    },
    { name: 'set', label: t('option.set'), value: source.setSpec ?? '', hint: t('option.setHint') },
    {
      name: 'prefix',
      label: t('option.prefix'),
      value: source.formats?.join(',') ?? 'auto',
      hint: t('option.prefixHint', { now: source.metadataPrefix ?? 'oai_dc' }),
    },
    {
      name: 'compare',
      label: t('option.compare'),
      value: String(source.compareDays),
      type: 'number',
      hint: t('option.compareHint'),
    },
    {
      name: 'grace',
      label: t('option.grace'),
      value: String(source.graceDays),
      type: 'number',
      hint: t('option.graceHint'),
    },
    {
      name: 'vanish',
      label: t('option.vanish'),
      value: String(source.vanishPercent),
      type: 'number',
      hint: t('option.vanishHint'),
    },
    {
      name: 'place',
      label: t('option.place'),
      value: source.place ?? '',
      hint: [t('option.placeHint'), own && t('option.placeOwn', { place: own })]
        .filter(Boolean)
        .join(' '),
    },
    { name: 'at', label: t('option.hours'), value: hours, hint: t('option.hoursHint') },
    {
      name: 'zone',
      label: t('option.zone'),
      value: source.timeZone ?? '',
      hint: t('option.zoneHint'),
    },
    {
      name: 'places',
      label: t('option.atHost'),
      value: String(source.hostPlaces),
      type: 'number',
      hint: t('option.atHostHint'),
    },
    {
      name: 'delay',
      label: t('option.delay'),
      value: String(source.delayMs / 1000),
      type: 'number',
    },
  ]
}

function options(visit: Visit, detail: SourceDetail, said: DeedSaid | undefined): Html {
  const { t } = visit
  const { source } = detail
  const typed = said?.kind === 'refused' ? said.typed : undefined
  return html`<section class="part" aria-labelledby="options">
    <h2 id="options">${t('source.options')}</h2>
    ${form(
      visit,
      detail,
      html`${fieldsOf(visit, detail).map((each) => field({ ...each, value: typed?.get(each.name) ?? each.value }))}
        <p class="tick">
          <label
            ><input
              type="checkbox"
              name="robots"
              value="ignore"
              ${(typed ? typed.has('robots') : source.ignoresRobots) && trusted('checked')}
            />
            ${t('option.robots')}</label
          >
        </p>
        <p class="tools">${button('change', t('deed.change'), false)}</p>`,
      'try options',
    )}
  </section>`
}

export const field = ({ name, label, value, hint, type }: Field): Html =>
  html`<p>
    <label for="option-${name}">${label}</label
    ><input
      id="option-${name}"
      name="${name}"
      value="${value}"
      maxlength="500"
      autocomplete="off"
      spellcheck="false"
      ${type === 'number' && trusted('type="number" step="any" min="0"')}
      ${hint && html`aria-describedby="hint-${name}"`}
    />${hint && html`<small id="hint-${name}" class="soft">${hint}</small>`}
  </p>`
