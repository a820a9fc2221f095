// What kind of thing a record describes, from the words of dc:type in French and English, and what each standard calls it.
import type { DublinCore } from '../../schemas/dublin-core.ts'
import { knowing } from '../../schemas/known.ts'
import type { Links } from '../../schemas/record.ts'

export type Kind =
  | '3d'
  | 'sound'
  | 'video'
  | 'map'
  | 'image'
  | 'dataset'
  | 'software'
  | 'article'
  | 'thesis'
  | 'report'
  | 'book'
  | 'music'
  | 'text'
  | 'concept'
  | 'collection'
  | 'object'

// The first that fits: what says most stands first.
const words: [RegExp, Kind][] = [
  [/\b(?:3d|3-d|three-dimensional|modèle 3d|model 3d)/i, '3d'],
  [/\b(?:musical score|sheet music|notated music|partition)/i, 'music'],
  [
    /\b(?:sounds?|audio|sons?|songs?|chansons?|music|musique|enregistrement|recording|oral)\b/i,
    'sound',
  ],
  [/\b(?:video|vidéo|film|movie|moving ?image|cinema|cinéma)/i, 'video'],
  [/\b(?:maps?|cartes? (?:géographique|topographique)|cartograph|atlas)\b/i, 'map'],
  [
    /\b(?:image|photo|draw|dessin|paint|peint|prints?\b|printmaking|estampe|gravure|engrav|etching|poster|affiche|sculpt|négatif|negative|postcard|carte postale|watercolou?r|aquarelle|lithogra|stillimage)/i,
    'image',
  ],
  [/\b(?:dataset|data set|jeux? de données|données|survey data)/i, 'dataset'],
  [/\b(?:software|logiciel|source code)/i, 'software'],
  [/\barticle/i, 'article'],
  [/\b(?:thesis|thèse|dissertation|mémoire d)/i, 'thesis'],
  [/\b(?:report|rapport)\b/i, 'report'],
  [/\b(?:books?|livres?|monograph)/i, 'book'],
  [/\b(?:texts?|textes?|letters?|lettres?|manuscri|newspaper|journal|document)/i, 'text'],
  [/^concepts?$/i, 'concept'],
  [/\b(?:collection|fonds)\b/i, 'collection'],
  [
    /\b(?:object|objet|costume|coin|monnaie|furniture|mobilier|ceramic|céramique|textile|tool|outil|artefact|artifact)/i,
    'object',
  ],
]

/** What the record says of its type; undefined where its words are none of these. */
export function kindOf(dc: DublinCore): Kind | undefined {
  const types = dc.type
  if (!types?.length) return undefined
  const text =
    types.length === 1 ? (types[0]?.value ?? '') : types.map((each) => each.value).join(' ')
  return named(text)
}

// A collection has few kinds, and looking one up costs less than seventeen patterns.
const named = knowing((text) => words.find(([pattern]) => pattern.test(text))?.[1])

const ofEdm: Partial<Record<Kind, string>> = {
  '3d': '3D',
  sound: 'SOUND',
  video: 'VIDEO',
  image: 'IMAGE',
  map: 'IMAGE',
  // Pages are pictures of a text.
  text: 'TEXT',
  article: 'TEXT',
  thesis: 'TEXT',
  report: 'TEXT',
  book: 'TEXT',
  music: 'TEXT',
}

/** edm:type: TEXT, IMAGE, SOUND, VIDEO or 3D; a picture shows what no word says. */
export function edmTypeOf(dc: DublinCore, links: Links): string {
  const kind = kindOf(dc)
  return (kind && ofEdm[kind]) ?? (links.image || links.thumbnail ? 'IMAGE' : 'TEXT')
}

const ofDatacite: Record<Kind, string> = {
  '3d': 'Model',
  sound: 'Sound',
  video: 'Audiovisual',
  map: 'Image',
  image: 'Image',
  dataset: 'Dataset',
  software: 'Software',
  article: 'JournalArticle',
  thesis: 'Dissertation',
  report: 'Report',
  book: 'Book',
  music: 'Text',
  text: 'Text',
  concept: 'Other',
  collection: 'Collection',
  object: 'PhysicalObject',
}

/** resourceTypeGeneral of DataCite. */
export const dataciteTypeOf = (dc: DublinCore): string => ofDatacite[kindOf(dc) ?? 'concept']

const literature = 'literature'
const other = 'other research product'
const ofCoar: Record<Kind, [code: string, label: string, general: string]> = {
  '3d': ['c_e9a0', 'interactive resource', other],
  sound: ['c_18cc', 'sound', other],
  video: ['c_12ce', 'video', other],
  map: ['c_12cd', 'map', other],
  image: ['c_ecc8', 'still image', other],
  dataset: ['c_ddb1', 'dataset', 'dataset'],
  software: ['c_5ce6', 'software', 'software'],
  article: ['c_6501', 'journal article', literature],
  thesis: ['c_46ec', 'thesis', literature],
  report: ['c_93fc', 'report', literature],
  book: ['c_2f33', 'book', literature],
  music: ['c_18cw', 'musical notation', other],
  text: ['c_18cf', 'text', literature],
  concept: ['c_1843', 'other', other],
  collection: ['c_1843', 'other', other],
  object: ['c_1843', 'other', other],
}

/** Resource type of COAR: its address, its name, and the general type of OpenAIRE. */
export function coarTypeOf(dc: DublinCore): { uri: string; label: string; general: string } {
  const [code, label, general] = ofCoar[kindOf(dc) ?? 'object']
  return { uri: `http://purl.org/coar/resource_type/${code}`, label, general }
}

const ofMods: Partial<Record<Kind, string>> = {
  '3d': 'artifact',
  sound: 'audio',
  video: 'moving image',
  map: 'cartographic',
  image: 'still image',
  dataset: 'software, multimedia',
  software: 'software, multimedia',
  article: 'text',
  thesis: 'text',
  report: 'text',
  book: 'text',
  music: 'notated music',
  text: 'text',
  collection: 'mixed material',
  object: 'artifact',
}

/** typeOfResource of MODS. */
export function modsTypeOf(dc: DublinCore): string | undefined {
  const kind = kindOf(dc)
  return kind && ofMods[kind]
}
