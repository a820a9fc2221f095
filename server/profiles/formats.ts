// Crosswalk files: metadata formats that profiles add. Those of the house lie in schemas/profiles/formats, an operator's in
// `formats` below his profiles. What is wrong with one stops the start, as with a profile.
import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import { oaiNamespace } from '../../schemas/oai.ts'
import type { Profile } from '../../schemas/profile.ts'
import type { FormatFile, TemplateElement, TextSource } from '../../schemas/profile-format.ts'
import { attribute } from '../../schemas/xml.ts'
import type { Format } from '../formats/format.ts'
import { standardFormats } from '../formats/formats.ts'
import { filesIn, readChecked, wrong } from './files.ts'
import { writeTemplate } from './template.ts'

const what = 'format'
const xsi = 'http://www.w3.org/2001/XMLSchema-instance'
const xmlNamespaces = ['http://www.w3.org/XML/1998/namespace', 'http://www.w3.org/2000/xmlns/']
const localName = /^[A-Za-z_][A-Za-z0-9_.-]*$/

/**
 * Reads every `*.json` of `formats` in these folders; a later folder's format takes the place of an earlier one's.
 * @throws invalid, naming the file and the pointer to the fault
 */
export function loadFormats(
  folders: string[],
  profiles: ReadonlyMap<string, Profile>,
  obeys: ValidateFunction,
): Format[] {
  const formats = new Map<string, Format>()
  for (const file of folders.flatMap((folder) => filesIn(join(folder, 'formats')))) {
    const content = readChecked(what, file, obeys) as FormatFile
    check(file, content, profiles)
    formats.set(content.metadataPrefix, formatOf(content))
  }
  return [...formats.values()]
}

function formatOf(file: FormatFile): Format {
  const { metadataPrefix, schema, metadataNamespace, profiles, template } = file
  const declarations = declarationsOf(file)
  return {
    metadataPrefix,
    schema,
    metadataNamespace,
    // Whatever is changed in the file makes another format of it.
    revision: createHash('sha1').update(JSON.stringify(file)).digest().readUInt32BE(0),
    partial: true,
    own: true,
    lacks: ({ profile }) => (profiles.includes(profile) ? [] : ['profile']),
    write: (record) => writeTemplate(template, declarations, record),
  }
}

/** Namespaces, and where the schema lies if it is one that validators read. */
function declarationsOf({ namespaces, schema, metadataNamespace }: FormatFile): string {
  let text = ''
  for (const [prefix, namespace] of Object.entries(namespaces)) {
    text += attribute(prefix ? `xmlns:${prefix}` : 'xmlns', namespace)
  }
  if (!schema.endsWith('.xsd') || 'xsi' in namespaces) return text
  if (Object.values(namespaces).includes(xsi)) return text
  return `${text} xmlns:xsi="${xsi}"${attribute('xsi:schemaLocation', `${metadataNamespace} ${schema}`)}`
}

function check(file: string, content: FormatFile, profiles: ReadonlyMap<string, Profile>): void {
  const refuse = (pointer: string, fault: string): never => {
    throw wrong(what, file, pointer, fault)
  }
  const { metadataPrefix, namespaces, template } = content
  if (`${metadataPrefix}.json` !== basename(file)) {
    refuse(
      '/metadataPrefix',
      `it is "${metadataPrefix}", so its file must be ${metadataPrefix}.json`,
    )
  }
  if (standardFormats.some((each) => each.metadataPrefix === metadataPrefix)) {
    refuse('/metadataPrefix', `"${metadataPrefix}" is a format of the house`)
  }
  content.profiles.forEach((id, position) => {
    if (!profiles.has(id)) {
      const known = [...profiles.keys()].join(', ')
      refuse(`/profiles/${position}`, `there is no profile "${id}"; there are ${known}`)
    }
  })
  checkNamespaces(namespaces, refuse)
  const fields = new Set(
    content.profiles.flatMap((id) => Object.keys(profiles.get(id)?.schema.properties ?? {})),
  )
  if (template.each !== undefined) refuse('/template/each', 'a document has one root')
  checkElement(template, '/template', { namespaces, fields, refuse, each: false })
}

type Refuse = (pointer: string, fault: string) => never

function checkNamespaces(namespaces: FormatFile['namespaces'], refuse: Refuse): void {
  const seen = new Set<string>()
  for (const [prefix, namespace] of Object.entries(namespaces)) {
    const pointer = `/namespaces/${prefix}`
    if (namespace === oaiNamespace || xmlNamespaces.includes(namespace)) {
      refuse(pointer, `${namespace} is not a namespace of metadata`)
    }
    // Two prefixes for one namespace could make one attribute of two.
    if (prefix && seen.has(namespace)) refuse(pointer, `${namespace} has another prefix already`)
    if (prefix) seen.add(namespace)
  }
}

interface Surroundings {
  namespaces: FormatFile['namespaces']
  fields: ReadonlySet<string>
  refuse: Refuse
  /** Whether `value` stands for something here. */
  each: boolean
}

function checkElement(template: TemplateElement, pointer: string, around: Surroundings): void {
  const { namespaces, fields, refuse } = around
  const fault = nameFault(template.element, namespaces)
  if (fault) refuse(`${pointer}/element`, fault)
  if (!template.element.includes(':') && !('' in namespaces)) {
    refuse(
      `${pointer}/element`,
      `"${template.element}" has no prefix, and there is no default namespace ("")`,
    )
  }
  if (template.each !== undefined && !fields.has(template.each)) {
    refuse(`${pointer}/each`, `the profiles have no field "${template.each}"`)
  }
  const inside = { ...around, each: template.each !== undefined }
  for (const [name, sources] of Object.entries(template.attributes ?? {})) {
    const at = `${pointer}/attributes/${name}`
    const wrongName = nameFault(name, { ...namespaces, xml: '' })
    if (wrongName) refuse(at, wrongName)
    if (name === 'xmlns') refuse(at, 'namespaces are declared under /namespaces')
    if (name === 'xml:lang' && template.text && template.language !== false) {
      refuse(at, 'xml:lang comes with the text; "language": false leaves it out')
    }
    if (pointer === '/template' && name === 'xsi:schemaLocation' && !('xsi' in namespaces)) {
      refuse(at, 'the prefix "xsi" is not declared')
    }
    checkSources(sources, at, inside)
  }
  if (template.text) checkSources(template.text, `${pointer}/text`, inside)
  template.content?.forEach((child, position) =>
    checkElement(child, `${pointer}/content/${position}`, around),
  )
}

/** What is wrong with the name of an element or attribute. */
function nameFault(name: string, namespaces: FormatFile['namespaces']): string | undefined {
  const parts = name.split(':')
  if (parts.length > 2 || !parts.every((part) => localName.test(part))) {
    return `"${name}" is no name of XML`
  }
  const [prefix] = parts
  return parts.length === 2 && prefix !== undefined && !(prefix in namespaces)
    ? `the prefix "${prefix}" is not declared`
    : undefined
}

function checkSources(
  sources: TextSource | TextSource[],
  pointer: string,
  { fields, refuse, each }: Surroundings,
): void {
  const list = Array.isArray(sources) ? sources : [sources]
  for (const [position, source] of list.entries()) {
    const at = Array.isArray(sources) ? `${pointer}/${position}` : pointer
    if ('field' in source && !fields.has(source.field)) {
      refuse(`${at}/field`, `the profiles have no field "${source.field}"`)
    }
    if ('value' in source && !each) refuse(`${at}/value`, 'there is no "each" whose value it is')
  }
}
