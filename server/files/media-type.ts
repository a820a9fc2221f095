// What a file is, told by its first bytes and never by its name: the name is the depositor's word, the bytes are not.

/** As many bytes from the start of a file as `mediaTypeOf` wants. */
export const headLength = 1024

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')]

interface Signature {
  mediaType: string
  /** Where these bytes stand, and what they are. */
  marks: [offset: number, bytes: number[]][]
}

const signatures: Signature[] = [
  { mediaType: 'image/jpeg', marks: [[0, [0xff, 0xd8, 0xff]]] },
  { mediaType: 'image/png', marks: [[0, [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a]]] },
  { mediaType: 'image/gif', marks: [[0, ascii('GIF87a')]] },
  { mediaType: 'image/gif', marks: [[0, ascii('GIF89a')]] },
  {
    mediaType: 'image/webp',
    marks: [
      [0, ascii('RIFF')],
      [8, ascii('WEBP')],
    ],
  },
  { mediaType: 'image/tiff', marks: [[0, [...ascii('II'), 42, 0]]] },
  { mediaType: 'image/tiff', marks: [[0, [...ascii('MM'), 0, 42]]] },
  { mediaType: 'image/tiff', marks: [[0, [...ascii('II'), 43, 0]]] },
  { mediaType: 'image/tiff', marks: [[0, [...ascii('MM'), 0, 43]]] },
  { mediaType: 'image/jp2', marks: [[4, ascii('jP  \r\n')]] },
  { mediaType: 'image/jp2', marks: [[0, [0xff, 0x4f, 0xff, 0x51]]] },
  { mediaType: 'image/jxl', marks: [[4, ascii('JXL \r\n')]] },
  { mediaType: 'image/jxl', marks: [[0, [0xff, 0x0a]]] },
  { mediaType: 'application/pdf', marks: [[0, ascii('%PDF-')]] },
  { mediaType: 'application/gzip', marks: [[0, [0x1f, 0x8b, 0x08]]] },
  { mediaType: 'audio/flac', marks: [[0, ascii('fLaC')]] },
  { mediaType: 'audio/mpeg', marks: [[0, ascii('ID3')]] },
  { mediaType: 'audio/ogg', marks: [[0, ascii('OggS')]] },
  { mediaType: 'video/webm', marks: [[0, [0x1a, 0x45, 0xdf, 0xa3]]] },
  {
    mediaType: 'audio/wav',
    marks: [
      [0, ascii('RIFF')],
      [8, ascii('WAVE')],
    ],
  },
]

// ISO base media files (ISO/IEC 14496-12) name their brand after "ftyp".
const brands: [RegExp, string][] = [
  [/^(avif|avis)/, 'image/avif'],
  [/^(heic|heix|heim|heis|hevc|hevx)/, 'image/heic'],
  [/^(mif1|msf1)/, 'image/heif'],
  [/^qt {2}/, 'video/quicktime'],
  [/^M4A/, 'audio/mp4'],
]

// A ZIP whose first entry says what it holds (OpenDocument, EPUB) or how it is laid out (Office Open XML).
const archives: [RegExp, string][] = [
  [/^mimetypeapplication\/epub\+zip/, 'application/epub+zip'],
  [/^mimetype(application\/vnd\.oasis\.opendocument\.[a-z]+)/, '$1'],
]

/** @param head the first `headLength` bytes, or fewer where the file is shorter */
export function mediaTypeOf(head: Buffer): string {
  const found = signatures.find(({ marks }) =>
    marks.every(([offset, bytes]) => bytes.every((byte, index) => head[offset + index] === byte)),
  )
  if (found) return found.mediaType
  if (head.toString('latin1', 4, 8) === 'ftyp') return brandOf(head)
  if (head.toString('latin1', 0, 4) === 'PK\x03\x04') return archiveOf(head)
  return textOf(head)
}

function brandOf(head: Buffer): string {
  const length = Math.min(head.readUInt32BE(0), head.length)
  // Major brand, then (after its version) the compatible ones: an AVIF may call itself "mif1" first.
  const named = [8, ...Array.from({ length: 16 }, (_, index) => 16 + index * 4)]
    .filter((offset) => offset + 4 <= length)
    .map((offset) => head.toString('latin1', offset, offset + 4))
  for (const [pattern, mediaType] of brands) {
    if (named.some((brand) => pattern.test(brand))) return mediaType
  }
  return 'video/mp4'
}

function archiveOf(head: Buffer): string {
  const entry = head.toString('latin1', 30, 130)
  for (const [pattern, mediaType] of archives) {
    const match = pattern.exec(entry)
    if (match) return mediaType.replace('$1', match[1] ?? '')
  }
  return 'application/zip'
}

function textOf(head: Buffer): string {
  if (head.includes(0)) return 'application/octet-stream'
  let text: string
  try {
    // The head may end inside a character, so its end is not held against it.
    text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return 'application/octet-stream'
  }
  const start = afterProlog(text)
  if (/^<(?:svg[\s>]|!DOCTYPE svg)/i.test(start)) return 'image/svg+xml'
  if (/^<(?:html[\s>]|!DOCTYPE html)/i.test(start)) return 'text/html'
  return /^\s*<\?xml\s/.test(text) ? 'application/xml' : 'text/plain'
}

// Step by step: one pattern for all of it takes exponential time on many comments.
function afterProlog(text: string): string {
  let at = text.startsWith('\uFEFF') ? 1 : 0
  for (;;) {
    while (/\s/.test(text.charAt(at))) at += 1
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined
    const close = end === undefined ? -1 : text.indexOf(end, at)
    if (end === undefined || close === -1) return text.slice(at)
    at = close + end.length
  }
}
