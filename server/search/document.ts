// What the index is told of a record.
import type { DcElement, Value } from '../../schemas/dublin-core.ts'
import { knowing } from '../../schemas/known.ts'
import type { Json } from '../../schemas/record.ts'
import { sizeInAddress } from '../../schemas/image-address.ts'
import { yearsOf, type Years } from '../../schemas/years.ts'
import { isListed, sightOf } from '../access/access.ts'
import { anybody } from '../accounts/accounts.ts'
import { withAncestors } from '../collections/collections.ts'
import type { Collection } from '../collections/entities.ts'
import type { Context } from '../context.ts'
import type { SearchDocument } from '../engine/engine.ts'
import { linksOf, looksOf, type LineRecord } from '../records/records.ts'

// Elements that are found by their words and have no place of their own in a list.
const others: DcElement[] = [
  'publisher',
  'contributor',
  'coverage',
  'format',
  'rights',
  'identifier',
  'source',
  'relation',
]

/** @param collections its own and those above it, by their number */
export function documentOf(
  ctx: Context,
  record: LineRecord,
  collections: Map<number, Collection>,
): SearchDocument {
  const { dc } = record
  const collection = collections.get(record.collectionId)
  const years = firstYears([...(dc.date ?? []), ...(dc.coverage ?? [])])
  return {
    id: record.id,
    identifier: record.identifier,
    sequence: record.sequence ?? 0,
    title: dc.title ?? [],
    creator: dc.creator ?? [],
    description: dc.description ?? [],
    date: dc.date ?? [],
    keywords: dc.subject ?? [],
    types: dc.type ?? [],
    languages: [...new Set((dc.language ?? []).map(({ value }) => tagOf(value)))],
    other: otherTexts(record),
    collections: collection ? shownAbove(collections, collection) : [],
    keeper: record.keeper ?? { name: ctx.config.name, url: ctx.config.baseUrl },
    ...(years && { years }),
    ...pictureOf(ctx, record),
    ...shownLooks(record),
  }
}

/** Its collection and those above it, as far as the public knows them. */
function shownAbove(all: Map<number, Collection>, collection: Collection): string[] {
  return withAncestors(all, collection)
    .filter((each) => isListed(anybody, each))
    .map((each) => each.slug)
}

function firstYears(values: Value[]): Years | undefined {
  for (const { value } of values) {
    const years = yearsOf(value)
    if (years) return years
  }
  return undefined
}

// Few of them come again and again.
const tagOf = knowing(languageTag)

/** `fr` for "fre", "fra", "FR", "French" and "français"; what is no language stays as it is. */
export function languageTag(text: string): string {
  const trimmed = text.trim()
  const named = languageNames.get(trimmed.toLowerCase().normalize('NFC'))
  if (named) return named
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(trimmed)) return trimmed
  try {
    return Intl.getCanonicalLocales(trimmed)[0]?.split('-')[0] ?? trimmed
  } catch {
    return trimmed
  }
}

// Names of the languages of collections in French, English and themselves.
const languageNames = new Map(
  `aa ar be bg bn br ca co cs cy da de el en eo es et eu fa fi fr ga gd gl grc gsw he hi hr hu hy id is it ja ka km ko
  la lb lo lt lv mk ml mn ms mt nl nb nn no oc pl pt ro ru sa sc sk sl sq sr sv sw ta te th tr uk ur uz vi yi zh`
    .split(/\s+/)
    .flatMap((tag) =>
      ['fr', 'en', tag].map((reader): [string, string] => {
        const name = new Intl.DisplayNames([reader], { type: 'language' }).of(tag) ?? tag
        return [name.toLowerCase().normalize('NFC'), tag]
      }),
    ),
)

/** All text that is found by its words only: elements without a place of their own, then fields of the profile. */
function otherTexts({ dc, metadata }: LineRecord): string[] {
  const texts = new Set(others.flatMap((name) => (dc[name] ?? []).map(({ value }) => value)))
  const own = textsIn(metadata)
  if (!own.length) return [...texts]
  const known = new Set(Object.values(dc).flatMap((values) => values.map(({ value }) => value)))
  for (const text of own) if (!known.has(text)) texts.add(text)
  return [...texts]
}

function textsIn(content: Json): string[] {
  if (typeof content === 'string') return [content]
  if (typeof content === 'number') return [String(content)]
  if (Array.isArray(content)) return content.flatMap(textsIn)
  if (content === null || typeof content !== 'object') return []
  // { value, language } is a text; the tag is not.
  if (typeof content['value'] === 'string') return [content['value']]
  return Object.values(content).flatMap(textsIn)
}

/** Only where anybody may see them. */
function shownLooks(record: LineRecord): Pick<SearchDocument, 'looks'> {
  const looks = sightOf(anybody, record) === 'all' ? looksOf(record) : []
  return looks.length ? { looks } : {}
}

/** Where it is seen: at the brick that holds it, or here; an image only where anybody may see it. */
function pictureOf(ctx: Context, record: LineRecord): Pick<SearchDocument, 'links' | 'picture'> {
  const links = linksOf(ctx, record)
  const file = record.files.find((each) => each.image !== undefined)
  if (file?.image && file.width && file.height && links.thumbnail) {
    return { links, picture: { width: file.width, height: file.height, image: file.image } }
  }
  const shape = sizeInAddress(links.thumbnail) ?? sizeInAddress(links.image)
  return { links, ...(shape && { picture: shape }) }
}
