// Profiles: data that says what the records of a collection look like and how they become Dublin Core.
// Those of the house lie in schemas/profiles; an operator adds files of his own without touching code.
import { basename, join } from 'node:path'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Config } from '../../config/config.ts'
import {
  addValue,
  dcElements,
  refinements,
  type DcTerm,
  type DublinCore,
  type Value,
} from '../../schemas/dublin-core.ts'
import {
  fieldTypes,
  profileSchema,
  type CrosswalkRule,
  type Profile,
} from '../../schemas/profile.ts'
import { formatFileSchema } from '../../schemas/profile-format.ts'
import type { JsonObject } from '../../schemas/record.ts'
import type { Format } from '../formats/format.ts'
import { packageFolder } from '../http/package.ts'
import { invalid, notFound } from '../http/errors.ts'
import { detail, filesIn, readChecked } from './files.ts'
import { loadFormats } from './formats.ts'
import { valuesOf } from './values.ts'

export { valuesOf } from './values.ts'

/** One thing that a record lacks under its profile. */
export interface Fault {
  /** JSON Pointer into the metadata, as `/title/0/value`. */
  pointer: string
  field: string
  reason: string
}

export interface Profiles {
  /** @throws not-found, naming the profiles that there are */
  get(id: string): Profile
  list(): Profile[]
  /** Metadata formats that crosswalk files add. */
  formats(): Format[]
  /** What is wrong with this metadata; nothing: it is valid. */
  faults(profile: Profile, metadata: JsonObject): Fault[]
}

const loaded = new WeakMap<Config, Profiles>()

/** The profiles of this brick, read once. */
export function profilesOf(config: Config): Profiles {
  const known = loaded.get(config)
  if (known) return known
  const profiles = loadProfiles([
    join(packageFolder, 'schemas', 'profiles'),
    config.profilesDir ?? join(config.dataDir, 'profiles'),
  ])
  loaded.set(config, profiles)
  return profiles
}

/**
 * Reads every `*.json` of these folders; a later folder's profile takes the place of an earlier one's. So with the formats
 * in `formats` below them.
 * @throws invalid, naming the file and the pointer to the fault
 */
export function loadProfiles(folders: string[]): Profiles {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
  addFormats.default(ajv)
  ajv.addSchema(fieldTypes)
  const obeys = ajv.compile(profileSchema)
  const profiles = new Map<string, { profile: Profile; validate: ValidateFunction }>()
  for (const file of folders.flatMap(filesIn)) {
    const profile = readProfile(file, obeys)
    profiles.set(profile.id, { profile, validate: compile(ajv, profile, file) })
  }
  const entry = (id: string): { profile: Profile; validate: ValidateFunction } => {
    const found = profiles.get(id)
    if (!found)
      throw notFound(`There is no profile "${id}"; there are ${[...profiles.keys()].join(', ')}.`)
    return found
  }
  const formats = loadFormats(
    folders,
    new Map([...profiles].map(([id, { profile }]) => [id, profile])),
    ajv.compile(formatFileSchema),
  )
  return {
    formats: () => formats,
    get: (id) => entry(id).profile,
    list: () => [...profiles.values()].map(({ profile }) => profile),
    faults(profile, metadata) {
      const { validate } = entry(profile.id)
      return validate(metadata) ? [] : (validate.errors ?? []).map(faultOf)
    },
  }
}

function readProfile(file: string, obeys: ValidateFunction): Profile {
  const profile = readChecked('profile', file, obeys) as Profile
  if (`${profile.id}.json` !== basename(file)) {
    throw invalid(
      `The profile ${file} is wrong at /id: it is "${profile.id}", so its file must be ${profile.id}.json`,
    )
  }
  for (const [element, rules] of Object.entries(profile.crosswalk)) {
    rules.forEach((rule, position) => {
      const term = termOf(rule)
      if (term !== undefined && refinements[term] !== element) {
        throw invalid(
          `The profile ${file} is wrong at /crosswalk/${element}/${position}/term: "${term}" refines ${refinements[term]}, not ${element}`,
        )
      }
      const field = fieldOf(rule)
      if (field !== undefined && !(field in profile.schema.properties)) {
        throw invalid(
          `The profile ${file} is wrong at /crosswalk/${element}/${position}: the schema has no field "${field}"`,
        )
      }
    })
  }
  for (const field of Object.keys(profile.display)) {
    if (!(field in profile.schema.properties)) {
      throw invalid(
        `The profile ${file} is wrong at /display/${field}: the schema has no field "${field}"`,
      )
    }
  }
  return profile
}

function compile(ajv: Ajv2020, profile: Profile, file: string): ValidateFunction {
  try {
    return ajv.compile({ ...profile.schema, $id: `campa:profile:${profile.id}:${file}` })
  } catch (cause) {
    throw invalid(`The profile ${file} is wrong at /schema: ${(cause as Error).message}`, { cause })
  }
}

function faultOf(error: ErrorObject): Fault {
  const missing = error.params['missingProperty'] as string | undefined
  const pointer = missing ? `${error.instancePath}/${missing}` : error.instancePath
  return {
    pointer,
    field: pointer.split('/')[1] ?? '',
    reason: missing ? 'is missing' : `${error.message ?? 'is wrong'}${detail(error)}`,
  }
}

function fieldOf(rule: CrosswalkRule): string | undefined {
  if (typeof rule === 'string') return rule
  return 'field' in rule ? rule.field : undefined
}

const termOf = (rule: CrosswalkRule): DcTerm | undefined =>
  typeof rule === 'string' ? undefined : rule.term

/** Dublin Core of a record under its profile. Pure: the same metadata gives the same result. */
export function crosswalk(profile: Profile, metadata: JsonObject): DublinCore {
  const dc: DublinCore = {}
  for (const element of dcElements) {
    const rules = profile.crosswalk[element]
    if (!rules) continue
    const values: Value[] = []
    for (const rule of rules) {
      for (const value of valuesByRule(rule, metadata)) addValue(values, value)
    }
    if (values.length) dc[element] = values
  }
  return dc
}

function valuesByRule(rule: CrosswalkRule, metadata: JsonObject): Value[] {
  if (typeof rule === 'string') return valuesOf(metadata[rule])
  const { language, term } = rule
  const given =
    'constant' in rule ? [{ value: rule.constant } as Value] : valuesOf(metadata[rule.field])
  const template = 'field' in rule ? rule.template : undefined
  return given.map((each) => {
    const tag = each.language ?? language
    return {
      value: template ? template.replace('{}', () => each.value) : each.value,
      ...(tag && { language: tag }),
      ...(term && { term }),
    }
  })
}
