// Profiles: data that says what the records of a collection look like and how they become Dublin Core.
// Those of the house lie in schemas/profiles; an operator adds files of his own without touching code.
import { existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
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
import { conflict, invalid, notFound } from '../http/errors.ts'
import { checked, detail, filesIn, readChecked, wrong } from './files.ts'
import { loadFormats } from './formats.ts'
import { tooBold } from './strangers.ts'
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

interface Loaded {
  profiles: Profiles
  /** When the folder of adopted ones was last looked at, and how it stood when they were read. */
  lookedAt: number
  adopted: number
}

const loaded = new WeakMap<Config, Loaded>()
const lookEvery = 5000

const house = join(packageFolder, 'schemas', 'profiles')
const ownFolder = (config: Config): string => config.profilesDir ?? join(config.dataDir, 'profiles')
const adoptedFolder = (config: Config): string => join(ownFolder(config), 'adopted')

/** The profiles of this brick: read once, and again when one is adopted, by whichever process. */
export function profilesOf(config: Config): Profiles {
  const known = loaded.get(config)
  const now = Date.now()
  if (known && now - known.lookedAt < lookEvery) return known.profiles
  const adopted = changedAt(adoptedFolder(config))
  if (known?.adopted === adopted) {
    known.lookedAt = now
    return known.profiles
  }
  const profiles = loadProfiles([house, adoptedFolder(config), ownFolder(config)])
  loaded.set(config, { profiles, lookedAt: now, adopted })
  return profiles
}

const changedAt = (folder: string): number =>
  statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Whether every brick has it. */
export const isOfTheHouse = (id: string): boolean => existsSync(join(house, `${id}.json`))

/**
 * Uses a profile that came from elsewhere from now on, or the newer form of one.
 * @throws conflict where this brick has another profile of that name
 */
export function adoptProfile(config: Config, profile: Profile): void {
  const name = `${profile.id}.json`
  if (isOfTheHouse(profile.id) || existsSync(join(ownFolder(config), name)))
    throw conflict(`This brick has a profile "${profile.id}" of its own.`)
  const folder = adoptedFolder(config)
  mkdirSync(folder, { recursive: true })
  // Renamed into its place: no process ever reads half of it.
  const file = join(folder, name)
  writeFileSync(`${file}.new`, `${JSON.stringify(profile, null, 2)}\n`)
  renameSync(`${file}.new`, file)
  loaded.delete(config)
}

function validator(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
  addFormats.default(ajv)
  ajv.addSchema(fieldTypes)
  return ajv
}

interface Entry {
  profile: Profile
  validator(): ValidateFunction
}

// To compile schemas takes longer than all else of a start. So what every brick has is compiled once in a process, and a
// profile of the house when something is first held against it; an operator's own at once, since it may be wrong.
let known: { isProfile: ValidateFunction; isFormat: ValidateFunction } | undefined
let ofHouse: { ajv: Ajv2020; compiled: Map<string, ValidateFunction> } | undefined

function judges(): NonNullable<typeof known> {
  if (known) return known
  const ajv = validator()
  known = { isProfile: ajv.compile(profileSchema), isFormat: ajv.compile(formatFileSchema) }
  return known
}

function houseValidator(profile: Profile, file: string): ValidateFunction {
  const { ajv, compiled } = (ofHouse ??= { ajv: validator(), compiled: new Map() })
  const validate = compiled.get(file) ?? compile(ajv, profile, file)
  compiled.set(file, validate)
  return validate
}

/**
 * Reads every `*.json` of these folders; a later folder's profile takes the place of an earlier one's. So with the formats
 * in `formats` below them.
 * @throws invalid, naming the file and the pointer to the fault
 */
export function loadProfiles(folders: string[]): Profiles {
  const { isProfile, isFormat } = judges()
  const profiles = new Map<string, Entry>()
  let ajv: Ajv2020 | undefined
  for (const file of folders.flatMap(filesIn)) {
    const profile = readProfile(file, isProfile)
    if (dirname(file) === house) {
      profiles.set(profile.id, { profile, validator: () => houseValidator(profile, file) })
    } else {
      const validate = compile((ajv ??= validator()), profile, file)
      profiles.set(profile.id, { profile, validator: () => validate })
    }
  }
  const entry = (id: string): Entry => {
    const found = profiles.get(id)
    if (!found)
      throw notFound(`There is no profile "${id}"; there are ${[...profiles.keys()].join(', ')}.`)
    return found
  }
  const formats = loadFormats(
    folders,
    new Map([...profiles].map(([id, { profile }]) => [id, profile])),
    isFormat,
  )
  return {
    formats: () => formats,
    get: (id) => entry(id).profile,
    list: () => [...profiles.values()].map(({ profile }) => profile),
    faults(profile, metadata) {
      const validate = entry(profile.id).validator()
      return validate(metadata) ? [] : (validate.errors ?? []).map(faultOf)
    },
  }
}

function readProfile(file: string, obeys: ValidateFunction): Profile {
  const profile = readChecked('profile', file, obeys) as Profile
  if (`${profile.id}.json` !== basename(file)) {
    throw wrong(
      'profile',
      file,
      '/id',
      `it is "${profile.id}", so its file must be ${profile.id}.json`,
    )
  }
  checkFields(profile, file)
  return profile
}

/** @param name of what it was read from */
function checkFields(profile: Profile, name: string): void {
  const refuse = (pointer: string, fault: string): never => {
    throw wrong('profile', name, pointer, fault)
  }
  for (const [element, rules] of Object.entries(profile.crosswalk)) {
    rules.forEach((rule, position) => {
      const pointer = `/crosswalk/${element}/${position}`
      const term = termOf(rule)
      if (term !== undefined && refinements[term] !== element)
        refuse(`${pointer}/term`, `"${term}" refines ${refinements[term]}, not ${element}`)
      const field = fieldOf(rule)
      if (field !== undefined && !(field in profile.schema.properties))
        refuse(pointer, `the schema has no field "${field}"`)
    })
  }
  for (const field of Object.keys(profile.display)) {
    if (!(field in profile.schema.properties))
      refuse(`/display/${field}`, `the schema has no field "${field}"`)
  }
}

/**
 * A profile that a stranger made.
 * @param name to call it by where something is wrong with it
 * @throws invalid, with the pointer to the fault
 */
export function strangersProfile(content: unknown, name: string): Profile {
  const ajv = validator()
  const profile = checked('profile', name, content, judges().isProfile) as Profile
  checkFields(profile, name)
  const fault = tooBold(profile.schema)
  if (fault) throw wrong('profile', name, `/schema${fault.pointer}`, fault.reason)
  compile(ajv, profile, name)
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
