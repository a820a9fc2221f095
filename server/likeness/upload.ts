// A picture that comes with a request: written to a temporary file, bounded, looked at, and gone. As the body itself, or
// the one file of a form.
import { createWriteStream } from 'node:fs'
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Kept } from '../http/kept.ts'
import { turnstile, type Turnstile } from '../http/turnstile.ts'
import { refusal } from '../web/web.ts'

/** In bytes: a photograph as a camera writes it. */
export const largest = 32_000_000
/** What a form puts around its file. */
const around = 16 * 1024
/** What the names of their folders begin with. */
const folders = 'campa-shown-'
const forgottenAfter = 24 * 3_600_000

/** In milliseconds. */
interface Patience {
  /** With who brings nothing. */
  still: number
  /** In all: a picture of the largest size at one megabit a second. */
  longest: number
}

const usual: Patience = { still: 15_000, longest: 5 * 60_000 }

// A form is taken apart in memory: one at a time.
const table = turnstile(1, 8)

/** So many pictures may be on their way here: together they fill a gigabyte of the disk. */
const mostAtOnce = 32
const entrance = turnstile(mostAtOnce, 0)

/** Of one client two, and two behind them: who brings much, or nothing, takes no places from others. */
const gates = new Kept<Turnstile>(1000)

function gateOf(client: string): Turnstile {
  const gate = gates.get(client) ?? turnstile(2, 2)
  gates.set(client, gate)
  return gate
}

/**
 * Does the work with the picture in a file, which is gone afterwards.
 * @param client as `clientOf` tells
 * @throws unavailable when too many are on their way
 */
export const withUpload = <T>(
  request: IncomingMessage,
  client: string,
  work: (path: string, name: string) => Promise<T>,
  patience = usual,
): Promise<T> =>
  gateOf(client).run(
    () => entrance.run(() => take(request, work, patience)),
    () => !request.socket.destroyed,
  )

async function take<T>(
  request: IncomingMessage,
  work: (path: string, name: string) => Promise<T>,
  patience: Patience,
): Promise<T> {
  await sweep()
  const folder = await mkdtemp(join(tmpdir(), folders))
  try {
    const type = request.headers['content-type'] ?? ''
    const isForm = /^multipart\/form-data\b/i.test(type)
    const body = join(folder, 'body')
    const most = isForm ? largest + around : largest
    await pipeline(arriving(request, most, patience), createWriteStream(body))
    if (!isForm) return await work(body, 'The picture')
    const picture = join(folder, 'picture')
    const name = await table.run(() => takeOut(body, type, picture))
    return await work(picture, name)
  } finally {
    // A stream that was cut may still be making its file.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Removes the pictures of processes that were killed: nobody looks at one for a day. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(folders)) continue
    const path = join(tmpdir(), name)
    const found = await lstat(path).catch(() => undefined)
    if (!found || Date.now() - found.mtimeMs < forgottenAfter) continue
    // That of another user is his to remove.
    await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}

const missing = (): Error => refusal('invalid', ({ t }) => t('likeness.missing'))

/** What the request brings, as long as there is no reason to refuse it. */
async function* arriving(
  request: IncomingMessage,
  most: number,
  { still, longest }: Patience,
): AsyncGenerator<Buffer> {
  const tooLarge = (): Error =>
    refusal('invalid', (words) => words.t('likeness.tooLarge', { size: words.bytes(largest) }))
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge()
  // What is left of a request that is refused is not read; the connection ends with the answer.
  const source = request.iterator({ destroyOnReturn: false })
  const end = performance.now() + longest
  for (let size = 0; ;) {
    const next = await within(Math.min(still, end - performance.now()), source.next())
    if (next.done) {
      if (!size) throw missing()
      return
    }
    const chunk = next.value as Buffer
    size += chunk.length
    if (size > most) throw tooLarge()
    yield chunk
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, failed) => {
    const refuse = (): void => failed(refusal('invalid', ({ t }) => t('likeness.late')))
    timer = setTimeout(refuse, milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** @returns what its owner calls it */
async function takeOut(body: string, type: string, to: string): Promise<string> {
  let form: FormData
  try {
    form = await new Response(await readFile(body), {
      headers: { 'Content-Type': type },
    }).formData()
  } catch (cause) {
    throw refusal('invalid', ({ t }) => t('likeness.unreadable'), { cause })
  }
  const [file] = [...form.values()].filter((each) => typeof each !== 'string')
  if (!file?.size) throw missing()
  await writeFile(to, file.stream())
  return file.name.slice(0, 200) || 'The picture'
}
