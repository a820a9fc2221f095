// Pages for who wants to be harvested by this brick: an address, a look at what answers there, a mail, a button.
import { levels } from '../../schemas/record.ts'
import { html, shortened, type Content, type Html, type Page, type Visit } from '../web/web.ts'
import { framedPage, saidPart, type Said } from '../network/network.ts'
import type { JoinRequest } from './entities.ts'
import type { Seen } from './joining.ts'
import type { Answered } from './parent.ts'

const frame = (visit: Visit, title: string, lead: Content, main: Content): Page =>
  framedPage(visit, { title, lead, way: [[visit.t('join.title')]] }, main)

export function joinPage(visit: Visit, url: string, said?: Said<never>): Page {
  const { ctx, t } = visit
  const { name, children, adminEmail } = ctx.config
  const title = t('join.heading', { brick: name })
  if (children === 'none') {
    const write = html`<a href="mailto:${adminEmail}">${adminEmail}</a>`
    return frame(visit, title, html`${t('join.closed')} ${write}`, '')
  }
  return frame(
    visit,
    title,
    t('join.lead', { brick: name }),
    html`${saidPart(visit, said, String, t('join.refused'))}
      <form class="try joining" method="post" action="${ctx.links.network('join')}">
        <p>
          <label for="join-url">${t('join.url')}</label
          ><input
            id="join-url"
            name="url"
            type="url"
            required
            maxlength="2000"
            value="${url}"
            placeholder="https://museum.example.org"
            autocomplete="url"
            aria-describedby="join-hint"
          />
        </p>
        <p class="soft" id="join-hint">${t('join.hint')}</p>
        <p class="tools"><button class="btn" name="deed" value="look">${t('join.look')}</button></p>
      </form>
      ${meaning(visit)}`,
  )
}

/** What joining means, before anybody does. */
function meaning(visit: Visit): Html {
  const { t } = visit
  const points = ['records', 'stays', 'shared', 'leave'] as const
  return html`<section class="part" aria-labelledby="meaning">
    <h2 id="meaning">${t('join.meaning')}</h2>
    <ul class="means">
      ${points.map((each) => html`<li>${t(`join.means.${each}`)}</li> `)}
    </ul>
  </section>`
}

export function facts(rows: [string, Content][]): Html {
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`
}

/** What answers at the address, before anything is asked of anybody. */
export function seenPage(visit: Visit, seen: Seen): Page {
  const { ctx, t } = visit
  const { identity, contact, known, url } = seen
  const title = shortened(identity.repositoryName, 160)
  const isChild = known !== undefined && known.forgetAt === null
  return frame(
    visit,
    title,
    t('join.seen'),
    html`${facts(rowsOf(visit, seen))}
    ${
      isChild
        ? html`<p class="notice">${t('join.known', { brick: ctx.config.name })}</p>`
        : html`<form method="post" action="${ctx.links.network('join')}">
            <input type="hidden" name="url" value="${url}" />
            <p>${contact ? t('join.willMail', { contact }) : t('join.noContact')}</p>
            <p class="tools">
              <button class="btn" name="deed" value="ask">${t('join.ask')}</button
              ><a class="btn quiet" href="${ctx.links.network('join')}">${t('join.other')}</a>
            </p>
          </form>`
    }`,
  )
}

function rowsOf(visit: Visit, seen: Seen): [string, Content][] {
  const { t, words } = visit
  const { identity, offered, records, url, contact } = seen
  const { publisher, type, format } = identity.description
  return [
    [t('join.door'), html`<code>${url}</code>`],
    ...(publisher ? [[t('join.operator'), shortened(publisher, 200)] satisfies Row] : []),
    ...(type ? [[t('join.level'), levelText(visit, type)] satisfies Row] : []),
    ...(format ? [[t('join.software'), shortened(format, 100)] satisfies Row] : []),
    [t('join.records'), records === null ? t('join.recordsUnknown') : words.number(records)],
    [t('join.formats'), shortened(offered.join(', '), 300)],
    [t('join.contact'), contact ?? '–'],
  ]
}

type Row = [string, Content]

/** A level in words; what is no level of ours as it stands. */
export function levelText({ t }: Visit, type: string): string {
  const known = levels.find((each) => each === type)
  return known ? t(`level.${known}`) : shortened(type, 60)
}

export function requestedPage(visit: Visit, answered: Answered): Page {
  const { ctx, t } = visit
  const { name, adminEmail } = ctx.config
  const title = t(`join.${answered.state}`)
  const text =
    answered.state === 'mailed'
      ? t('join.mailedText', { contact: answered.to })
      : t(`join.${answered.state}Text`, { brick: name, contact: adminEmail })
  return { ...frame(visit, title, text, back(visit)), ...(answered.state !== 'taken' && accepted) }
}

const accepted = { status: 202 }

const back = ({ ctx, t }: Visit): Html =>
  html`<p class="tools">
    <a class="btn quiet" href="${ctx.links.network()}">${t('join.toNetwork')}</a>
  </p>`

/** Behind the link of the mail. */
export function confirmPage(visit: Visit, { identify, url }: JoinRequest): Page {
  const { ctx, t } = visit
  const { name, children } = ctx.config
  const { repositoryName } = identify
  return frame(
    visit,
    t('join.confirm', { brick: name }),
    t('join.confirmText', { brick: name }),
    html`${facts([
        [t('join.name'), shortened(String(repositoryName), 200)],
        [t('join.door'), html`<code>${url}</code>`],
      ])}
      <p>${t(children === 'confirmed' ? 'join.thenTaken' : 'join.thenAsked', { brick: name })}</p>
      <form method="post" action="${visit.address.href}">
        <p class="tools"><button class="btn">${t('join.yes')}</button></p>
      </form>
      <p class="soft">${t('join.ifNot')}</p>
      ${meaning(visit)}`,
  )
}

export function confirmedPage(visit: Visit, state: 'taken' | 'waiting'): Page {
  const { ctx, t } = visit
  const { name, adminEmail } = ctx.config
  const text = t(`join.${state}Text`, { brick: name, contact: adminEmail })
  return frame(visit, t(`join.${state}`), text, back(visit))
}
