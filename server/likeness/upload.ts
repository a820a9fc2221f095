// A picture that comes with a request: written to a temporary file, bounded, looked at, and gone. As the body itself, or
// the one file of a form.
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { turnstile } from '../http/turnstile.ts'
import { refusal } from '../web/web.ts'

/** In bytes: a photograph as a camera writes it. */
export const largest = 32_000_000
/** What a form puts around its file. */
const around = 16 * 1024
/** In milliseconds: a picture of the largest size at one megabit a second. */
const longest = 5 * 60_000

// A form is taken apart in memory: one at a time.
const table = turnstile(1, 8)

/** So many pictures may be on their way here: together they fill a gigabyte of the disk. */
const mostAtOnce = 32
const entrance = turnstile(mostAtOnce, 0)

/**
 * Does the work with the picture in a file, which is gone afterwards.
 * @throws unavailable when too many are on their way
 */
export const withUpload = <T>(
  request: IncomingMessage,
  work: (path: string, name: string) => Promise<T>,
): Promise<T> => entrance.run(() => take(request, work))

async function take<T>(
  request: IncomingMessage,
  work: (path: string, name: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'campa-shown-'))
  try {
    const type = request.headers['content-type'] ?? ''
    const isForm = /^multipart\/form-data\b/i.test(type)
    const body = join(folder, 'body')
    await receive(request, body, isForm ? largest + around : largest)
    if (!isForm) return await work(body, 'The picture')
    const picture = join(folder, 'picture')
    const name = await table.run(() => takeOut(body, type, picture))
    return await work(picture, name)
  } finally {
    // A stream that was cut may still be making its file.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

const missing = (): Error => refusal('invalid', ({ t }) => t('likeness.missing'))

async function receive(request: IncomingMessage, path: string, most: number): Promise<void> {
  const tooLarge = (): Error =>
    refusal('invalid', (words) => words.t('likeness.tooLarge', { size: words.bytes(largest) }))
  if (Number(request.headers['content-length'] ?? 0) > most) throw tooLarge()
  let size = 0
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > most) done(tooLarge())
      else done(null, chunk)
    },
  })
  // What is left of a request that is refused is not read; the connection ends with the answer.
  const source = request.iterator({ destroyOnReturn: false })
  await pipeline(source, bounded, createWriteStream(path), { signal: AbortSignal.timeout(longest) })
  if (!size) throw missing()
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
