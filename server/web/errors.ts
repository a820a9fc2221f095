// How an error looks when the visitor is a person, and when it is a program (RFC 9457).
import { STATUS_CODES } from 'node:http'
import type Koa from 'koa'
import type { Context } from '../context.ts'
import type { ErrorPage } from '../http/app.ts'
import { searchBox } from './components.ts'
import { html } from './html.ts'
import { answer, wantsPage } from './layout.ts'
import { visitOf, type Visit } from './visit.ts'

const told = [400, 403, 404, 405, 409, 410, 500, 503] as const
type Told = (typeof told)[number]

/** The error pages of a brick: in the reader's language, and with a way to go on. */
export function errorPages(ctx: Context): ErrorPage {
  return (koa, status, message) => {
    koa.remove('Content-Encoding')
    if (status === 503) koa.set('Retry-After', '60')
    if (!wantsPage(koa)) return sendProblem(koa, status, message)
    const visit = visitOf(ctx, koa)
    answer(koa, visit, { ...errorContent(visit, status, message), status, unlisted: true })
  }
}

/** What a program is told (RFC 9457). */
export function sendProblem(koa: Koa.Context, status: number, message: string): void {
  koa.status = status
  koa.type = 'application/problem+json'
  koa.vary('Accept')
  koa.body = JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    ...(message && { detail: message }),
  })
}

function errorContent(
  visit: Visit,
  status: number,
  message: string,
): { title: string; main: ReturnType<typeof html> } {
  const { ctx, t } = visit
  const known = told.find((each): each is Told => each === status)
  const title = known ? t(`error.${known}`) : t('error.other')
  const text = known ? t(`error.${known}Text`) : t('error.otherText')
  const again = status >= 500
  const main = html`<div class="wrap message">
    <p class="code">${t('error.status', { status })}</p>
    <h1>${title}</h1>
    <p class="lead">${text}</p>
    ${message && status < 500 && html`<p class="soft">${t('error.detail', { message: '' })}<span lang="en">${message}</span></p>`}
    ${status !== 503 && searchBox(visit, '')}
    <p class="tools">
      ${again && html`<a class="btn" href="${visit.address.href}">${t('error.again')}</a>`}<a
        class="btn quiet"
        href="${ctx.links.home()}"
        >${t('error.home')}</a
      >
    </p>
  </div>`
  return { title, main }
}
