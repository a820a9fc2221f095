// Records and collections as the JSON API gives them. Who may see them was asked before.
import {
  isGiven,
  pagesOf,
  type FileReference,
  type Keeper,
  type Links,
  type Page,
  type StoredRecord,
} from '../../schemas/record.ts'
import { anybody, type Actor } from '../accounts/accounts.ts'
import { isListed, isPublic, type Sight } from '../access/access.ts'
import type { Collection } from '../collections/collections.ts'
import type { Context } from '../context.ts'
import type { SearchDocument, SearchResult } from '../engine/engine.ts'
import type { Match } from '../likeness/likeness.ts'
import type { SourceSummary } from '../network/network.ts'
import { formatsOf as formats, linksOf } from '../records/records.ts'

interface Format {
  /** `page`, `manifest` or a metadataPrefix. */
  format: string
  mediaType: string
  address: string
}

/** The same record in other forms. */
function formatsOf(ctx: Context, record: StoredRecord, links: Links): Format[] {
  const oai = (prefix: string): string =>
    `${ctx.links.oai()}?verb=GetRecord&metadataPrefix=${prefix}&identifier=${encodeURIComponent(record.identifier)}`
  const page: Format = {
    format: 'page',
    mediaType: 'text/html',
    address: ctx.links.record(record.id),
  }
  const harvestable = isPublic(record)
    ? formats(ctx, record).map(({ metadataPrefix: format }) => ({
        format,
        mediaType: 'text/xml',
        address: oai(format),
      }))
    : []
  const manifest: Format[] = links.manifest
    ? [{ format: 'manifest', mediaType: 'application/ld+json', address: links.manifest }]
    : []
  return [page, ...harvestable, ...manifest]
}

function fileOf(ctx: Context, file: FileReference): object {
  const { sha256, name, mediaType, size, width, height, label } = file
  const [first, ...furtherPages] = pagesOf(file)
  return {
    name,
    mediaType,
    size,
    sha256,
    ...(width && height && { width, height }),
    ...(label && { label }),
    ...(isGiven(file) && { address: ctx.links.file(sha256, name) }),
    ...(first && { image: imageOf(ctx, first) }),
    ...(furtherPages.length && {
      furtherPages: furtherPages.map((page) => ({
        width: page.width,
        height: page.height,
        image: imageOf(ctx, page),
      })),
    }),
  }
}

const imageOf = ({ links }: Context, { image }: Page): object => ({
  id: image,
  services: [
    { type: 'ImageService3', profile: 'level2', address: links.imageService(image) },
    { type: 'ImageService2', profile: 'level2', address: links.imageService(image, 2) },
  ],
})

const keeperOf = (ctx: Context, keeper: Keeper | undefined): Keeper =>
  keeper ?? { name: ctx.config.name, url: ctx.config.baseUrl }

export interface Seen {
  record: StoredRecord
  collection: Collection
  actor: Actor
  sight: Extract<Sight, 'all' | 'description'>
}

export function recordJson(ctx: Context, { record, collection, actor, sight }: Seen): object {
  const { id, identifier, status, visibility, profile, dc, metadata, datestamp, origins } = record
  const links = linksOf(ctx, record)
  return {
    id,
    identifier,
    self: ctx.links.api('records', id),
    page: ctx.links.record(id),
    status,
    visibility,
    access: sight,
    ...(isListed(actor, collection) && { collection: placeOf(ctx, collection) }),
    profile,
    title: dc.title ?? [],
    metadata,
    dc,
    files: sight === 'all' ? record.files.map((file) => fileOf(ctx, file)) : [],
    links,
    keeper: keeperOf(ctx, record.keeper),
    origins: origins ?? [],
    ...(datestamp && { datestamp }),
    formats: formatsOf(ctx, record, links),
  }
}

const placeOf = (ctx: Context, { slug, title }: Collection): object => ({
  slug,
  title,
  self: ctx.links.api('collections', slug),
  page: ctx.links.collection(slug),
})

/** A record in a list: what the index knows of it. */
function hitJson(ctx: Context, document: SearchDocument): object {
  const { id, identifier, title, creator, description, date, keywords, types } = document
  const { languages, collections, keeper, years, links, picture } = document
  return {
    id,
    identifier,
    self: ctx.links.api('records', id),
    page: ctx.links.record(id),
    title,
    creator,
    description,
    date,
    type: types,
    keyword: keywords,
    language: languages,
    collections,
    keeper,
    ...(years && { years: { from: years.from, to: years.to } }),
    links,
    ...(picture && { picture: { width: picture.width, height: picture.height } }),
  }
}

export const matchesJson = (ctx: Context, matches: Match[]): object => ({
  total: matches.length,
  matches: matches.map(({ kind, distance, document }) => ({
    kind,
    distance,
    record: hitJson(ctx, document),
  })),
})

export function resultJson(ctx: Context, result: SearchResult, next: string | undefined): object {
  return {
    total: result.total,
    records: result.hits.map((hit) => hitJson(ctx, hit)),
    facets: result.facets,
    ...(next && { next }),
  }
}

/** @param total how many public records are in it and below, where that is known */
export function collectionJson(
  ctx: Context,
  collection: Collection,
  parent: Collection | undefined,
  total: number | undefined,
): object {
  const { slug, setSpec, title, description, profile, rights, visibility } = collection
  const { links } = ctx
  const oai = `${links.oai()}?verb=ListRecords&metadataPrefix=oai_dc&set=${encodeURIComponent(setSpec)}`
  const isKnown = isListed(anybody, collection)
  return {
    slug,
    self: links.api('collections', slug),
    page: links.collection(slug),
    title,
    description,
    ...(parent && { parent: parent.slug }),
    setSpec,
    profile,
    ...(rights !== null && { rights }),
    visibility,
    harvested: collection.sourceId !== null,
    ...(total !== undefined && { total }),
    records: `${links.api('records')}?collection=${encodeURIComponent(slug)}`,
    ...(isKnown && { manifest: links.collectionManifest(slug), oai }),
  }
}

export function sourceJson({ links }: Context, source: SourceSummary): object {
  const { slug, name, url, homepage, level, operator, contact, software, brick, logo } = source
  const { place, records, everyMinutes, nextRunAt, completedAt, health, lastHarvest } = source
  return {
    slug,
    name,
    self: links.network(slug),
    url,
    homepage,
    level,
    operator,
    contact,
    software,
    brick,
    logo,
    place,
    records,
    collection: source.collectionSlug,
    bricks: source.childCount,
    everyMinutes,
    nextHarvest: nextRunAt ?? undefined,
    lastComplete: completedAt ?? undefined,
    health,
    harvest: lastHarvest && harvestJson(lastHarvest),
  }
}

function harvestJson(harvest: NonNullable<SourceSummary['lastHarvest']>): object {
  const { status, startedAt, endedAt, records, added, changed, deleted, pace } = harvest
  return {
    status,
    started: startedAt,
    ended: endedAt ?? undefined,
    records,
    announced: harvest.completeListSize ?? undefined,
    added,
    changed,
    deleted,
    recordsPerSecond: Math.round(pace * 10) / 10,
  }
}
