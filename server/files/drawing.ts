// SVG drawings (SVG 2): a program of others that loads what it names. What would load anything from elsewhere, or grow when
// it is read, is refused before a renderer sees it; and the renderer gets bytes, not a path to look around from.
import { readFile, stat } from 'node:fs/promises'
import { readXml, textOf, type XmlElement } from '../../schemas/xml-tree.ts'
import { Unfit } from './picture.ts'

const mostBytes = 16_000_000

// As SVG says, without declarations of its own: it names a file that nobody needs.
const plainDoctype = /<!DOCTYPE\s+svg\b[^>[]*>/i
const encoding = /^\s*<\?xml\s[^>]*\bencoding\s*=\s*["']([^"']*)/
const inside = /^\s*(?:#|data:image\/(?:png|jpeg|gif|webp)[;,]|$)/i
const addresses = /url\(\s*["']?([^"')]*)/gi

/**
 * The bytes of a drawing that may be rendered.
 * @throws Unfit
 */
export async function readDrawing(path: string): Promise<Buffer> {
  if ((await stat(path)).size > mostBytes) {
    throw unfit(`of more than ${mostBytes / 1_000_000} MB`, 'save it as PNG or TIFF')
  }
  const text = decoded(await readFile(path)).replace(plainDoctype, '')
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) {
    throw unfit('that declares entities', 'save it as plain SVG or as PNG')
  }
  let root: XmlElement
  try {
    root = readXml(text)
  } catch (cause) {
    throw unfit(`that is not well-formed: ${(cause as Error).message}`, 'save it again', cause)
  }
  if (/<\?xml-stylesheet/i.test(text) || loadsFromElsewhere(root)) {
    throw unfit(
      'that takes parts of it from elsewhere',
      'embed its pictures, fonts and styles, or save it as PNG,',
    )
  }
  return Buffer.from(text)
}

const unfit = (what: string, remedy: string, cause?: unknown): Unfit =>
  new Unfit(`is an SVG drawing ${what}: ${remedy} and retry`, { cause })

function decoded(bytes: Buffer): string {
  const other = (cause?: unknown): Unfit =>
    unfit('in another encoding than UTF-8', 'save it as UTF-8', cause)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw other(cause)
  }
  const [, declared = 'utf-8'] = encoding.exec(text) ?? []
  if (!/^(?:utf-?8|us-ascii)$/i.test(declared)) throw other()
  return text
}

function loadsFromElsewhere(root: XmlElement): boolean {
  const loads = (style: string): boolean =>
    /@import/i.test(style) ||
    [...style.matchAll(addresses)].some(([, address = '']) => !inside.test(address))
  const elements = [root]
  for (let element = elements.pop(); element; element = elements.pop()) {
    // A link leads somewhere, and loads nothing.
    const isLink = element.name === 'a'
    for (const { name, value } of element.attributes) {
      const isAddress = name === 'src' || (name === 'href' && !isLink)
      if (isAddress ? !inside.test(value) : loads(value)) return true
    }
    if (element.name === 'style' && loads(textOf(element))) return true
    elements.push(...element.children.filter((child) => typeof child !== 'string'))
  }
  return false
}
