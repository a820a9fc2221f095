// What the JSON API is, in OpenAPI 3.1, by hand; test/publish/api.test.ts holds every answer to it.
import { dcElements } from '../../schemas/dublin-core.ts'
import { levels, statuses, visibilities } from '../../schemas/record.ts'
import type { Context } from '../context.ts'
import { facets } from '../engine/engine.ts'
import { kinds, largest } from '../likeness/likeness.ts'
import { healthStates } from '../network/network.ts'
import {
  alikeParameters,
  collectionParameters,
  recordParameters,
  type Parameter,
} from './parameters.ts'
import {
  address,
  count,
  listOf,
  named,
  object,
  text,
  type OpenApi,
  type Operation,
  type Response,
  type Schema,
} from './schema.ts'

const values = listOf(named('Value'))
const slug = text('Its name in addresses.')
const self = address('This, as JSON.')
const page = address('The page of it for people.')

const parts: Record<string, Schema> = {
  Taken: object({ taken: { type: 'boolean' } }),
  Joining: object(
    {
      state: { type: 'string', enum: ['taken', 'mailed', 'waiting'] },
      'to?': text('To whom the mail went.'),
    },
    'How far a request to join has come.',
  ),
  Nothing: object({}),
  Value: object(
    { value: text(), 'language?': text('BCP 47 tag, where the source states one.') },
    'One value of a description.',
  ),
  Translations: {
    type: 'object',
    description: 'Text in several languages, keyed by BCP 47 tag; und where it is not known.',
    additionalProperties: text(),
  },
  Links: object(
    {
      'homepage?': address('Its page at the brick that holds it.'),
      'manifest?': address('IIIF Presentation 3 manifest.'),
      'thumbnail?': address(),
      'image?': address('Its first image.'),
      'imageService?': address('IIIF Image service of its first image.'),
    },
    'Addresses that anybody may follow; those of images are missing where it is shown on request.',
  ),
  Keeper: object({ name: text(), 'url?': address() }, 'The brick that holds it.'),
  Origin: object(
    {
      baseUrl: text(),
      identifier: text(),
      datestamp: text(),
      metadataNamespace: text(),
      harvestDate: text(),
      altered: { type: 'boolean' },
      'rights?': {
        type: 'string',
        description: 'Under which rights the description was given out there.',
      },
    },
    'One step of the way of a harvested record, as in the OAI-PMH provenance container.',
  ),
  Image: object(
    {
      id: text(),
      services: listOf(
        object({
          type: { type: 'string', enum: ['ImageService3', 'ImageService2'] },
          profile: text(),
          address: address(),
        }),
      ),
    },
    'A picture, or a page of a file of several, and where it is served.',
  ),
  File: object({
    name: text(),
    mediaType: text(),
    size: count('Bytes.'),
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    'width?': count(),
    'height?': count(),
    'label?': named('Translations'),
    'address?': address('Where to download it, if it is no picture, or a PDF.'),
    'image?': named('Image'),
    'furtherPages?': listOf(object({ width: count(), height: count(), image: named('Image') })),
  }),
}

const recordSchema = object({
  id: text('Its number in this brick.'),
  identifier: text('OAI identifier, the same at every brick.'),
  self,
  page,
  status: { type: 'string', enum: statuses },
  visibility: { type: 'string', enum: visibilities },
  access: {
    type: 'string',
    enum: ['all', 'description'],
    description: 'What you see of it: all, or the description, its files being shown on request.',
  },
  'collection?': object({ slug, title: named('Translations'), self, page }),
  profile: text('The profile that its metadata obey.'),
  title: values,
  metadata: { type: 'object', description: 'Its description, in the fields of its profile.' },
  dc: {
    type: 'object',
    description: 'The same in Dublin Core.',
    properties: Object.fromEntries(dcElements.map((name) => [name, values])),
    additionalProperties: false,
  },
  files: listOf(named('File'), 'None where access is "description".'),
  links: named('Links'),
  keeper: named('Keeper'),
  origins: listOf(named('Origin'), 'Of a harvested record: newest step first.'),
  'datestamp?': { type: 'string', format: 'date-time', description: 'Its last change here.' },
  formats: listOf(
    object({
      format: { type: 'string', description: '`page`, `manifest` or a metadataPrefix of OAI-PMH.' },
      mediaType: text(),
      address: address(),
    }),
    'The same record in other forms.',
  ),
})

const foundSchema = object(
  {
    id: text(),
    identifier: text(),
    self,
    page,
    title: values,
    creator: values,
    description: values,
    date: values,
    type: values,
    keyword: values,
    language: listOf(text()),
    collections: listOf(text(), 'Slugs of its collection and of those above it.'),
    keeper: named('Keeper'),
    'years?': object({ from: { type: 'integer' }, to: { type: 'integer' } }),
    links: named('Links'),
    'picture?': object({ width: { type: 'number' }, height: { type: 'number' } }),
  },
  'A record in a list; the whole of it is at "self".',
)

const moment: Schema = { type: 'string', format: 'date-time' }

const schemas: Record<string, Schema> = {
  ...parts,
  Record: recordSchema,
  FoundRecord: foundSchema,
  Records: object({
    total: count('All that was found.'),
    records: listOf(named('FoundRecord')),
    facets: object(
      Object.fromEntries(
        facets.map((name) => [name, listOf(object({ value: text(), count: count() }))]),
      ),
      'The most frequent values, each facet counted as if its own filter were not set.',
    ),
    'next?': address('The next page; missing on the last one.'),
  }),
  Matches: object({
    total: count(),
    matches: listOf(
      object({
        kind: {
          type: 'string',
          enum: kinds,
          description:
            'The same file; the same picture, as far as its print tells; or one that looks like it.',
        },
        distance: { type: 'integer', minimum: 0, maximum: 64, description: 'Bits that differ.' },
        record: named('FoundRecord'),
      }),
      'The same ones first, then the nearest.',
    ),
  }),
  Collection: object({
    slug,
    self,
    page,
    title: named('Translations'),
    description: named('Translations'),
    'parent?': text('Slug of the collection that it lies in.'),
    setSpec: text('Its set in OAI-PMH.'),
    profile: text(),
    'rights?': text('URI of a licence or rights statement for its records.'),
    visibility: { type: 'string', enum: visibilities },
    harvested: { type: 'boolean', description: 'Whether it comes from another brick.' },
    'total?': count('Public records in it and below it; missing where nobody has counted.'),
    records: address('Its records.'),
    'manifest?': address('IIIF Collection.'),
    'oai?': address('Its records over OAI-PMH.'),
  }),
  Collections: object({
    total: count(),
    collections: listOf(named('Collection')),
    'next?': address('The next page; missing on the last one.'),
  }),
  Source: object(
    {
      slug,
      name: text(),
      self: address('The page of it for people.'),
      url: address('Its OAI-PMH door.'),
      'homepage?': address(),
      'level?': { type: 'string', enum: levels },
      'operator?': text('Who keeps it.'),
      'contact?': text('E-mail address.'),
      'software?': text(),
      brick: { type: 'boolean', description: 'Whether it is a CaMPA brick.' },
      'logo?': address(),
      'place?': object(
        { north: { type: 'number' }, east: { type: 'number' }, 'name?': text() },
        'Where it stands, in degrees.',
      ),
      records: count('Its public records here, counted at the end of its last harvest.'),
      collection: text('Slug of its collection.'),
      bricks: count('Bricks below it whose records come through it.'),
      everyMinutes: count('How often it is harvested.'),
      'nextHarvest?': moment,
      'lastComplete?': { ...moment, description: 'End of its last complete harvest.' },
      health: object({
        state: { type: 'string', enum: healthStates },
        since: moment,
        'diagnosis?': text('Why it fails: a code.'),
      }),
      'harvest?': object(
        {
          status: { type: 'string', enum: ['running', 'complete', 'failed'] },
          started: moment,
          'ended?': moment,
          records: count('Read so far.'),
          'announced?': count('As many as the source said there would be.'),
          added: count(),
          changed: count(),
          deleted: count(),
          recordsPerSecond: { type: 'number', minimum: 0 },
        },
        'Its last harvest.',
      ),
    },
    'A brick or another OAI-PMH repository that this one reads.',
  ),
  Network: object({
    'parent?': address('The brick above.'),
    total: count(),
    sources: listOf(named('Source')),
  }),
  Problem: object(
    {
      type: { type: 'string', const: 'about:blank' },
      title: text(),
      status: { type: 'integer' },
      detail: text('What is wrong, in one sentence.'),
      'parameters?': listOf(
        object({ name: text(), 'given?': text(), allowed: text() }),
        'The parameters that make no sense.',
      ),
    },
    'Problem details (RFC 9457).',
  ),
}

const json = (name: string, description: string): Response => ({
  description,
  headers: {
    ETag: { description: 'Send it back as If-None-Match.', schema: text() },
    Link: { description: 'rel="next", rel="alternate", rel="service-desc".', schema: text() },
  },
  content: { 'application/json': { schema: named(name) } },
})

const wrong = (description: string): Response => ({
  description,
  content: { 'application/problem+json': { schema: named('Problem') } },
})

const responses: Record<string, Response> = {
  Same: { description: 'Your copy is as good (If-None-Match).' },
  Invalid: wrong('A parameter makes no sense; it is named, with what is allowed.'),
  Unknown: wrong('There is none, or it is not public.'),
  Gone: wrong('There was one, and it is gone for ever.'),
  Unavailable: wrong('The index does not answer at the moment: see Retry-After.'),
}

const other = (name: string): { $ref: string } => ({ $ref: `#/components/responses/${name}` })

const query = (parameters: Parameter[]): Operation['parameters'] =>
  parameters.map(({ name, description, schema }) => ({
    name,
    in: 'query',
    description,
    schema,
    ...(schema.type === 'array' && { explode: true }),
  }))

const inPath = (name: string, description: string): Operation['parameters'] => [
  { name, in: 'path', required: true, description, schema: text() },
]

const paths: OpenApi['paths'] = {
  '/api/v1/records': {
    get: {
      operationId: 'findRecords',
      summary: 'Public records by words, facets and years',
      description: 'The words are those of the search page. For everything, harvest over OAI-PMH.',
      parameters: query(recordParameters),
      responses: {
        200: json('Records', 'A page of what was found, with facets.'),
        304: other('Same'),
        400: other('Invalid'),
        503: other('Unavailable'),
      },
    },
  },
  '/api/v1/records/{id}': {
    get: {
      operationId: 'getRecord',
      summary: 'One record, whole',
      parameters: inPath('id', 'Its number in this brick.'),
      responses: {
        200: json('Record', 'The record.'),
        304: other('Same'),
        400: other('Invalid'),
        404: other('Unknown'),
        410: other('Gone'),
      },
    },
  },
  '/api/v1/records/{id}/alike': {
    get: {
      operationId: 'findAlike',
      summary: 'Public records with a picture that looks like the first one of this record',
      parameters: [...inPath('id', 'Its number in this brick.'), ...query(alikeParameters)],
      responses: {
        200: json('Matches', 'What looks alike, without the record itself.'),
        304: other('Same'),
        400: other('Invalid'),
        404: other('Unknown'),
        410: other('Gone'),
        503: other('Unavailable'),
      },
    },
  },
  '/api/v1/search/image': {
    post: {
      operationId: 'findByImage',
      summary: 'Public records that keep a picture, or one that looks like it',
      description: `The picture, of at most ${largest / 1_000_000} MB, is looked at and thrown away.`,
      parameters: [],
      requestBody: {
        required: true,
        content: {
          'image/*': { schema: {} },
          'multipart/form-data': {
            schema: object({ picture: { description: 'The file of a picture.' } }),
          },
        },
      },
      responses: {
        200: json('Matches', 'Who keeps it.'),
        400: wrong('It is no picture, too large, or cannot be read.'),
        503: wrong('Too many are asking at the moment: see Retry-After.'),
      },
    },
  },
  '/api/v1/collections': {
    get: {
      operationId: 'listCollections',
      summary: 'All collections, each after the one that it lies in',
      parameters: query(collectionParameters),
      responses: {
        200: json('Collections', 'A page of collections.'),
        304: other('Same'),
        400: other('Invalid'),
      },
    },
  },
  '/api/v1/collections/{slug}': {
    get: {
      operationId: 'getCollection',
      summary: 'One collection',
      parameters: inPath('slug', 'Its name in addresses.'),
      responses: {
        200: json('Collection', 'The collection.'),
        304: other('Same'),
        400: other('Invalid'),
        404: other('Unknown'),
      },
    },
  },
  '/api/v1/network': {
    get: {
      operationId: 'getNetwork',
      summary: 'The sources of this brick: what they are, how much is here, how fresh',
      parameters: [],
      responses: {
        200: json('Network', 'The brick above and the sources below, by name.'),
        304: other('Same'),
        400: other('Invalid'),
      },
    },
  },
}

const door = 'Base URL of its OAI-PMH door.'
const refused: Operation['responses'] = {
  400: other('Invalid'),
  403: wrong('This brick takes no children, or has refused this one.'),
  409: wrong('There were too many tries.'),
  503: wrong('Too many are asking at the moment: see Retry-After.'),
}
const doorBody: Operation['requestBody'] = {
  required: true,
  content: { 'application/json': { schema: object({ url: address(door) }) } },
}

/** What bricks say to each other (docs/network.md). */
const betweenBricks: OpenApi['paths'] = {
  '/api/v1/network/join': {
    get: {
      operationId: 'isTaken',
      summary: 'Whether this brick reads a repository',
      parameters: [
        { name: 'url', in: 'query', required: true, description: door, schema: address() },
      ],
      responses: { 200: json('Taken', 'Yes or no.'), 400: other('Invalid') },
    },
    post: {
      operationId: 'askToJoin',
      summary: 'Ask that this brick read a repository',
      description: 'The mail to confirm goes to the address that its Identify states.',
      parameters: [],
      requestBody: doorBody,
      responses: {
        200: json('Joining', 'It is read already.'),
        202: json('Joining', 'A mail is on its way, or the operator decides.'),
        ...refused,
      },
    },
  },
  '/api/v1/network/notice': {
    post: {
      operationId: 'giveNotice',
      summary: 'Say that what a child says of its place has changed',
      description: 'Nothing of the message is believed: its Identify is read anew.',
      parameters: [],
      requestBody: doorBody,
      responses: {
        202: json('Nothing', 'It has been looked at.'),
        404: other('Unknown'),
        ...refused,
      },
    },
  },
}

export function openApi({ config }: Context): OpenApi {
  return {
    openapi: '3.1.0',
    info: {
      title: config.name,
      version: '1.0.0',
      summary: 'What this brick holds, as JSON, and how others join it: no key.',
      contact: { email: config.adminEmail },
    },
    servers: [{ url: config.baseUrl }],
    security: [{}, { administrator: [] }],
    paths: { ...paths, ...betweenBricks },
    components: {
      schemas,
      responses,
      securitySchemes: {
        administrator: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token of the administrator, who sees records that are not public.',
        },
      },
    },
  }
}
