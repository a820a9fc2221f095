import assert from 'node:assert/strict'
import fc from 'fast-check'
import { mediaTypeOf } from '../../server/files/media-type.ts'

const box = (...brands: string[]): Buffer =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 8 + 4 * (brands.length + 1)]),
    Buffer.from(`ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`, 'latin1'),
  ])
const archive = (first: string): Buffer =>
  Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(26), Buffer.from(first)])

describe('the media type of a file', () => {
  const cases: [string, Buffer | string, string][] = [
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg'],
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'image/png'],
    ['a GIF', 'GIF89a', 'image/gif'],
    ['a WebP', 'RIFF\0\0\0\0WEBPVP8 ', 'image/webp'],
    ['a WAV', 'RIFF\0\0\0\0WAVEfmt ', 'audio/wav'],
    ['a little-endian TIFF', 'II*\0', 'image/tiff'],
    ['a big-endian TIFF', 'MM\0*', 'image/tiff'],
    ['a BigTIFF', 'II+\0', 'image/tiff'],
    ['an AVIF', box('avif', 'mif1'), 'image/avif'],
    ['an AVIF that calls itself mif1', box('mif1', 'avif'), 'image/avif'],
    ['a HEIC', box('heic', 'mif1'), 'image/heic'],
    ['an MP4', box('isom', 'mp42'), 'video/mp4'],
    ['a PDF', '%PDF-1.4', 'application/pdf'],
    ['an EPUB', archive('mimetypeapplication/epub+zip'), 'application/epub+zip'],
    [
      'an OpenDocument text',
      archive('mimetypeapplication/vnd.oasis.opendocument.text'),
      'application/vnd.oasis.opendocument.text',
    ],
    ['a ZIP', archive('readme.txt'), 'application/zip'],
    ['an SVG', '<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="x">', 'image/svg+xml'],
    ['an SVG with entities', '<!DOCTYPE svg [<!ENTITY a "b">]><svg>', 'image/svg+xml'],
    ['a web page', '\uFEFF  <!doctype html><p>', 'text/html'],
    ['XML', '<?xml version="1.0"?><mets/>', 'application/xml'],
    ['text', 'Titre;Auteur\n', 'text/plain'],
    ['text cut inside a character', Buffer.from('é').subarray(0, 1), 'text/plain'],
    ['anything else', Buffer.from([0, 1, 2, 3]), 'application/octet-stream'],
    ['Latin-1', Buffer.from('café\xe9 ', 'latin1'), 'application/octet-stream'],
  ]
  for (const [what, head, expected] of cases) {
    it(`${what} is ${expected}`, () =>
      assert.equal(mediaTypeOf(typeof head === 'string' ? Buffer.from(head) : head), expected))
  }

  it('is found for any bytes, quickly', () => {
    const bytes = fc.uint8Array({ maxLength: 1024 })
    const near = fc.tuple(fc.constantFrom(...cases.map(([, head]) => Buffer.from(head))), bytes)
    fc.assert(
      fc.property(
        fc.oneof(
          bytes,
          near.map(([a, b]) => Buffer.concat([a, b])),
        ),
        (head) => {
          assert.match(mediaTypeOf(Buffer.from(head)), /^[a-z]+\/[a-z0-9.+-]+$/)
        },
      ),
    )
    const began = performance.now()
    mediaTypeOf(Buffer.from('<!--'.repeat(256)))
    mediaTypeOf(Buffer.from('<!-- -->'.repeat(128)))
    assert.ok(performance.now() - began < 50)
  })
})
