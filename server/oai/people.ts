// The door for people: what a browser gets at /oai, made from the XML that everybody else gets (docs/decisions/0050).
import type Router from '@koa/router'
import type Koa from 'koa'
import { verbs, type Verb } from '../../schemas/oai.ts'
import { challenge, isAdministrator } from '../accounts/accounts.ts'
import type { Context } from '../context.ts'
import { forbidden } from '../http/errors.ts'
import { remembered, sendLocked, sendPage, visitOf, type Page, type Visit } from '../web/web.ts'
import { doorAddress, recordPages, xmlAddress, type Asked } from './addresses.ts'
import { isPerson } from './asked-by.ts'
import { harvestersJson, readHarvesters, type FormatGap, type HeldBack } from './harvesters.ts'
import { harvestersPage } from './page-harvesters.ts'
import { mostShown } from './page-list.ts'
import type { Door, View } from './page-parts.ts'
import { readingPage } from './pages.ts'
import { readAnswer, type Reading } from './reading.ts'

/**
 * The XML of the answer to any request.
 * @param atMost records, headers or sets that are wanted of a list; an answer may hold more
 */
export type Ask = (given: URLSearchParams, atMost?: number) => Promise<string>

/** Whether a page is wanted rather than XML; says in Vary that the answer depends on it. */
export function asksForPage(koa: Koa.Context): boolean {
  koa.set('Vary', 'Accept, Sec-Fetch-Dest')
  return isPerson(koa.get('Accept'), koa.get('Sec-Fetch-Dest'))
}

/** Answers /oai with a page. */
export async function sendReading(koa: Koa.Context, ctx: Context, ask: Ask): Promise<void> {
  const visit = visitOf(ctx, koa)
  const { given, show } = withoutOurs(new URLSearchParams(koa.querystring))
  const text = await ask(given, mostShown)
  let page: Page
  try {
    page = readingPage(await viewOf(visit, given, readShown(text, show - 1), ask))
  } catch (error) {
    // Whatever is wrong with the page, the answer is there.
    ctx.log.error({ err: error }, 'an answer of OAI-PMH could not be shown as a page')
    koa.redirect(xmlAddress(ctx, askedOf(given)))
    return
  }
  await sendPage(koa, visit, page)
}

async function viewOf(
  visit: Visit,
  given: URLSearchParams,
  reading: Reading,
  ask: Ask,
): Promise<View> {
  const { ctx } = visit
  const door = await doorOf(ctx, ask)
  const identifiers = reading.items.map((each) => each.identifier)
  return {
    visit,
    reading,
    door,
    asked: askedOf(given),
    plain: !given.has('verb'),
    formats: await formatsOf(reading, door, ask),
    pages: await recordPages(ctx, identifiers),
  }
}

// Beyond its end a list is shown from its beginning.
function readShown(text: string, first: number): Reading {
  const reading = readAnswer(text, { first, most: mostShown })
  return first > 0 && reading.count <= first
    ? readAnswer(text, { first: 0, most: mostShown })
    : reading
}

/** The arguments of the protocol, without those that only pages have. */
function withoutOurs(given: URLSearchParams): { given: URLSearchParams; show: number } {
  const show = Number(given.get('show') ?? 1)
  given.delete('show')
  given.delete('lang')
  return { given, show: Number.isSafeInteger(show) && show > 0 ? show : 1 }
}

function askedOf(given: URLSearchParams): Asked {
  const { verb: named, ...asked } = Object.fromEntries(given) as Record<string, string>
  const verb = verbs.find((each) => each === named)
  return { ...asked, ...(verb && { verb }) }
}

const seconds = 30

async function doorOf(ctx: Context, ask: Ask): Promise<Door> {
  return remembered(ctx, 'oai door', seconds, async () => {
    const read = async (verb: Verb, most: number): Promise<Reading> =>
      readAnswer(await ask(new URLSearchParams({ verb }), most), { first: 0, most })
    const [{ identify, text }, { formats }, { sets, count, token }] = await Promise.all([
      read('Identify', 1),
      read('ListMetadataFormats', 1),
      read('ListSets', 1000),
    ])
    if (!identify) throw new Error('Identify was answered without Identify')
    return { text, identify, formats, sets, setCount: token?.completeListSize ?? count }
  })
}

// Not every record fills every format.
async function formatsOf(reading: Reading, door: Door, ask: Ask): Promise<Door['formats']> {
  if (reading.formats.length) return reading.formats
  const [item] = reading.items
  if (reading.verb !== 'GetRecord' || !item) return door.formats
  const asked = { verb: 'ListMetadataFormats', identifier: item.identifier }
  const { formats } = readAnswer(await ask(new URLSearchParams(asked)))
  return formats.length ? formats : door.formats
}

const fields: Record<Verb, string[]> = {
  Identify: [],
  ListMetadataFormats: [],
  ListSets: [],
  GetRecord: ['identifier', 'metadataPrefix'],
  ListIdentifiers: ['metadataPrefix', 'set', 'from', 'until'],
  ListRecords: ['metadataPrefix', 'set', 'from', 'until'],
}

/** What other parts of the door know of its gaps; a page says nothing of what is not given here. */
export interface Diagnoses {
  /** In the words of the visitor's language. */
  gaps?(visit: Visit): Promise<FormatGap[]>
  heldBack?(ctx: Context): Promise<HeldBack[]>
}

/** Routes beside those of the protocol. */
export function peopleRoutes(router: Router, ctx: Context, diagnoses: Diagnoses = {}): void {
  tryRoute(router, ctx)
  router.get('/oai/harvesters', async (koa) => {
    const visit = visitOf(ctx, koa)
    if (isAdministrator(ctx, koa.get('Authorization'))) {
      const findings = {
        harvesters: await readHarvesters(ctx),
        gaps: (await diagnoses.gaps?.(visit)) ?? [],
        heldBack: (await diagnoses.heldBack?.(ctx)) ?? [],
      }
      await sendPage(koa, visit, harvestersPage(visit, findings))
    } else {
      await sendLocked(koa, visit, challenge)
    }
    koa.set('Cache-Control', 'no-store')
  })
  router.get('/api/v1/harvesters', async (koa) => {
    koa.set('Cache-Control', 'no-store')
    if (!isAdministrator(ctx, koa.get('Authorization')))
      throw forbidden('This list is for the administrator.')
    koa.body = harvestersJson(await readHarvesters(ctx))
  })
}

function tryRoute(router: Router, ctx: Context): void {
  // A form sends every field that it has, and an argument that is empty or of another verb is an error of the protocol.
  router.get('/oai/try', (koa) => {
    const given = new URLSearchParams(koa.querystring)
    const verb = verbs.find((each) => each === given.get('verb'))
    const asked: Asked = { ...(verb && { verb }) }
    for (const name of verb ? fields[verb] : []) {
      const value = given.get(name)?.trim()
      if (value) asked[name] = value
    }
    koa.status = 303
    koa.redirect(given.get('as') === 'xml' ? xmlAddress(ctx, asked) : doorAddress(ctx, asked))
  })
}
