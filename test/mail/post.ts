// A mail server for tests: takes what comes and shows it.
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface Received {
  from: string
  to: string[]
  /** As it came, with its lines put together again. */
  text: string
}

export interface Post {
  url: string
  received: Received[]
  close(): Promise<void>
}

/**
 * @param refuses recipients that it does not know
 * @param wanted port; any that is free
 */
export async function openPost(refuses: string[] = [], wanted = 0): Promise<Post> {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      done(refuses.includes(address) ? new Error('550 no such mailbox') : null)
    },
    onData(stream, { envelope }, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
      stream.on('end', () => {
        received.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map((each) => each.address),
          text: unquoted(text),
        })
        done()
      })
    },
  })
  await new Promise<void>((done) => server.listen(wanted, '127.0.0.1', done))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    close: () => new Promise((done) => server.close(() => done())),
  }
}

/** Quoted-printable (RFC 2045, section 6.7), where that is how it was sent. */
function unquoted(text: string): string {
  if (!/^content-transfer-encoding: quoted-printable/im.test(text)) return text
  const joined = text.replace(/=\r\n/g, '')
  return joined.replace(/(?:=[0-9A-F]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'),
  )
}
