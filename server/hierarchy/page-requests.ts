// For the operator: who asks to be harvested, taken or refused with a click.
import { html, shortened, type Content, type Html, type Page, type Visit } from '../web/web.ts'
import { framedPage, saidPart, type Said } from '../network/network.ts'
import type { JoinRequest } from './entities.ts'
import { waits } from './joining.ts'
import { facts, levelText } from './page-join.ts'

export function requestsPage(visit: Visit, requests: JoinRequest[], said: Said | undefined): Page {
  const { ctx, t } = visit
  const [waiting, mailed] = [
    requests.filter((each) => waits(each)),
    requests.filter((each) => !waits(each)),
  ]
  const more = html`<p class="soft">${t(`requests.rule.${ctx.config.children}`)}</p>`
  return framedPage(
    visit,
    { title: t('requests.title'), lead: t('requests.lead'), more },
    html`${saidPart(visit, said, (deed) => doneText(visit, deed), t('join.refused'))}
      <section class="part" aria-labelledby="waiting">
        <h2 id="waiting">${t('requests.waiting')}</h2>
        ${list(visit, waiting)}
      </section>
      ${
        mailed.length > 0 &&
        html`<section class="part" aria-labelledby="mailed">
          <h2 id="mailed">${t('requests.mailed')}</h2>
          <p class="soft">${t('requests.mailedText')}</p>
          ${list(visit, mailed)}
        </section>`
      }
      <p class="onwards foot-links">
        <a href="${ctx.links.network('join')}">${t('requests.form')}</a>
      </p>`,
  )
}

const doneText = ({ t }: Visit, deed: string): string | undefined =>
  deed === 'taken' || deed === 'refused' ? t(`requests.${deed}`) : undefined

function list(visit: Visit, requests: JoinRequest[]): Html {
  const { t } = visit
  return requests.length
    ? html`<ul class="finds">
        ${requests.map((each) => html`<li>${request(visit, each)}</li> `)}
      </ul>`
    : html`<p class="soft">${t('requests.none')}</p>`
}

function request(
  visit: Visit,
  { id, url, identify, formats, records, ...rest }: JoinRequest,
): Html {
  const { ctx, t, words, now } = visit
  const description = (identify['description'] ?? {}) as Record<string, string>
  const { publisher, type, format } = description
  const confirmed = rest.confirmedAt
    ? t('requests.confirmed', { contact: rest.mailedTo ?? '' })
    : rest.mailedTo === null
      ? t('requests.unconfirmed')
      : t('requests.sent', { contact: rest.mailedTo })
  return html`<h3>${shortened(String(identify['repositoryName']), 160)}</h3>
    <p>
      <time datetime="${rest.askedAt.toISOString()}"
        >${t('requests.asked', { ago: words.ago(rest.askedAt, now) })}</time
      >
      ${confirmed}
    </p>
    ${facts([
      [t('join.door'), html`<a href="${url}?verb=Identify" rel="noopener nofollow">${url}</a>`],
      ...(publisher
        ? ([[t('join.operator'), shortened(publisher, 200)]] satisfies [string, Content][])
        : []),
      ...(type ? ([[t('join.level'), levelText(visit, type)]] satisfies [string, Content][]) : []),
      ...(format
        ? ([[t('join.software'), shortened(format, 100)]] satisfies [string, Content][])
        : []),
      [
        t('join.records'),
        records === null ? t('join.recordsUnknown') : words.number(Number(records)),
      ],
      [t('join.formats'), shortened(formats.join(', '), 300)],
    ])}
    <form method="post" action="${ctx.links.network('requests')}">
      <input type="hidden" name="id" value="${id}" />
      <p class="tools">
        <button class="btn" name="deed" value="take">${t('requests.take')}</button
        ><button class="btn quiet" name="deed" value="refuse">${t('requests.refuse')}</button>
      </p>
    </form>`
}
