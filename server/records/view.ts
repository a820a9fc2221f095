// What the page of a record needs to know, worked out before any HTML: its pictures, its keeper, its rights, its fields.
import { inLanguage, preferred, type DcElement, type Value } from '../../schemas/dublin-core.ts'
import type { Profile } from '../../schemas/profile.ts'
import {
  isGiven,
  pagesOf,
  type FileReference,
  type Keeper,
  type Page,
  type StoredRecord,
} from '../../schemas/record.ts'
import type { Collection } from '../collections/entities.ts'
import { termsOf, type Terms } from '../formats/access-terms.ts'
import type { Lack } from '../formats/format.ts'
import { valuesOf } from '../profiles/profiles.ts'
import {
  chosen,
  ownPicture,
  rightsOf,
  safeUrl,
  storedSizes,
  titleOf,
  type Rights,
  type Visit,
} from '../web/web.ts'

/** A picture as the page shows it before, or instead of, the viewer. */
export interface Shot {
  src: string
  srcset?: string
  thumb: string
  width?: number
  height?: number
  /** info.json of its IIIF Image service. */
  info?: string
  download?: string
}

export interface Field {
  label: string
  values: Value[]
}

export interface RecordView {
  record: StoredRecord
  /** The page of this record here. */
  address: string
  title: Value
  description: Value[]
  shots: Shot[]
  /** All of them are pages of one file. */
  isPaged: boolean
  /** Files that are given as they are kept. */
  files: FileReference[]
  manifest: string | undefined
  keeper: Keeper
  harvested: boolean
  /** Where its files are shown on request only. */
  onRequest: boolean
  /** Of a picture that is shown on request: what everybody may see. */
  preview: string | undefined
  /** Who may see the files of a harvested record, as those who keep it say. */
  terms: Terms
  /** The public sees less than this reader. */
  unlisted: boolean
  rights: Rights
  facts: { name: 'who' | 'what' | 'when' | 'where' | 'how'; values: Value[] }[]
  keywords: Value[]
  fields: Field[]
  /** Metadata formats that it can be given in. */
  formats: string[]
  /** For its owner: those that it is left out of, and why. */
  gaps: Gap[]
  /** This one and those above it, nearest first. */
  collections: Collection[]
}

export interface Gap {
  metadataPrefix: string
  lacks: Lack[]
}

export interface Given {
  record: StoredRecord
  files: boolean
  unlisted: boolean
  collections: Collection[]
  formats: string[]
  gaps: Gap[]
  profile: Profile | undefined
}

export function viewOf(visit: Visit, given: Given): RecordView {
  const { ctx, language } = visit
  const { record, collections } = given
  const { dc, links } = record
  const read = (element: DcElement): Value[] => inLanguage(dc[element], language)
  const shots = given.files ? shotsOf(visit, record) : []
  const facts: RecordView['facts'] = [
    { name: 'who', values: [...read('creator'), ...read('contributor')] },
    { name: 'what', values: read('type') },
    { name: 'when', values: read('date') },
    { name: 'where', values: read('coverage') },
    {
      name: 'how',
      values: read('format').filter(({ value }) => !/^[a-z]+\/[\w.+-]+$/.test(value)),
    },
  ]
  return {
    record,
    address: ctx.links.record(record.id),
    title: titleOf(visit, dc.title ?? []),
    description: read('description'),
    shots,
    isPaged: record.files.some(({ furtherPages }) => furtherPages?.length === shots.length - 1),
    files: given.files ? record.files.filter(isGiven) : [],
    manifest: manifestOf(visit, record, given.files, shots),
    keeper: record.keeper ?? { name: ctx.config.operator, url: ctx.links.home() },
    harvested: record.keeper !== undefined || links !== undefined,
    onRequest: !given.files,
    preview: given.files ? undefined : previewOf(visit, record),
    terms: termsOf(dc, visit.now),
    unlisted: given.unlisted,
    rights: rightsOf(dc.rights ?? [], collections.find((each) => each.rights)?.rights),
    facts: facts.filter(({ values }) => values.length),
    keywords: read('subject'),
    fields: fieldsOf(visit, record, given.profile),
    formats: given.formats,
    gaps: given.gaps,
    collections,
  }
}

/** What everybody may see of a picture that is shown on request. */
function previewOf({ ctx }: Visit, { files }: StoredRecord): string | undefined {
  const image = files.find((file) => file.image !== undefined)?.image
  return ctx.config.previewPixels && image
    ? ctx.links.image(ctx.links.preview(image), 'max')
    : undefined
}

function manifestOf(
  { ctx }: Visit,
  record: StoredRecord,
  files: boolean,
  shots: Shot[],
): string | undefined {
  if (!files) return undefined
  if (record.keeper || record.links) return safeUrl(record.links?.manifest)
  return shots.length ? ctx.links.manifest(record.id) : undefined
}

function shotsOf(visit: Visit, record: StoredRecord): Shot[] {
  const own = record.files.flatMap(pagesOf).flatMap((page) => ownShot(visit, page) ?? [])
  if (own.length) return own
  const { links } = record
  const service = safeUrl(links?.imageService)?.replace(/\/+$/, '')
  const image = safeUrl(links?.image)
  const thumbnail = safeUrl(links?.thumbnail)
  const src = service ? `${service}/full/!1200,1200/0/default.jpg` : (image ?? thumbnail)
  if (!src) return []
  return [
    {
      src,
      thumb: thumbnail ?? src,
      ...(service && { info: `${service}/info.json` }),
      ...(image && { download: image }),
    },
  ]
}

function ownShot({ ctx }: Visit, { image, width, height }: Page): Shot | undefined {
  if (!width || !height) return undefined
  const sizes = storedSizes({ width, height }).toReversed()
  const shown = sizes.filter((size) => size.width >= 500 && size.width <= 2600)
  const set = shown.length ? shown : sizes.slice(-1)
  const address = (size: { width: number }): string => ctx.links.image(image, `${size.width},`)
  const large = set.find((size) => size.width >= 1000) ?? set.at(-1) ?? { width, height }
  return {
    src: address(large),
    srcset: set.map((size) => `${address(size)} ${size.width}w`).join(', '),
    thumb: ownPicture(ctx, image, { width, height }, 80).src,
    width,
    height,
    info: `${ctx.links.imageService(image)}/info.json`,
    download: ctx.links.image(image, 'max'),
  }
}

/** All fields by the profile, under the labels that its keeper gave them; else the elements of Dublin Core. */
function fieldsOf(visit: Visit, record: StoredRecord, profile: Profile | undefined): Field[] {
  const own = profile ? byProfile(visit, record, profile) : []
  if (own.length) return own
  return Object.entries(record.dc).flatMap(([element, values]) => {
    const name = element as DcElement
    const read =
      name === 'language'
        ? values.map(({ value }) => ({ value: visit.words.languageName(value) }))
        : values
    return read.length ? [{ label: visit.t(`dc.${name}`), values: read }] : []
  })
}

function byProfile({ language }: Visit, { metadata }: StoredRecord, profile: Profile): Field[] {
  return Object.entries(metadata)
    .map(([name, content]) => {
      const display = profile.display[name]
      const label = display ? chosen(display.label, language)?.value : undefined
      return {
        label: label ?? name,
        order: display?.order ?? Infinity,
        hidden: display?.hidden ?? false,
        values: valuesOf(content).toSorted(
          (a, b) => Number(b.language === language) - Number(a.language === language),
        ),
      }
    })
    .filter(({ hidden, values }) => !hidden && values.length)
    .toSorted((a, b) => a.order - b.order)
    .map(({ label, values }) => ({ label, values }))
}

/** Whom a citation names, and where it leads. */
export function citationOf(visit: Visit, view: RecordView): { text: string; address: string } {
  const { record, keeper, title } = view
  const who = inLanguage(record.dc.creator, visit.language)
    .slice(0, 3)
    .map(({ value }) => value)
  const when = preferred(record.dc.date, visit.language)?.value
  const address = safeUrl(record.links?.homepage) ?? view.address
  const parts = [
    ...(who.length ? [who.join(', ')] : []),
    title.value,
    ...(when ? [when] : []),
    keeper.name,
    ...(view.rights.name ? [view.rights.name] : []),
  ].map((part) => part.replace(/[.\s]+$/, ''))
  return { text: `${parts.join('. ')}. ${address}`, address }
}
