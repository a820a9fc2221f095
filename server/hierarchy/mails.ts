// The mails of the hierarchy. Nobody knows which language the reader speaks, so each says everything twice.
import type { Announcement } from '../../schemas/shared.ts'
import type { Context } from '../context.ts'
import { sendMail } from '../mail/mail.ts'
import { languages, wordsIn, type Key } from '../text/text.ts'
import { chosen } from '../web/web.ts'
import type { JoinRequest } from './entities.ts'

function inBoth(key: Key, values: Record<string, string>): string {
  return languages.map((each) => wordsIn(each).t(key, values)).join('\n\n--\n\n')
}

const nameOf = ({ identify, url }: JoinRequest): string => {
  const { repositoryName: name } = identify
  return oneLine(typeof name === 'string' ? name : new URL(url).host)
}

/** Text of a stranger, as a sentence of ours can hold it: no lines, no addresses to click. */
const oneLine = (text: string, longest = 120): string =>
  text.replace(/\s+/g, ' ').replace(/:\/\//g, ' ').trim().slice(0, longest)

/** @throws unavailable */
export function mailConfirmation(
  ctx: Context,
  request: JoinRequest,
  to: string,
  token: string,
): Promise<boolean> {
  const { name } = ctx.config
  const values = {
    brick: name,
    name: nameOf(request),
    url: request.url,
    link: ctx.links.network('join', token),
    page: ctx.links.network('join'),
  }
  const subject = languages.map((each) => wordsIn(each).t('join.mailSubject', values)).join(' / ')
  return sendMail(ctx, { to, subject, text: inBoth('join.mail', values) })
}

/** @throws unavailable */
export function mailOperator(ctx: Context, request: JoinRequest): Promise<boolean> {
  const values = {
    brick: ctx.config.name,
    name: nameOf(request),
    url: request.url,
    link: ctx.links.network('requests'),
  }
  const subject = languages
    .map((each) => wordsIn(each).t('requests.mailSubject', values))
    .join(' / ')
  const text = inBoth('requests.mail', values)
  return sendMail(ctx, { to: ctx.config.adminEmail, subject, text })
}

/** @throws unavailable */
export function mailUrgent(ctx: Context, urgent: Announcement[]): Promise<boolean> {
  const { name: brick, adminEmail } = ctx.config
  const link = ctx.links.network('above')
  const letters = languages.map((language) => {
    const { t } = wordsIn(language)
    const news = urgent.slice(0, mostTold).map(({ title, text, issuer }) => {
      const said = (each: Announcement['text'], longest: number): string =>
        oneLine(chosen(each, language)?.value ?? '', longest)
      return `* ${said(title, 120)} (${oneLine(issuer.name)})\n  ${said(text, 600)}`
    })
    return t('above.mail', { brick, link, news: news.join('\n\n') })
  })
  const subject = languages
    .map((each) => wordsIn(each).t('above.mailSubject', { brick, count: urgent.length }))
    .join(' / ')
  return sendMail(ctx, { to: adminEmail, subject, text: letters.join('\n\n--\n\n') })
}

const mostTold = 20
