// Static files: a short list, read once, each under an address that changes with its content, so it may be kept for ever.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import type Koa from 'koa'
import type { Context } from '../context.ts'
import { notFound } from '../http/errors.ts'
import { packageFolder } from '../http/package.ts'
import { accentStyle } from './colour.ts'

const own = (name: string): string => join(packageFolder, 'server', 'web', 'static', name)

// Hoisted or not: where Node.js itself would find the package.
function modules(name: string): string {
  for (let at = packageFolder; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name)
    if (existsSync(path) || at === dirname(at)) return path
  }
}

const fonts = [
  ['fraunces', 'fraunces-latin-opsz-normal'],
  ['fraunces', 'fraunces-latin-ext-opsz-normal'],
  ['atkinson-hyperlegible-next', 'atkinson-hyperlegible-next-latin-wght-normal'],
  ['atkinson-hyperlegible-next', 'atkinson-hyperlegible-next-latin-ext-wght-normal'],
] as const

const files: Record<string, string> = {
  'style.css': own('style.css'),
  'icon.svg': own('icon.svg'),
  'site.js': own('site.js'),
  'search.js': own('search.js'),
  'record.js': own('record.js'),
  'network.js': own('network.js'),
  'likeness.js': own('likeness.js'),
  'close-window.js': own('close-window.js'),
  'openseadragon.js': modules('openseadragon/build/openseadragon/openseadragon.min.js'),
  ...Object.fromEntries(
    fonts.map(([family, name]) => [
      `${name}.woff2`,
      modules(`@fontsource-variable/${family}/files/${name}.woff2`),
    ]),
  ),
}

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

interface Kept {
  type: string
  plain: Buffer
  /** Brotli, where it is worth it: fonts are compressed already. */
  small: Buffer | undefined
}

interface Assets {
  version: string
  files: Map<string, Kept>
}

const loaded = new WeakMap<Context, Assets>()

function assetsOf(ctx: Context): Assets {
  const known = loaded.get(ctx)
  if (known) return known
  const hash = createHash('sha256')
  const kept = new Map<string, Kept>()
  for (const [name, path] of Object.entries(files)) {
    const content = readFileSync(path)
    const plain =
      name === 'style.css'
        ? Buffer.concat([content, Buffer.from(accentStyle(ctx.config.accent))])
        : content
    hash.update(name).update(plain)
    const type = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    kept.set(name, { type, plain, small: undefined })
  }
  const assets = { version: hash.digest('hex').slice(0, 12), files: kept }
  loaded.set(ctx, assets)
  return assets
}

/** The address of a static file. */
export function asset(ctx: Context, name: string): string {
  if (!(name in files)) throw new Error(`there is no static file ${name}`)
  return ctx.links.asset(assetsOf(ctx).version, name)
}

/** @throws not-found for all that is not on the list */
export function serveAsset(ctx: Context, koa: Koa.Context, version: string, name: string): void {
  const assets = assetsOf(ctx)
  const found = assets.files.get(name)
  if (!found) throw notFound(`There is no static file "${name}".`)
  // A page of an older version may still ask: it gets what there is now, but must not keep it for ever.
  koa.set(
    'Cache-Control',
    version === assets.version ? 'public, max-age=31536000, immutable' : 'no-cache',
  )
  koa.set('Access-Control-Allow-Origin', '*')
  koa.type = found.type
  if (!name.endsWith('.woff2')) {
    koa.vary('Accept-Encoding')
    if (koa.acceptsEncodings('br', 'identity') === 'br') {
      koa.set('Content-Encoding', 'br')
      koa.body = found.small ??= brotliCompressSync(found.plain, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 9 },
      })
      return
    }
  }
  koa.body = found.plain
}
