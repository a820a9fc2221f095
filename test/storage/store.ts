// A real store of the S3 kind for tests, behind a door that counts what is asked and can lose connections.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buffer } from 'node:stream/consumers'
import { createHash, randomBytes } from 'node:crypto'
import type { Config } from '../../config/config.ts'

const python = process.env['PYTHON'] ?? 'python3'
export const missingStore =
  'moto 5.2.5 or later, a store of the S3 kind (PYTHON names another interpreter)'

interface Key {
  id: string
  secret: string
}

export interface Store {
  endpoint: string
  keys: { brick: Key; guest: Key }
  /** What was asked, as `GET key bytes=0-9`; emptied by who counts. */
  asked: string[]
  /** The SHA-256 of each part that came, as it was said to be and as it is; emptied by who looks. */
  sums: { said: string; is: string }[]
  /** What happens to a request instead of what it is for; undefined: nothing. */
  meddle: ((line: string) => Meddling | undefined) | undefined
  /** Puts so many empty objects under names that begin so, and end in four digits. */
  fill(name: string, count: number): Promise<void>
  /** Of a brick whose files lie here, apart from those of others. */
  settings(): Partial<Config>
  close(): Promise<void>
}

export interface Meddling {
  /** The connection is lost after so many bytes of the answer. */
  cutAfter?: number
  /** A part is answered with so many of its bytes, and said to have no more. */
  shortTo?: number
  status?: number
}

/** Undefined where there is none. */
export async function openStore(): Promise<Store | undefined> {
  const child = spawn(python, [join(import.meta.dirname, 'store.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = new Promise<undefined>((done) => {
    child.once('error', () => done(undefined))
    child.once('exit', () => done(undefined))
  })
  const lines = createInterface(child.stdout)
  const line = await Promise.race([ended, once(lines, 'line')])
  if (!line) return undefined
  const { address, keys } = JSON.parse(String(line[0])) as {
    address: string
    keys: Store['keys']
  }
  const server = createServer((given, answer) => pass(store, address, given, answer))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const store: Store = {
    endpoint,
    keys,
    asked: [],
    sums: [],
    meddle: undefined,
    async fill(name, count) {
      child.stdin.write(`${name} ${count}\n`)
      await once(lines, 'line')
    },
    settings: () => ({
      s3: { endpoint, bucket: 'campa', prefix: `${randomBytes(6).toString('hex')}/` },
      s3KeyId: keys.brick.id,
      s3Secret: keys.brick.secret,
    }),
    async close() {
      server.closeAllConnections()
      server.close()
      child.stdin.end()
      child.kill()
      await ended
    },
  }
  return store
}

function pass(store: Store, address: string, given: IncomingMessage, answer: ServerResponse): void {
  const { method = '', url = '', headers } = given
  const line = [method, decodeURIComponent(url), headers.range].filter(Boolean).join(' ')
  store.asked.push(line)
  if (method === 'PUT') {
    const hash = createHash('sha256')
    given.on('data', (chunk: Buffer) => hash.update(chunk))
    const said = String(headers['x-amz-content-sha256'])
    given.on('end', () => store.sums.push({ said, is: hash.digest('hex') }))
  }
  const { cutAfter, shortTo, status } = store.meddle?.(line) ?? {}
  if (status !== undefined) {
    given.resume()
    answer.writeHead(status).end()
    return
  }
  const behind = ask(`${address}${url}`, { method, headers }, (told) => {
    const range = /^bytes (\d+)-(\d+)(\/\d+)$/.exec(told.headers['content-range'] ?? '')
    if (shortTo !== undefined && range) {
      const [, start, last, size] = range
      const end = Math.min(Number(start) + shortTo - 1, Number(last))
      const length = end - Number(start) + 1
      const said = {
        'content-length': `${length}`,
        'content-range': `bytes ${start}-${end}${size}`,
      }
      answer.writeHead(206, { ...told.headers, ...said })
      void buffer(told).then((all) => answer.end(all.subarray(0, length)))
      return
    }
    answer.writeHead(told.statusCode ?? 500, told.headers)
    if (cutAfter === undefined) {
      told.pipe(answer)
      return
    }
    let left = cutAfter
    told.on('data', (chunk: Buffer) => {
      if (left >= chunk.length) answer.write(chunk)
      else answer.write(chunk.subarray(0, left), () => answer.destroy())
      left = Math.max(0, left - chunk.length)
    })
    told.on('end', () => answer.destroy())
  })
  behind.on('error', () => answer.destroy())
  answer.on('close', () => behind.destroy())
  given.pipe(behind)
}
