// Mail, by the SMTP server of the operator (CAMPA_SMTP_URL). Without one nothing is sent, and who wanted to says it on a page.
import { createTransport, type Transporter } from 'nodemailer'
import type { Context } from '../context.ts'
import { unavailable } from '../http/errors.ts'

export interface Mail {
  to: string
  subject: string
  /** Plain text; links stand on lines of their own. */
  text: string
}

const waits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }

const transports = new WeakMap<Context, Transporter>()

export const canSendMail = ({ config }: Context): boolean => config.smtpUrl !== undefined

/**
 * Hands a mail to the SMTP server.
 * @returns whether there is one
 * @throws unavailable where it does not take the mail
 */
export async function sendMail(ctx: Context, { to, subject, text }: Mail): Promise<boolean> {
  const { smtpUrl, mailFrom, name } = ctx.config
  if (smtpUrl === undefined) return false
  const transport = transports.get(ctx) ?? createTransport({ ...waits, url: smtpUrl })
  transports.set(ctx, transport)
  try {
    await transport.sendMail({
      // As parts, so that no name or address can become a header of its own.
      from: { name, address: mailFrom },
      to: { name: '', address: to },
      subject,
      text,
      // RFC 3834: no machine answers this.
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    return true
  } catch (cause) {
    throw unavailable('The mail server does not take the mail.', { cause })
  }
}
