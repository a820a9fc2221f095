// What a visitor gets instead of a page that is for the administrator: why, and what would open it.
import type Koa from 'koa'
import { html } from './html.ts'
import { sendPage, type Page } from './layout.ts'
import type { Visit } from './visit.ts'

/** @param challenge the WWW-Authenticate header, at which a browser asks for the token */
export async function sendLocked(koa: Koa.Context, visit: Visit, challenge: string): Promise<void> {
  const status = visit.ctx.config.adminToken === undefined ? 403 : 401
  await sendPage(koa, visit, lockedPage(visit, status))
  if (status === 401) koa.set('WWW-Authenticate', challenge)
  koa.set('Cache-Control', 'no-store')
}

function lockedPage(visit: Visit, status: 401 | 403): Page {
  const { t } = visit
  const [title, text] =
    status === 401
      ? [t('locked.title'), t('locked.text')]
      : [t('locked.noToken'), t('locked.noTokenText')]
  return {
    title,
    unlisted: true,
    status,
    main: html`<div class="wrap message">
      <p class="code">${t('error.status', { status })}</p>
      <h1>${title}</h1>
      <p class="lead">${text}</p>
      <p class="tools">
        ${status === 401 && html`<a class="btn" href="${visit.address.href}">${t('error.again')}</a>`}<a
          class="btn quiet"
          href="${visit.ctx.links.home()}"
          >${t('error.home')}</a
        >
      </p>
    </div>`,
  }
}
