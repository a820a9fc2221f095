// The sample collection that `npm run demo` draws for itself: four collections of an imaginary town in the
// spring of 2020, with their pictures and the files a museum and an archive would import them from.
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { datasets, publisher, type Dataset } from './catalogue/datasets.ts'
import { drawings, papers, type Drawing } from './catalogue/drawings.ts'
import { photographs, type Photograph } from './catalogue/photographs.ts'
import { posters, type Poster } from './catalogue/posters.ts'
import { both, french, rights, subjectsOf, type Both } from './catalogue/words.ts'
import type { Pixels } from './develop.ts'
import * as pictures from './pictures.ts'

export interface SampleCollection {
  leaf: 'museum' | 'archive'
  slug: string
  profile: 'museum-object' | 'photograph' | 'dataset' | 'dublin-core'
  title: Record<'fr' | 'en', string>
  description: Record<'fr' | 'en', string>
  /** A rights URI. */
  rights: string
  /** The CSV or NDJSON file that was written. */
  file: string
  /** The folder of its pictures. */
  images?: string
}

export interface SampleOptions {
  onProgress?: (done: number, total: number) => void
  /** So many records in all, spread over the collections: enough for a test. */
  only?: number
}

interface Picture {
  name: string
  large: boolean
  draw: () => Promise<Pixels>
}
type Row = Record<string, unknown>
interface Entry {
  row: Row
  pictures: Picture[]
}
interface Plan extends Omit<SampleCollection, 'file' | 'images'> {
  fileName: string
  delimiter?: ',' | ';'
  entries: Entry[]
}

const number = (i: number) => String(i + 1).padStart(3, '0')
const museum = 'Musée de la Ville de Sainte-Colombe-sur-Orge'

const techniques: Record<Drawing['how'], Both> = {
  crayon: ['pastel gras', 'wax crayon'],
  felt: ['feutre', 'felt pen'],
  wash: ['aquarelle et encre', 'watercolour and ink'],
  pencil: ['crayons de couleur', 'coloured pencil'],
  cut: ['papiers collés', 'paper collage'],
  poster: ['gouache', 'gouache'],
}

function drawingEntry(entry: Drawing, i: number): Entry {
  const [width, height] = pictures.formats[entry.shape ?? 'landscape'].mm
  const paper = papers[entry.paper ?? 'white'].name
  const technique = techniques[entry.how]
  const stem = `2020.14.${number(i)}`
  const name = `${stem}-${slug(entry.title[0])}.${entry.format ?? 'jpg'}`
  const wanted: Picture[] = [
    { name, large: (entry.pixels ?? 0) > 3000, draw: () => pictures.drawing(entry) },
  ]
  if (entry.back)
    wanted.push({
      name: `${stem}-verso.jpg`,
      large: false,
      draw: () => pictures.drawingBack(entry),
    })
  const child = !entry.maker.startsWith('Classe')
  return {
    pictures: wanted,
    row: {
      ...museumRow(stem, entry, wanted),
      object_type_fr: child ? 'dessin d’enfant' : 'dessin collectif',
      object_type_en: child ? 'child’s drawing' : 'class drawing',
      maker: child ? french(`${entry.maker}, ${entry.age} ans`) : entry.maker,
      maker_age: entry.age,
      place: `Sainte-Colombe-sur-Orge, ${entry.quarter}`,
      material_fr: `${technique[0]} sur ${paper[0]}`,
      material_en: `${technique[1]} on ${paper[1]}`,
      height_mm: height,
      width_mm: width,
      credit: child ? `${museum}, don de la famille de l’enfant` : `${museum}, don de l’école`,
    },
  }
}

function posterEntry(entry: Poster, i: number): Entry {
  const [width, height] = pictures.formats[entry.shape].mm
  const stem = `2020.21.${number(i)}`
  const wanted = [
    {
      name: `${stem}-${slug(entry.title[0])}.${entry.format ?? 'jpg'}`,
      large: false,
      draw: () => pictures.poster(entry),
    },
  ]
  return {
    pictures: wanted,
    row: {
      ...museumRow(stem, entry, wanted),
      object_type_fr: entry.kind[0],
      object_type_en: entry.kind[1],
      maker: entry.maker,
      maker_age: '',
      place: `Sainte-Colombe-sur-Orge, ${entry.place}`,
      material_fr: entry.material[0],
      material_en: entry.material[1],
      height_mm: height,
      width_mm: width,
      credit: `${museum}, collecte de juin 2020`,
    },
  }
}

const columns = 'inventory_number,title_fr,title_en,object_type_fr,object_type_en,maker,maker_age,date,place,material_fr,material_en,height_mm,width_mm,description_fr,description_en,subjects_fr,subjects_en,inscription,credit,rights,language,image'.split(',') // prettier-ignore

function museumRow(stem: string, entry: Drawing | Poster, wanted: Picture[]): Row {
  return {
    inventory_number: stem,
    title_fr: french(entry.title[0]),
    title_en: entry.title[1],
    date: entry.date,
    description_fr: french(entry.text[0]),
    description_en: entry.text[1],
    subjects_fr: subjectsOf(entry.about, 0).join('|'),
    subjects_en: subjectsOf(entry.about, 1).join('|'),
    inscription: french(entry.inscription),
    rights: rights[entry.rights],
    language: 'fr',
    image: wanted.map(({ name }) => name).join('|'),
  }
}

function photographEntry(entry: Photograph, i: number): Entry {
  const reference = `23 Fi 14/${i + 1}`
  const name = `23Fi14-${number(i)}-${entry.name}.jpg`
  const [width, height] = entry.size
  const film: Both = entry.tone === 'mono' ? ['négatif argentique noir et blanc numérisé', 'scanned black-and-white film negative'] : entry.tone === 'sepia' ? ['tirage viré numérisé', 'scanned toned print'] : ['photographie numérique', 'digital photograph'] // prettier-ignore
  return {
    pictures: [{ name, large: width > 3000, draw: () => pictures.photograph(entry) }],
    row: {
      reference_code: reference,
      title: both(entry.title),
      photographer: entry.photographer,
      date: entry.date,
      place: entry.place,
      process: both(film),
      description: both(entry.text),
      subjects: {
        fr: subjectsOf([...entry.about, 'lockdown'], 0),
        en: subjectsOf([...entry.about, 'lockdown'], 1),
      },
      scope: 'Fonds « Villes à l’arrêt », reportages commandés par les Archives départementales de l’Orge, mars-mai 2020'.replace('« ', '«\u00a0').replace(' »', '\u00a0»'), // prettier-ignore
      extent: `1 image, ${width} × ${height} pixels`,
      rights: rights[entry.rights],
      language: 'fr',
      image: name,
    },
  }
}

function datasetEntry(entry: Dataset, i: number): Entry {
  const chartName = entry.chart
  const name = `donnees-${number(i)}-${entry.code}.jpg`
  return {
    pictures: chartName ? [{ name, large: false, draw: () => pictures.chart(chartName) }] : [],
    row: {
      identifier: `ADO-DATA-2020-${String(i + 1).padStart(2, '0')}`,
      title: both(entry.title),
      creator: entry.creators,
      publisher,
      date: entry.date,
      coverage: entry.coverage,
      period: entry.period,
      method: both(entry.method),
      variables: entry.variables,
      format: entry.format,
      description: both(entry.text),
      subjects: {
        fr: subjectsOf([...entry.about, 'lockdown'], 0),
        en: subjectsOf([...entry.about, 'lockdown'], 1),
      },
      licence: rights[entry.rights],
      language: 'fr',
      ...(chartName ? { image: name } : {}),
    },
  }
}

function slug(title: string): string {
  return title
    .normalize('NFD')
    .replace(/œ/g, 'oe')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
    .replace(/-$/, '')
}

/** What there is to write: every collection with its records and pictures. */
export function samplePlan(only?: number): Plan[] {
  const share = only === undefined ? Infinity : Math.max(1, Math.ceil(only / 4))
  const plans: Plan[] = [
    {
      leaf: 'museum',
      slug: 'dessins-du-confinement',
      profile: 'museum-object',
      title: { fr: 'Dessins du confinement', en: 'Lockdown drawings' },
      description: {
        fr: french(
          'Trente-sept dessins d’enfants du printemps 2020, confiés au musée par les familles et les écoles de Sainte-Colombe-sur-Orge : fenêtres, balcons, chats, virus et crocodiles.',
        ),
        en: 'Thirty-seven children’s drawings from spring 2020, entrusted to the museum by the families and schools of Sainte-Colombe-sur-Orge: windows, balconies, cats, viruses and crocodiles.',
      },
      rights: rights.by,
      fileName: 'dessins-du-confinement.csv',
      delimiter: ';',
      entries: drawings.map(drawingEntry),
    },
    {
      leaf: 'museum',
      slug: 'affiches',
      profile: 'museum-object',
      title: { fr: 'Affiches et avis', en: 'Posters and notices' },
      description: {
        fr: french(
          'Ce que disaient les murs : affiches de la Ville, avis de commerçants, mots d’ascenseur et une attestation pour chien.',
        ),
        en: 'What the walls said: posters by the town, notices by shopkeepers, notes in the lift and a travel permit for a dog.',
      },
      rights: rights.zero,
      fileName: 'affiches.csv',
      delimiter: ',',
      entries: posters.map(posterEntry),
    },
    {
      leaf: 'archive',
      slug: 'rues-desertes',
      profile: 'photograph',
      title: { fr: 'Rues désertes', en: 'Empty streets' },
      description: {
        fr: french(
          'Quatre photographes ont parcouru le département, attestation en poche. On n’y voit personne, ou presque : cherchez le chat.',
        ),
        en: 'Four photographers walked through the department, permit in pocket. There is nobody to be seen, or nearly: look for the cat.',
      },
      rights: rights.by,
      fileName: 'rues-desertes.ndjson',
      entries: photographs.map(photographEntry),
    },
    {
      leaf: 'archive',
      slug: 'donnees-du-confinement',
      profile: 'dataset',
      title: { fr: 'Données du confinement', en: 'Lockdown data' },
      description: {
        fr: french(
          'Ce que la ville a compté pendant qu’elle ne sortait pas : décibels, farine, merles, attestations et ours en peluche.',
        ),
        en: 'What the town counted while it stayed in: decibels, flour, blackbirds, permits and teddy bears.',
      },
      rights: rights.by,
      fileName: 'donnees-du-confinement.ndjson',
      entries: datasets.map(datasetEntry),
    },
  ]
  return plans.map((plan) => ({ ...plan, entries: plan.entries.slice(0, share) }))
}

export async function makeSamples(
  directory: string,
  options: SampleOptions = {},
): Promise<SampleCollection[]> {
  const plans = samplePlan(options.only)
  const jobs = plans.flatMap((plan) =>
    plan.entries.flatMap((entry) =>
      entry.pictures.map((picture) => ({
        ...picture,
        folder: path.join(directory, plan.leaf, plan.slug),
      })),
    ),
  )
  for (const folder of new Set(jobs.map((job) => job.folder)))
    await mkdir(folder, { recursive: true })
  let done = 0
  const work = async (queue: typeof jobs) => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      await save(job, path.join(job.folder, job.name))
      options.onProgress?.(++done, jobs.length)
    }
  }
  // Two at a time, but only ever one large one: a picture of 13 megapixels is 40 MB in memory.
  const small = jobs.filter((job) => !job.large)
  const large = jobs.filter((job) => job.large)
  await frugally(() => Promise.all([work(large).then(() => work(small)), work(small)]))
  const collections: SampleCollection[] = []
  for (const plan of plans) collections.push(await writeMetadata(directory, plan))
  return collections
}

/** Without sharp's cache and with one thread per picture, memory stays low; the settings are put back. */
async function frugally(work: () => Promise<unknown>): Promise<void> {
  const threads = sharp.concurrency()
  const { memory, files, items } = sharp.cache()
  sharp.concurrency(1)
  sharp.cache(false)
  try {
    await work()
  } finally {
    sharp.concurrency(threads)
    sharp.cache({ memory: memory.max, files: files.max, items: items.max })
  }
}

async function save(picture: Picture, file: string): Promise<void> {
  if (await stat(file).then((found) => found.size > 0, () => false)) return // prettier-ignore
  const { data, width, height } = await picture.draw()
  const image = sharp(data, { raw: { width, height, channels: 3 } }).withMetadata({ density: 300 })
  const extension = path.extname(file)
  if (extension === '.png') image.png({ compressionLevel: 4 })
  else if (extension === '.tif') image.tiff({ compression: 'deflate', predictor: 'horizontal' })
  else image.jpeg({ quality: picture.large ? 84 : 87 })
  const aside = `${file}.part`
  try {
    await image.toFile(aside)
    await rename(aside, file)
  } catch (cause) {
    await rm(aside, { force: true })
    throw new Error(`could not write ${file}`, { cause })
  }
}

async function writeMetadata(directory: string, plan: Plan): Promise<SampleCollection> {
  const { fileName, delimiter, entries, ...collection } = plan
  const file = path.join(directory, plan.leaf, fileName)
  const images = path.join(directory, plan.leaf, plan.slug)
  await mkdir(images, { recursive: true })
  const rows = entries.map((entry) => entry.row)
  const text = delimiter
    ? csv(rows, delimiter)
    : rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  await writeFile(`${file}.part`, text)
  await rename(`${file}.part`, file)
  return { ...collection, file, images }
}

function csv(rows: Row[], delimiter: string): string {
  const cell = (value: unknown) => {
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    return /["\r\n;,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))]
  return lines.map((line) => `${line.map(cell).join(delimiter)}\r\n`).join('')
}
