// A record as a Presentation 3 manifest: https://iiif.io/api/presentation/3.0/#52-manifest
// Pure: a record and what surrounds it in, JSON out.
import type {
  Canvas,
  ContentResource,
  InternationalString,
  Manifest,
  MetadataItem,
} from '@iiif/presentation-3'
import { parseDatestamp } from '../../schemas/datestamp.ts'
import { dcElements, type Value } from '../../schemas/dublin-core.ts'
import type { MetadataFormat } from '../../schemas/oai.ts'
import type { Profile } from '../../schemas/profile.ts'
import { isGiven, pagesOf, type FileReference, type StoredRecord } from '../../schemas/record.ts'
import type { Collection } from '../collections/entities.ts'
import type { Image } from '../files/files.ts'
import type { Addresses } from '../http/links.ts'
import { valuesOf } from '../profiles/profiles.ts'
import type { Guard } from './auth.ts'
import { dcLabels } from './dc-labels.ts'
import { authContext } from './image-versions.ts'
import { fromTranslations, fromValues, name } from './language-map.ts'
import {
  presentationContext,
  providerOf,
  resource,
  services,
  thumbnailOf,
  webPage,
  type Signature,
} from './resources.ts'
import { rightsAddress } from './rights.ts'

export interface Described {
  record: StoredRecord
  /** Where the profile is no longer known, Dublin Core speaks. */
  profile: Profile | undefined
  collection: Collection
  images: Map<string, Image>
  /** That it can be given in by OAI-PMH. */
  formats: MetadataFormat[]
  /** To the one who asks; else nothing is said of them but that there are pictures. */
  filesAreShown: boolean
  /** Where they are shown on request. */
  guard?: Guard
}

/** The manifest of a record; undefined where it has no image to show. */
export function manifestOf(described: Described, brick: Signature): Manifest | undefined {
  const { record, collection, formats, filesAreShown, guard } = described
  const { links } = brick
  const id = links.manifest(record.id)
  const isAlone = record.files.filter((file) => file.image !== undefined).length === 1
  const nameOf = (file: FileReference, index: number): InternationalString =>
    filesAreShown || file.label ? fileLabel(file) : name(String(index + 1))
  const canvases = record.files.flatMap((file, index) =>
    pagesOf(file).flatMap((page, nth, { length }) => {
      const image = described.images.get(page.image)
      const canvas = `${id}/canvas/${index + 1}${nth ? `/${nth + 1}` : ''}`
      const own = nameOf(file, index)
      const label = length > 1 ? pageLabel(own, nth + 1, isAlone) : own
      return image ? [canvasOf(canvas, label, image, links, guard)] : []
    }),
  )
  const [first] = canvases
  if (!first) return undefined
  const summary = record.dc.description
  const day = dayOf(record.dc.date)
  const documents = filesAreShown ? documentsOf(record, links) : []
  return {
    '@context': guard ? [authContext, presentationContext] : presentationContext,
    id,
    type: 'Manifest',
    label: labelOf(record),
    ...(summary?.length && { summary: fromValues(summary) }),
    metadata: metadataOf(described),
    ...rightsOf(described, brick),
    provider: [providerOf(brick)],
    ...(first.thumbnail && { thumbnail: first.thumbnail }),
    ...(day && { navDate: day }),
    homepage: [webPage(links.record(record.id), labelOf(record))],
    ...(documents.length && { rendering: documents }),
    seeAlso: seeAlso(record, formats, links),
    partOf: [{ id: links.collectionManifest(collection.slug), type: 'Collection' }],
    items: canvases,
  }
}

export function labelOf(record: Pick<StoredRecord, 'dc' | 'identifier'>): InternationalString {
  const title = record.dc.title
  return title?.length ? fromValues(title) : name(record.identifier)
}

const fileLabel = (file: FileReference): InternationalString =>
  file.label ? fromTranslations(file.label) : name(file.name)

/** Of one file its number says it all; among several, which file it is a page of. */
function pageLabel(own: InternationalString, page: number, isAlone: boolean): InternationalString {
  if (isAlone) return name(String(page))
  const said = Object.entries(own).map(([language, values]) => [
    language,
    (values ?? []).map((value) => `${value}, p. ${page}`),
  ])
  return Object.fromEntries(said) as InternationalString
}

function canvasOf(
  id: string,
  label: InternationalString,
  image: Image,
  links: Addresses,
  guard: Guard | undefined,
): Canvas {
  const { width, height } = image
  const small = guard ? guard.preview(image) : image
  return {
    id,
    type: 'Canvas',
    label,
    width,
    height,
    ...(small && { thumbnail: [thumbnailOf(small, links)] }),
    items: [
      {
        id: `${id}/page`,
        type: 'AnnotationPage',
        items: [
          {
            id: `${id}/painting`,
            type: 'Annotation',
            motivation: 'painting',
            target: id,
            body: resource({
              id: links.image(image.id, 'max'),
              type: 'Image',
              format: 'image/jpeg',
              width,
              height,
              service: services(image, links, guard?.probe(image)),
            }),
          },
        ],
      },
    ],
  }
}

/** The files whose pages are shown, to have as they are kept. */
const documentsOf = ({ files }: StoredRecord, links: Addresses): ContentResource[] =>
  files
    .filter((file) => file.image !== undefined && isGiven(file))
    .map((file) =>
      resource({
        id: links.file(file.sha256, file.name),
        type: 'Text',
        format: file.mediaType,
        label: fileLabel(file),
      }),
    )

function metadataOf({ record, profile }: Described): MetadataItem[] {
  const { title = [], description = [] } = record.dc
  const said = [...title, ...description].map((each) => each.value)
  // What stands in label or summary is not repeated.
  const isNew = (values: Value[]): boolean => values.some((each) => !said.includes(each.value))
  const own = Object.entries(profile?.display ?? {})
    .filter(([, hint]) => !hint.hidden)
    .toSorted(([, a], [, b]) => a.order - b.order)
    .map(([field, hint]) => ({ label: hint.label, values: valuesOf(record.metadata[field]) }))
    .filter(({ values }) => values.length > 0)
  const shown = own.length
    ? own
    : dcElements.map((element) => ({ label: dcLabels[element], values: record.dc[element] ?? [] }))
  return shown
    .filter(({ values }) => isNew(values))
    .map(({ label, values }) => ({ label: fromTranslations(label), value: fromValues(values) }))
}

function rightsOf(
  { record, collection }: Described,
  { config }: Signature,
): Pick<Manifest, 'rights' | 'requiredStatement'> {
  const statements = [
    ...(record.dc.rights ?? []),
    ...(collection.rights ? [{ value: collection.rights }] : []),
  ]
  const rights = statements.map(({ value }) => rightsAddress(value)).find(Boolean)
  const texts = (record.dc.rights ?? []).filter(({ value }) => !rightsAddress(value))
  return {
    ...(rights && { rights: rights as NonNullable<Manifest['rights']> }),
    requiredStatement: {
      label: { en: ['Attribution'], fr: ['Mention obligatoire'] },
      value: fromValues([{ value: config.operator }, ...texts]),
    },
  }
}

const formatNames: Record<string, string> = {
  oai_dc: 'Dublin Core',
  dcterms: 'DCMI Metadata Terms',
  edm: 'Europeana Data Model',
  mets: 'METS',
  mods: 'MODS',
  oai_datacite: 'DataCite',
  oai_openaire: 'OpenAIRE',
}

function seeAlso(
  record: StoredRecord,
  formats: MetadataFormat[],
  links: Addresses,
): ContentResource[] {
  return formats.map(({ metadataPrefix: prefix, metadataNamespace: namespace }) => {
    const label = `${formatNames[prefix] ?? prefix} (OAI-PMH)`
    const query = new URLSearchParams({
      verb: 'GetRecord',
      metadataPrefix: prefix,
      identifier: record.identifier,
    })
    return resource({
      id: `${links.oai()}?${query.toString()}`,
      type: 'Dataset',
      format: 'text/xml',
      profile: namespace,
      label: { en: [label] },
    })
  })
}

/** Only a date that names a day is a place on a time line. */
function dayOf(dates: Value[] | undefined): string | undefined {
  const day = dates?.find(({ value }) => /^\d{4}-\d{2}-\d{2}$/.test(value) && parseDatestamp(value))
  return day && `${day.value}T00:00:00Z`
}
