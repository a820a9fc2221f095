// For the operator: the brick above this one, and what comes from it.
import type { Announcement, Shared } from '../../schemas/shared.ts'
import {
  html,
  safeUrl,
  shortened,
  type Content,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import { framedPage, saidPart, type Said } from '../network/network.ts'
import type { Received } from './from-above.ts'
import type { AboveState } from './keeping-up.ts'
import type { Standing } from './parent.ts'
import { isOurs, type Held } from './sharing.ts'

export interface AboveView {
  standing: Standing
  state: AboveState | undefined
  received: Received[]
  /** All that this brick gives to those below it. */
  shared: Held[]
  said: Said | undefined
}

export function abovePage(visit: Visit, view: AboveView): Page {
  const { ctx, t } = visit
  const { standing, received, said } = view
  const own = view.shared.filter(({ item }) => isOurs(ctx, item))
  return framedPage(
    visit,
    { title: t('above.title'), lead: t('above.lead') },
    html`${saidPart(visit, said, (deed) => doneText(visit, deed), t('join.refused'))}
    ${standingPart(visit, standing)}
    ${standing.state === 'child' && receivedParts(visit, received, view.state)}
    ${ownPart(visit, own)} ${standing.state !== 'none' && leavePart(visit, standing)}`,
  )
}

const deeds = [
  'taken',
  'mailed',
  'waiting',
  'left',
  'leftUnheard',
  'checked',
  'read',
  'unread',
  'adopted',
] as const

function doneText({ t }: Visit, done: string): string | undefined {
  const deed = deeds.find((each) => each === done)
  return deed && t(`above.done.${deed}`)
}

const form = ({ ctx }: Visit, content: Content, name = ''): Html =>
  html`<form class="${name}" method="post" action="${ctx.links.network('above')}">${content}</form>`

const button = (deed: string, text: string, quiet = true): Html =>
  html`<button class="btn${quiet && ' quiet'}" name="deed" value="${deed}">${text}</button>`

function standingPart(visit: Visit, standing: Standing): Html {
  const { t, words, now } = visit
  const heading = html`<h2 id="standing">${t('above.standing')}</h2>`
  const part = (content: Content): Html =>
    html`<section class="part" aria-labelledby="standing">${heading}${content}</section>`
  if (standing.state === 'none') return part(joinForm(visit))
  const { url } = standing
  const name = standing.name ?? url
  const link = html`<a href="${safeUrl(url) ?? ''}" rel="noopener">${shortened(name, 160)}</a>`
  const check = form(visit, html`<p class="tools">${button('check', t('above.check'))}</p>`)
  if (standing.state === 'child')
    return part(
      html`<p>${t('above.child')} <b>${link}</b></p>
        ${standing.isStated && html`<p class="soft">${t('above.stated')}</p>`} ${check}`,
    )
  const since = words.ago(new Date(standing.since), now)
  return part(
    html`<p><b>${link}</b> ${t(`above.${standing.state}`, { since })}</p>
      <p class="soft">${t(`above.${standing.state}Text`)}</p>
      ${check}`,
  )
}

function joinForm(visit: Visit): Html {
  const { t } = visit
  return html`<p>${t('above.none')}</p>
    ${form(
      visit,
      html`<p>
          <label for="above-url">${t('above.url')}</label
          ><input
            id="above-url"
            name="url"
            type="url"
            required
            maxlength="2000"
            placeholder="https://national.example.org"
            autocomplete="off"
          />
        </p>
        <p class="soft">${t('above.joinText')}</p>
        <p class="tools">${button('join', t('above.join'), false)}</p>`,
      'try joining',
    )}`
}

function leavePart(visit: Visit, standing: Standing): Content {
  const { t } = visit
  if (standing.state === 'child' && standing.isStated) return ''
  return html`<section class="part" aria-labelledby="leave">
    <h2 id="leave">${t('above.leave')}</h2>
    <p>${t('above.leaveText')}</p>
    ${form(
      visit,
      html`<p class="tick">
          <input id="sure" type="checkbox" name="sure" value="yes" required /><label for="sure"
            >${t('above.sure')}</label
          >
        </p>
        <p class="tools">${button('leave', t('above.leave'))}</p>`,
    )}
  </section>`
}

function receivedParts(visit: Visit, received: Received[], state: AboveState | undefined): Content {
  const { t, words, now } = visit
  const of = (kind: Shared['kind']): Received[] => received.filter(({ item }) => item.kind === kind)
  const unread = of('announcement').filter((each) => !each.read).length
  const readAt = state?.readAt ? words.ago(new Date(state.readAt), now) : undefined
  return html`<section class="part" aria-labelledby="announcements">
      <h2 id="announcements">${t('above.announcements')}</h2>
      <p class="soft">
        ${readAt ? t('above.readAt', { ago: readAt }) : t('above.notYet')}${unread > 0 && ` ${t('above.unread', { count: unread })}`}
      </p>
      ${
        state?.problem &&
        html`<p class="notice failed">
          ${t('above.problem')} <span lang="en">${shortened(state.problem, 400)}</span>
        </p>`
      }
      ${
        state !== undefined &&
        state.refused.length > 0 &&
        html`<details>
          <summary>${t('above.refused', { count: state.refused.length })}</summary>
          <ul lang="en">
            ${state.refused.map((each) => html`<li>${shortened(each, 400)}</li>`)}
          </ul>
        </details>`
      }
      ${items(visit, of('announcement'))}
    </section>
    <section class="part" aria-labelledby="templates">
      <h2 id="templates">${t('above.templates')}</h2>
      <p class="soft">${t('above.templatesText')}</p>
      ${items(visit, of('template'))}
    </section>
    <section class="part" aria-labelledby="vocabularies">
      <h2 id="vocabularies">${t('above.vocabularies')}</h2>
      <p class="soft">${t('above.vocabulariesText')}</p>
      ${items(visit, of('vocabulary'))}
    </section>`
}

function items(visit: Visit, received: Received[]): Html {
  return received.length
    ? html`<ul class="finds">
        ${received.map((each) => html`<li>${itemPart(visit, each)}</li> `)}
      </ul>`
    : html`<p class="soft">${visit.t('above.nothing')}</p>`
}

function itemPart(visit: Visit, each: Received): Html {
  const { t } = visit
  const { item } = each
  return html`${heading(visit, item, !each.read && item.kind === 'announcement')}
  ${item.kind === 'announcement' ? moreOf(visit, item) : contentOf(visit, item)}
  ${form(
    visit,
    html`<input type="hidden" name="id" value="${item.id}" />
      <p class="tools">
        ${
          item.kind === 'announcement'
            ? button(
                each.read ? 'unread' : 'read',
                t(each.read ? 'above.asUnread' : 'above.asRead'),
              )
            : each.adopted === 'yes'
              ? html`<span class="badge">${t('above.adopted')}</span>`
              : button(
                  item.kind,
                  t(each.adopted === 'older' ? 'above.renew' : 'above.adopt'),
                  each.adopted !== 'no',
                )
        }
      </p>`,
  )}`
}

function heading(visit: Visit, item: Shared, isNew: boolean): Html {
  const { t, words } = visit
  const title = chosenText(visit, item.title)
  const text = chosenText(visit, item.text)
  return html`<h3>
      <span lang="${title.language}">${shortened(title.value, 200)}</span>${
        isNew && html` <span class="badge">· ${t('above.new')}</span>`
      }${
        item.kind === 'announcement' &&
        item.importance !== 'normal' &&
        html` <span class="badge ${item.importance}">· ${t(`importance.${item.importance}`)}</span>`
      }
    </h3>
    <p class="soft">
      ${t('above.from', { name: shortened(item.issuer.name, 120) })},
      <time datetime="${item.issued}">${words.day(new Date(item.issued))}</time>
    </p>
    ${text.value && html`<p lang="${text.language}">${shortened(text.value, 4000)}</p>`}`
}

function chosenText(
  { language }: Visit,
  texts: Record<string, string>,
): { value: string; language: string | undefined } {
  const [tag, value] =
    Object.entries(texts).find(([each]) => each === language) ?? Object.entries(texts)[0] ?? []
  return { value: value ?? '', language: tag === 'und' ? undefined : tag }
}

function moreOf({ t }: Visit, { version, address }: Announcement): Content {
  const link = safeUrl(address)
  return [
    version !== undefined && html`<p>${t('above.version')} <b>${version}</b></p>`,
    link && html`<p><a href="${link}" rel="noopener">${shortened(link, 200)}</a></p>`,
  ]
}

function contentOf(visit: Visit, item: Exclude<Shared, Announcement>): Html {
  const { t } = visit
  if (item.kind === 'vocabulary')
    return html`<p>${t('above.concepts', { count: item.concepts.length })}</p>`
  const fields = Object.entries(item.profile.schema.properties).map(([name]) => {
    const label = item.profile.display[name]?.label
    return label ? chosenText(visit, label).value : name
  })
  return html`<p>
    <code>${item.profile.id}</code> ${t('above.fields', { count: fields.length })}
    ${shortened(fields.join(', '), 400)}
  </p>`
}

/** What this brick issues itself. */
function ownPart(visit: Visit, own: Held[]): Html {
  const { t } = visit
  return html`<section class="part" aria-labelledby="own">
    <h2 id="own">${t('above.own')}</h2>
    <p class="soft">${t('above.ownText')}</p>
    ${
      own.length > 0 &&
      html`<ul class="finds">
        ${own.map(({ item }) => html`<li>${heading(visit, item, false)}</li> `)}
      </ul>`
    }
    <pre tabindex="0"><code>campa announce --en "…" --fr "…"
campa share profile ID
campa share vocabulary COLLECTION</code></pre>
  </section>`
}
