// The window in which a key is given for pictures that are shown on request, and what stands in it afterwards.
import { html, type Content, type Html, type Page, type Visit } from '../web/web.ts'

/** Why no pass was given. */
export type Wrong = 'wrong' | 'tooOften' | 'elsewhere'

const statuses: Record<Wrong, number> = { wrong: 401, tooOften: 429, elsewhere: 403 }

interface Asked {
  /** The site of the viewer that opened the window. */
  origin: string
  /** The browser has given the key before, for another site. */
  isKnown?: boolean
  wrong?: Wrong
}

const message = (title: string, main: Content): Page => ({
  title,
  unlisted: true,
  main: html`<div class="wrap message">
    <h1>${title}</h1>
    ${main}
  </div>`,
})

export function accessPage(visit: Visit, { origin, isKnown, wrong }: Asked): Page {
  const { ctx, t } = visit
  const { operator, adminToken, baseUrl } = ctx.config
  const title = t('iiifAuth.title')
  if (adminToken === undefined)
    return message(title, html`<p class="lead">${t('iiifAuth.noKeys')} ${contact(visit)}</p>`)
  const isElsewhere = origin !== new URL(baseUrl).origin
  const page = message(
    title,
    html`<p class="lead">${t(isKnown ? 'iiifAuth.known' : 'iiifAuth.lead', { operator })}</p>
      ${isElsewhere && html`<p>${t('iiifAuth.asks', { site: new URL(origin).host })}</p>`}
      ${wrong && html`<p class="notice failed" role="alert" id="wrong">${t(`iiifAuth.${wrong}`)}</p>`}
      <form
        class="try joining"
        method="post"
        action="${ctx.links.iiifAuth('access')}?${new URLSearchParams({ origin }).toString()}"
      >
        ${!isKnown && keyField(visit, wrong)}
        <p class="tools">
          <button class="btn">${t(isKnown ? 'iiifAuth.allow' : 'iiifAuth.open')}</button
          >${isKnown && wayOut(visit)}
        </p>
      </form>
      ${!isKnown && html`<p>${t('iiifAuth.noKey')} ${contact(visit)}</p>`}`,
  )
  return { ...page, ...(wrong && { status: statuses[wrong] }) }
}

const keyField = ({ t }: Visit, wrong: Wrong | undefined): Html =>
  html`<p>
    <label for="key">${t('iiifAuth.key')}</label
    ><input
      id="key"
      name="key"
      type="password"
      required
      autofocus
      autocomplete="current-password"
      ${wrong && html`aria-describedby="wrong" aria-invalid="true"`}
    />
  </p>`

const contact = ({ ctx }: Visit): Html =>
  html`<a href="mailto:${ctx.config.adminEmail}">${ctx.config.adminEmail}</a>`

const wayOut = ({ ctx, t }: Visit): Html =>
  html`<a class="btn quiet" href="${ctx.links.iiifAuth('logout')}"
    >${t('iiifAuth.logout', { operator: ctx.config.operator })}</a
  >`

/** Closes itself, which tells the viewer that it may go on. */
export const openedPage = (visit: Visit): Page => ({
  ...message(
    visit.t('iiifAuth.opened'),
    html`<p class="lead">${visit.t('iiifAuth.openedText')}</p>
      <p class="tools">${wayOut(visit)}</p>`,
  ),
  scripts: ['close-window.js'],
})

export const closedPage = ({ t }: Visit): Page =>
  message(t('iiifAuth.closed'), html`<p class="lead">${t('iiifAuth.closedText')}</p>`)

export const wrongOriginPage = ({ t }: Visit): Page => ({
  ...message(t('iiifAuth.title'), html`<p class="lead">${t('iiifAuth.wrongOrigin')}</p>`),
  status: 400,
})
