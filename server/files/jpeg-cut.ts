// A JPEG cut at its right edge without being decoded (ISO/IEC 10918-1, baseline): the blocks of the columns that stay are
// handed on bit for bit, those of the others are left out. So what stays has the very pixels that it had, but for the
// colours of the last column, which are no longer mixed with what was beside it.

interface Codes {
  /** By the next 16 bits: how long the code is (upper byte) and what it stands for; 0: there is no such code. */
  read: Uint16Array
  /** By what it stands for: how long its code is (upper half) and the code. */
  write: Uint32Array
}

interface Component {
  id: number
  blocks: number
  dc: Codes
  ac: Codes
}

interface Frame {
  /** Where its frame header and the bits of its scan begin. */
  at: number
  scan: number
  mcu: { width: number; height: number }
  width: number
  height: number
  components: Component[]
}

/** Why a JPEG cannot be cut. */
class Strange extends Error {}

/** @returns undefined where it is not written as libvips writes tiles: one scan of all components, without restarts */
export function cutRight(jpeg: Buffer, width: number): Buffer | undefined {
  try {
    return cut(jpeg, width)
  } catch (error) {
    if (error instanceof Strange || error instanceof RangeError) return undefined
    throw error
  }
}

function cut(jpeg: Buffer, width: number): Buffer {
  const frame = frameOf(jpeg)
  const { mcu } = frame
  const [across, rows] = [Math.ceil(frame.width / mcu.width), Math.ceil(frame.height / mcu.height)]
  const kept = Math.ceil(width / mcu.width)
  const from = new BitReader(jpeg, frame.scan)
  const to = new BitWriter(jpeg.length - frame.scan + 64)
  // Of each component the brightness that the last block had, on either side: blocks tell what they differ by.
  const before = frame.components.map(() => ({ from: 0, to: 0 }))
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < across; column++) {
      for (const [index, component] of frame.components.entries()) {
        const last = before[index]
        for (let block = 0; last && block < component.blocks; block++)
          handOn(from, column < kept ? to : undefined, component, last)
      }
    }
  }
  const head = Buffer.from(jpeg.subarray(0, frame.scan))
  head.writeUInt16BE(width, frame.at + 7)
  return Buffer.concat([head, to.end(), Buffer.from([0xff, 0xd9])])
}

function handOn(
  from: BitReader,
  to: BitWriter | undefined,
  { dc, ac }: Component,
  last: { from: number; to: number },
): void {
  last.from += signed(from, from.symbol(dc))
  if (to) {
    const difference = last.from - last.to
    last.to = last.from
    const size = 32 - Math.clz32(Math.abs(difference))
    to.symbol(dc, size)
    to.bits(difference < 0 ? difference + 2 ** size - 1 : difference, size)
  }
  for (let at = 1; at < 64; at++) {
    const symbol = from.symbol(ac)
    const size = symbol & 15
    const value = from.bits(size)
    if (to) {
      to.symbol(ac, symbol)
      to.bits(value, size)
    }
    // The end of the block, where it is not a run of sixteen zeros.
    if (size === 0 && symbol !== 0xf0) return
    at += symbol >> 4
  }
}

function signed(from: BitReader, size: number): number {
  const value = from.bits(size)
  return size > 0 && value < 2 ** (size - 1) ? value - 2 ** size + 1 : value
}

function frameOf(jpeg: Buffer): Frame {
  const tables = new Map<number, Codes>()
  let frame: Omit<Frame, 'scan' | 'components'> | undefined
  let sampled: { id: number; blocks: number }[] = []
  for (let at = 2; ;) {
    const marker = jpeg.readUInt16BE(at)
    const length = jpeg.readUInt16BE(at + 2)
    const segment = jpeg.subarray(at + 4, at + 2 + length)
    if (marker === 0xffc4) readCodes(segment, tables)
    else if (marker === 0xffc0 || marker === 0xffc1) {
      const parts = Array.from({ length: segment.readUInt8(5) }, (_, index) => {
        const sampling = segment.readUInt8(7 + index * 3)
        const [across, down] = [sampling >> 4, sampling & 15]
        return { id: segment.readUInt8(6 + index * 3), across, down, blocks: across * down }
      })
      sampled = parts
      frame = {
        at,
        mcu: {
          width: 8 * Math.max(...parts.map(({ across }) => across)),
          height: 8 * Math.max(...parts.map(({ down }) => down)),
        },
        height: segment.readUInt16BE(1),
        width: segment.readUInt16BE(3),
      }
    } else if (marker === 0xffda) {
      const count = segment.readUInt8(0)
      if (!frame || count < 2 || count !== sampled.length) throw new Strange('not one scan of all')
      const components = sampled.map((part, index) => {
        if (segment.readUInt8(1 + index * 2) !== part.id) throw new Strange('in another order')
        const which = segment.readUInt8(2 + index * 2)
        const [dc, ac] = [tables.get(which >> 4), tables.get(16 | (which & 15))]
        if (!dc || !ac) throw new Strange('a table is missing')
        return { ...part, dc, ac }
      })
      return { ...frame, scan: at + 2 + length, components }
    } else if (marker === 0xffdd || (marker & 0xfff0) === 0xffc0) {
      throw new Strange(`marker ${marker.toString(16)} is not known here`)
    }
    at += 2 + length
  }
}

// All tiles of a pyramid have the same tables.
const known = new Map<string, Codes>()
const mostKnown = 16

function readCodes(segment: Buffer, tables: Map<number, Codes>): void {
  for (let at = 0; at < segment.length;) {
    const lengths = segment.subarray(at + 1, at + 17)
    const count = lengths.reduce((sum, each) => sum + each, 0)
    const key = segment.toString('latin1', at + 1, at + 17 + count)
    if (known.size > mostKnown) known.clear()
    const codes = known.get(key) ?? codesOf(lengths, segment.subarray(at + 17, at + 17 + count))
    known.set(key, codes)
    tables.set(segment.readUInt8(at), codes)
    at += 17 + count
  }
}

/** Section C.2 and annex F. */
function codesOf(lengths: Buffer, values: Buffer): Codes {
  const codes = { read: new Uint16Array(65_536), write: new Uint32Array(256) }
  let [code, index] = [0, 0]
  for (let length = 1; length <= 16; length++, code <<= 1) {
    for (let nth = 0; nth < (lengths[length - 1] ?? 0); nth++, code++, index++) {
      const value = values[index] ?? 0
      const first = code << (16 - length)
      codes.read.fill((length << 8) | value, first, first + (1 << (16 - length)))
      codes.write[value] = (length << 16) | code
    }
  }
  return codes
}

class BitReader {
  private readonly bytes: Buffer
  private at = 0

  constructor(jpeg: Buffer, start: number) {
    // A byte of all ones is followed by an empty one, unless a marker begins.
    this.bytes = Buffer.alloc(jpeg.length - start + 4)
    for (let from = start, to = 0; from < jpeg.length; from++, to++) {
      const byte = jpeg[from] ?? 0
      if (byte === 0xff && jpeg[++from] !== 0) break
      this.bytes[to] = byte
    }
  }

  private peek(): number {
    const { bytes, at } = this
    const byte = at >> 3
    const three =
      ((bytes[byte] ?? 0) << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0)
    return (three >> (8 - (at & 7))) & 0xffff
  }

  symbol({ read }: Codes): number {
    const found = read[this.peek()] ?? 0
    if (found === 0 || this.at > this.bytes.length * 8) throw new Strange('no such code')
    this.at += found >> 8
    return found & 0xff
  }

  /** At most 16. */
  bits(count: number): number {
    const value = this.peek() >> (16 - count)
    this.at += count
    return value
  }
}

class BitWriter {
  private readonly bytes: Buffer
  private length = 0
  private held = 0
  private count = 0

  constructor(most: number) {
    // Each byte may bring an empty one with it, and what differs from another block may take more bits than it did.
    this.bytes = Buffer.alloc(most * 2)
  }

  symbol({ write }: Codes, value: number): void {
    const code = write[value] ?? 0
    if (code === 0) throw new Strange('no code for this')
    this.bits(code & 0xffff, code >> 16)
  }

  /** At most 16. */
  bits(value: number, count: number): void {
    this.held = (this.held << count) | value
    this.count += count
    while (this.count >= 8) {
      this.count -= 8
      const byte = (this.held >> this.count) & 0xff
      this.bytes[this.length++] = byte
      if (byte === 0xff) this.length++
    }
    this.held &= 0xff
  }

  /** Filled up with ones (F.1.2.3). */
  end(): Buffer {
    if (this.count > 0) this.bits(0xff >> this.count, 8 - this.count)
    return this.bytes.subarray(0, this.length)
  }
}
