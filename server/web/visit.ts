// One request for a page: whose brick, in which language, from which address.
import type Koa from 'koa'
import type { Context } from '../context.ts'
import { acceptedLanguage, isLanguage, wordsIn, type Language, type Words } from '../text/text.ts'

export interface Visit {
  ctx: Context
  words: Words
  t: Words['t']
  language: Language
  /** Public address of this page without the choice of language. */
  address: URL
  now: Date
}

const cookie = 'campa-language'

/** The language that was asked for by this address, else chosen before, else accepted by the browser. */
export function visitOf(ctx: Context, koa: Koa.Context): Visit {
  // The path is ours (the router answers under the base URL's own path), the host is the base URL's.
  const address = new URL(ctx.config.baseUrl)
  address.pathname = koa.path
  address.search = koa.search
  const asked = address.searchParams.get('lang') ?? undefined
  const chosen = koa.cookies.get(cookie)
  const language = isLanguage(asked)
    ? asked
    : isLanguage(chosen)
      ? chosen
      : acceptedLanguage(koa.get('accept-language'))
  if (isLanguage(asked) && asked !== chosen) remember(ctx, koa, asked)
  address.searchParams.delete('lang')
  const words = wordsIn(language)
  return { ctx, words, t: words.t, language, address, now: ctx.clock() }
}

// Nothing about the person: two letters, so that the next page speaks the same language.
function remember(ctx: Context, koa: Koa.Context, language: Language): void {
  const { pathname, protocol } = new URL(ctx.config.baseUrl)
  const parts = [
    `${cookie}=${language}`,
    `Path=${pathname}`,
    'Max-Age=31536000',
    'SameSite=Lax',
    'HttpOnly',
  ]
  if (protocol === 'https:') parts.push('Secure')
  koa.append('Set-Cookie', parts.join('; '))
}

/** This page in another language. */
export function inLanguageOf(visit: Visit, language: Language): string {
  const address = new URL(visit.address)
  address.searchParams.set('lang', language)
  return address.href
}
