// Which encoding a text file is in, found by reading all of it once, and its text, streamed.
// UTF-8 proves itself; anything else is guessed from the bytes that are not ASCII.
import { isAscii, isUtf8 } from 'node:buffer'
import { Transform, type TransformCallback } from 'node:stream'
import { analyse } from 'chardet'

export interface Encoding {
  /** Label of the WHATWG Encoding Standard. */
  name: string
  /** How it was found, for people. */
  how: 'stated' | 'byte order mark' | 'valid throughout' | 'guessed' | 'most lines'
  /** Lines that are not valid in it (only where UTF-8 is mixed with something else). */
  invalidLines: number
}

/**
 * Marks, in decoded text, a character that came from bytes which are not UTF-8 in a file that otherwise is.
 * A noncharacter of Unicode: it cannot stand in a file that people exchange.
 */
export const damage = '\uFDD0'

const newline = 0x0a
const sampleSize = 64 * 1024

/** Reads every byte; memory stays constant. */
export async function detectEncoding(bytes: AsyncIterable<Buffer>): Promise<Encoding> {
  let first = true
  let rest: Buffer = Buffer.alloc(0)
  let invalidLines = 0
  let multibyteLines = 0
  const sample: Buffer[] = []
  let sampled = 0
  const inspect = (block: Buffer): void => {
    if (isUtf8(block)) {
      if (!isAscii(block)) multibyteLines++
      return
    }
    for (const line of linesOf(block)) {
      if (!isUtf8(line)) {
        invalidLines++
        if (sampled < sampleSize) {
          sample.push(line)
          sampled += line.length
        }
      } else if (!isAscii(line)) multibyteLines++
    }
  }
  for await (const chunk of bytes) {
    if (first) {
      const mark = byteOrderMark(chunk)
      if (mark) return { name: mark, how: 'byte order mark', invalidLines: 0 }
      first = false
    }
    const block = rest.length ? Buffer.concat([rest, chunk]) : chunk
    const end = block.lastIndexOf(newline) + 1
    inspect(block.subarray(0, end))
    rest = block.subarray(end)
  }
  inspect(rest)
  if (invalidLines === 0) return { name: 'utf-8', how: 'valid throughout', invalidLines }
  if (multibyteLines > invalidLines / 10) return { name: 'utf-8', how: 'most lines', invalidLines }
  return { name: guess(Buffer.concat(sample)), how: 'guessed', invalidLines: 0 }
}

function byteOrderMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

function* linesOf(block: Buffer): Generator<Buffer> {
  for (let at = 0; at < block.length;) {
    const end = block.indexOf(newline, at)
    yield block.subarray(at, end === -1 ? block.length : end + 1)
    at = end === -1 ? block.length : end + 1
  }
}

const letters = /[àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜáíóúñÁÍÓÚÑßåøÅØ’«»–]/g

// A text of western Europe decoded in the right way shows letters where the other way shows signs. Other scripts are
// left to statistics.
function guess(sample: Buffer): string {
  const [best] = analyse(sample)
  const western = ['windows-1252', 'macintosh'].map((name) => {
    const text = new TextDecoder(name).decode(sample)
    return { name, score: text.match(letters)?.length ?? 0 }
  })
  const high = sample.reduce((count, byte) => count + (byte > 0x7f ? 1 : 0), 0)
  const [first] = western.toSorted((a, b) => b.score - a.score)
  if (first && first.score > high * 0.6) return first.name
  const statistical = best && best.confidence >= 40 ? best.name : 'windows-1252'
  try {
    return new TextDecoder(statistical).encoding
  } catch {
    return 'windows-1252'
  }
}

/** Bytes to text in this encoding; what is not valid UTF-8 in a mixed file is read as windows-1252 behind a mark. */
export function decoder(encoding: Encoding): Transform {
  return encoding.invalidLines > 0 ? mixedDecoder() : plainDecoder(encoding.name)
}

function plainDecoder(name: string): Transform {
  const decode = new TextDecoder(name)
  return new Transform({
    readableObjectMode: false,
    decodeStrings: true,
    encoding: 'utf8',
    transform(chunk: Buffer, _, done: TransformCallback) {
      done(null, decode.decode(chunk, { stream: true }))
    },
    flush(done: TransformCallback) {
      done(null, decode.decode())
    },
  })
}

function mixedDecoder(): Transform {
  let rest: Buffer = Buffer.alloc(0)
  return new Transform({
    encoding: 'utf8',
    transform(chunk: Buffer, _, done: TransformCallback) {
      const block = rest.length ? Buffer.concat([rest, chunk]) : chunk
      const end = block.lastIndexOf(newline) + 1
      rest = block.subarray(end)
      done(null, [...linesOf(block.subarray(0, end))].map(decodeMixed).join(''))
    },
    flush(done: TransformCallback) {
      done(null, decodeMixed(rest))
    },
  })
}

const western = new TextDecoder('windows-1252')

function decodeMixed(line: Buffer): string {
  if (isUtf8(line)) return line.toString('utf8')
  let text = ''
  for (let at = 0; at < line.length;) {
    const length = sequenceLength(line, at)
    if (length > 0) {
      text += line.toString('utf8', at, at + length)
      at += length
    } else {
      text += damage + western.decode(line.subarray(at, at + 1))
      at++
    }
  }
  return text
}

/** Length of the UTF-8 sequence that begins here, 0 where none does. */
function sequenceLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length
  }
  return 0
}
