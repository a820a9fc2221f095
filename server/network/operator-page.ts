// The operator's own page: what is to be done, adding a source after a look at what answers there, and what is on its way out.
import {
  html,
  said,
  shortened,
  type Content,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import { preferred } from '../../schemas/dublin-core.ts'
import { canSendMail } from '../mail/mail.ts'
import { remedyOf, whatOf, type Told } from './alarm.ts'
import { moment } from './history.ts'
import { framedPage } from './page-frame.ts'
import { healthLine } from './page-parts.ts'
import type { Preview } from './preview.ts'
import { deedSaid, field, type DeedSaid } from './source-care.ts'
import { remedyText, troubleText } from './troubles.ts'
import type { SourceSummary } from './summaries.ts'

export interface OperatorView {
  /** How many there are. */
  sources: number
  /** Sources that do not do well, the worst first. */
  ailing: SourceSummary[]
  /** What a person was told of, or will be. */
  troubles: Told[]
  leaving: SourceSummary[]
  said: DeedSaid | undefined
}

const mostAiling = 30

export function operatorPage(
  visit: Visit,
  { sources, ailing, troubles, leaving, said }: OperatorView,
): Page {
  const { ctx, t } = visit
  const now = troubles.filter(({ overAt }) => overAt === null)
  const more = html`<p class="onwards">
    <a href="${ctx.links.network('requests')}">${t('requests.title')}</a>
    <a href="${ctx.links.network('above')}">${t('above.title')}</a>
    <a href="${ctx.links.duplicates()}">${t('duplicates.title')}</a>
  </p>`
  return framedPage(
    visit,
    { title: t('operator.title'), lead: t('operator.lead'), more },
    html`${deedSaid(visit, said)} ${troublesPart(visit, now)} ${ailingPart(visit, ailing, now)}
    ${!now.length && !ailing.length && sources > 0 && html`<p>${t('operator.allWell', { count: sources })}</p>`}
    ${addForm(visit, said)} ${leavingPart(visit, leaving)}`,
  )
}

function troublesPart(visit: Visit, now: Told[]): Content {
  const { ctx, t, words } = visit
  if (!now.length) return ''
  return html`<section class="part" aria-labelledby="troubles">
    <h2 id="troubles">${t('operator.troubles')}</h2>
    <p class="soft">
      ${
        canSendMail(ctx)
          ? t('operator.troublesText', { mail: ctx.config.adminEmail })
          : t('operator.troublesNoMail')
      }
    </p>
    <ul class="finds">
      ${now.slice(0, mostAiling).map(
        (each) =>
          html`<li>
            <h3><a href="${ctx.links.network(each.slug)}">${each.name}</a></h3>
            <p>
              <b>${whatOf(words, each)}</b>, ${t('alarm.since', { day: words.day(each.since) })}.
              ${each.reason && html`<span class="soft" lang="en">${shortened(each.reason, 300)}</span>`}
            </p>
            <p>${remedyOf(words, each)}</p>
            ${each.toldAt && html`<p class="soft">${t('alarm.told', { day: words.day(each.toldAt) })}</p>`}
          </li> `,
      )}
    </ul>
  </section>`
}

/** @param named above already */
function ailingPart(visit: Visit, ailing: SourceSummary[], named: Told[]): Content {
  const { ctx, t } = visit
  if (!ailing.length) return ''
  return html`<section class="part" aria-labelledby="ailing">
    <h2 id="ailing">${t(named.length ? 'operator.others' : 'operator.ailing')}</h2>
    <ul class="finds">
      ${ailing.slice(0, mostAiling).map(
        (each) =>
          html`<li>
            <h3><a href="${ctx.links.network(each.slug)}">${each.name}</a></h3>
            ${healthLine(visit, each)}
            ${each.health.diagnosis && html`<p>${remedyText(visit.words, each.health.diagnosis)}</p>`}
          </li> `,
      )}
    </ul>
    ${
      ailing.length > mostAiling &&
      html`<p>
        <a href="${ctx.links.network()}?sort=health"
          >${t('network.moreChildren', { count: ailing.length - mostAiling })}</a
        >
      </p>`
    }
  </section>`
}

function addForm(visit: Visit, said: DeedSaid | undefined): Html {
  const { ctx, t } = visit
  const typed = said?.kind === 'refused' ? said.typed : undefined
  return html`<section class="part" aria-labelledby="add">
    <h2 id="add">${t('operator.add')}</h2>
    <p class="soft">${t('operator.addText')}</p>
    <form class="narrow" method="post" action="${ctx.links.network('operator')}">
      <p class="wide">
        <label for="add-url">${t('operator.url')}</label
        ><input
          id="add-url"
          name="url"
          type="url"
          required
          maxlength="2000"
          value="${typed?.get('url')}"
          placeholder="https://museum.example.org/oai"
          autocomplete="off"
        />
      </p>
      <p>
        <label for="add-set">${t('operator.set')}</label
        ><input
          id="add-set"
          name="set"
          maxlength="500"
          value="${typed?.get('set')}"
          autocomplete="off"
        />
      </p>
      <p class="tools">
        <button class="btn" name="deed" value="look">${t('operator.look')}</button>
      </p>
    </form>
  </section>`
}

function leavingPart(visit: Visit, leaving: SourceSummary[]): Content {
  const { ctx, t } = visit
  if (!leaving.length) return ''
  return html`<section class="part" aria-labelledby="leaving">
    <h2 id="leaving">${t('operator.leaving')}</h2>
    <ul class="finds">
      ${leaving.map(
        (each) =>
          html`<li>
            <h3><a href="${ctx.links.network(each.slug)}">${each.name}</a></h3>
            <p>${each.forgetAt && [t('source.leaving'), ' ', moment(visit, each.forgetAt)]}</p>
            <form method="post" action="${ctx.links.network(each.slug)}">
              <button class="btn quiet" name="deed" value="keep">${t('deed.keep')}</button>
            </form>
          </li> `,
      )}
    </ul>
  </section>`
}

/** What answers at an address; from here it can become a source. */
export function previewPage(visit: Visit, preview: Preview, set: string): Page {
  const { ctx, t, words } = visit
  const { identity, url, prefix, offered, sets, first, announced, problems, known } = preview
  const facts: [string, Content][] = [
    [t('source.door'), html`<code>${url}</code>`],
    [
      t('preview.size'),
      announced !== undefined
        ? t('site.objects', { count: announced })
        : t('preview.firstPage', { count: first }),
    ],
    [t('preview.sets'), words.number(sets)],
    [t('preview.formats'), shortened(offered.join(', '), 300)],
    [t('preview.asked'), html`<code>${prefix}</code>`],
    [t('source.deletions'), t(`oaiDeleted.${identity.deletedRecord}`)],
    [t('preview.contact'), shortened(identity.adminEmails.join(', '), 200) || '–'],
  ]
  return framedPage(
    visit,
    {
      title: shortened(identity.repositoryName, 160),
      lead: t('preview.lead'),
      way: [[t('operator.title'), ctx.links.network('operator')], [t('preview.title')]],
    },
    html`<div class="halves">
        <section class="part" aria-labelledby="facts">
          <h2 id="facts">${t('preview.repository')}</h2>
          <dl class="facts">
            ${facts.map(
              ([name, value]) =>
                html`<dt>${name}</dt>
                  <dd>${value}</dd>`,
            )}
          </dl>
        </section>
        ${samplesPart(visit, preview)}
      </div>
      <section class="part" aria-labelledby="problems">
        <h2 id="problems">${t('preview.problems')}</h2>
        ${
          problems.length
            ? html`<ul class="finds">
                ${problems.map(
                  ({ code, count, examples }) =>
                    html`<li>
                      <h3>
                        ${troubleText(words, code)}
                        <span class="count">${t('source.times', { count })}</span>
                      </h3>
                      <p class="soft" lang="en">${shortened(examples[0]?.message ?? '', 400)}</p>
                    </li> `,
                )}
              </ul>`
            : html`<p class="soft">${t('preview.none')}</p>`
        }
      </section>
      ${
        known
          ? html`<p>
              ${t('preview.known')}
              <a href="${ctx.links.network(known)}">${identity.repositoryName}</a>
            </p>`
          : addedForm(visit, preview, set)
      }`,
  )
}

function samplesPart(visit: Visit, { samples }: Preview): Content {
  const { t, language } = visit
  if (!samples.length) return ''
  return html`<section class="part" aria-labelledby="samples">
    <h2 id="samples">${t('preview.samples')}</h2>
    <ul class="finds">
      ${samples.map(({ title = [], creator = [], date = [] }) => {
        const name = preferred(title, language)
        const more = [...creator.slice(0, 3), ...date.slice(0, 1)].map((each) => each.value)
        return html`<li>
          <h3>${name ? said(visit, name, shortened(name.value, 200)) : t('record.untitled')}</h3>
          ${more.length > 0 && html`<p class="soft">${shortened(more.join(' · '), 200)}</p>`}
        </li> `
      })}
    </ul>
  </section>`
}

function addedForm(visit: Visit, { url, identity }: Preview, set: string): Html {
  const { ctx, t } = visit
  const every = ctx.config.harvestEveryMinutes / 60
  return html`<form class="try options" method="post" action="${ctx.links.network('operator')}">
    <input type="hidden" name="url" value="${url}" /><input
      type="hidden"
      name="set"
      value="${set}"
    />
    ${field({ name: 'name', label: t('option.name'), value: identity.repositoryName })}
    ${field({ name: 'hours_between', label: t('option.every'), value: String(Number(every.toFixed(2))), type: 'number' })}
    <p class="tools">
      <button class="btn" name="deed" value="add">${t('preview.add')}</button
      ><a class="btn quiet" href="${ctx.links.network('operator')}">${t('preview.back')}</a>
    </p>
  </form>`
}
