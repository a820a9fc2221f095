// The mails of the hierarchy. Nobody knows which language the reader speaks, so each says everything twice.
import type { Context } from '../context.ts'
import { sendMail } from '../mail/mail.ts'
import { languages, wordsIn, type Key } from '../text/text.ts'
import type { JoinRequest } from './entities.ts'

function inBoth(key: Key, values: Record<string, string>): string {
  return languages.map((each) => wordsIn(each).t(key, values)).join('\n\n--\n\n')
}

const nameOf = ({ identify, url }: JoinRequest): string => {
  const { repositoryName: name } = identify
  return oneLine(typeof name === 'string' ? name : new URL(url).host)
}

/** Text of a stranger, as a sentence of ours can hold it: no lines, no addresses to click. */
const oneLine = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/:\/\//g, ' ').trim().slice(0, 120)

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
