// PDFs and TIFFs of several pages, written by the tests themselves.
import sharp from 'sharp'

/** What a page of a PDF shows: its size in points, a colour (three numbers from 0 to 1), a text and a picture. */
export interface Drawn {
  width?: number
  height?: number
  colour?: string
  text?: string
  /** A JPEG that fills it. */
  picture?: { jpeg: Buffer; width: number; height: number }
}

/** @param extra what its catalogue has besides */
export function pdfOf(pages: Drawn[], extra = '', trailer = ''): Buffer {
  const kids = pages.map((_, nth) => `${4 + nth * 3} 0 R`).join(' ')
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${extra} >>`,
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  for (const [nth, page] of pages.entries()) {
    const { width = 300, height = 200, colour = '1 0 0', text = '', picture } = page
    const [content, shown] = [5 + nth * 3, 6 + nth * 3]
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${content} 0 R ` +
        `/Resources << /Font << /F1 3 0 R >> /XObject << /P ${shown} 0 R >> >> >>`,
      stream(
        `${colour} rg 0 0 ${width} ${height} re f ` +
          (picture ? `q ${width} 0 0 ${height} 0 0 cm /P Do Q ` : '') +
          `0 g BT /F1 24 Tf 20 20 Td (${text}) Tj ET`,
      ),
      picture
        ? stream(
            picture.jpeg.toString('latin1'),
            `/Type /XObject /Subtype /Image /Filter /DCTDecode /ColorSpace /DeviceRGB /BitsPerComponent 8 ` +
              `/Width ${picture.width} /Height ${picture.height}`,
          )
        : 'null',
    )
  }
  return written(objects, trailer)
}

export const stream = (content: string, extra = ''): string =>
  `<< /Length ${content.length} ${extra} >>\nstream\n${content}\nendstream`

/** Numbered from 1; the first is the catalogue. */
export function written(objects: string[], trailer = ''): Buffer {
  let text = '%PDF-1.7\n'
  const places = objects.map((object, nth) => {
    const at = text.length
    text += `${nth + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  text +=
    `xref\n0 ${size}\n0000000000 65535 f \n${table}` +
    `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${text.length}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}

export interface Plate {
  width: number
  height: number
  /** A shade of gray. */
  shade: number
  /** NewSubfileType, where it is written. */
  kind?: number
  /** Its pixels claim to be packed, and are not. */
  damaged?: boolean
}

/** A TIFF of several directories: gray, 8 bits, not compressed. */
export function tiffOf(plates: Plate[]): Buffer {
  const parts = [Buffer.from('II*\0\0\0\0\0', 'latin1')]
  let length = 8
  // Where the last directory says where the next one is.
  let link = { part: 0, at: 4 }
  for (const { width, height, shade, kind, damaged } of plates) {
    const fields = [
      ...(kind === undefined ? [] : [[254, kind]]),
      [256, width],
      [257, height],
      [258, 8],
      [259, damaged ? 8 : 1],
      [262, 1],
      [273, length],
      [277, 1],
      [278, height],
      [279, width * height],
    ]
    const directory = Buffer.alloc(2 + fields.length * 12 + 4)
    directory.writeUInt16LE(fields.length)
    for (const [nth, [tag = 0, value = 0]] of fields.entries()) {
      directory.writeUInt16LE(tag, 2 + nth * 12)
      directory.writeUInt16LE(4, 4 + nth * 12)
      directory.writeUInt32LE(1, 6 + nth * 12)
      directory.writeUInt32LE(value, 10 + nth * 12)
    }
    const pixels = Buffer.alloc(width * height + ((width * height) % 2), shade)
    parts[link.part]?.writeUInt32LE(length + pixels.length, link.at)
    parts.push(pixels, directory)
    link = { part: parts.length - 1, at: directory.length - 4 }
    length += pixels.length + directory.length
  }
  return Buffer.concat(parts)
}

/** The mean colour of a picture, or of a part of one. */
export async function colourOf(picture: Buffer | string): Promise<number[]> {
  const { channels } = await sharp(picture).stats()
  return channels.slice(0, 3).map(({ mean }) => Math.round(mean))
}
