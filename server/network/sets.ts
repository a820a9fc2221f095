// Sets of a source as nested collections below the source's own: `museum:prints` of the source "city" is the set
// `city:museum:prints` here and the collection `city.museum.prints`. A collection is made when a record comes for it.
import { createHash } from 'node:crypto'
import type { Translations } from '../../schemas/record.ts'
import {
  collectionBySetSpec,
  describeCollection,
  ensureCollection,
  findCollection,
  titleFromSlug,
  type Collection,
} from '../collections/collections.ts'
import type { Context } from '../context.ts'
import { slugOf } from './sources.ts'

const deepest = 10
const mostCollections = 20_000
const longestSlug = 200

export class Shelves {
  private readonly ctx: Context
  private readonly top: Collection
  private readonly titles: Map<string, Translations>
  private readonly known = new Map<string, Collection>()

  /** @param titles of the source's sets, by its own setSpec */
  constructor(ctx: Context, top: Collection, titles: Map<string, Translations>) {
    this.ctx = ctx
    this.top = top
    this.titles = titles
  }

  /** The collection for a record of these sets: its deepest. Of two as deep, always the same. */
  async collectionFor(sets: string[]): Promise<number> {
    let chosen: string[] = []
    for (const set of sets.toSorted()) {
      const parts = set.split(':').filter(Boolean).slice(0, deepest)
      if (parts.length > chosen.length) chosen = parts
    }
    return (await this.shelf(chosen)).id
  }

  private async shelf(parts: string[]): Promise<Collection> {
    if (!parts.length) return this.top
    const key = parts.join(':')
    const known = this.known.get(key)
    if (known) return known
    const parent = await this.shelf(parts.slice(0, -1))
    if (this.known.size >= mostCollections) return parent
    const made = await this.make(parent, parts.at(-1) ?? '', this.titles.get(key))
    this.known.set(key, made)
    return made
  }

  private async make(
    parent: Collection,
    part: string,
    title: Translations | undefined,
  ): Promise<Collection> {
    // A part of a setSpec holds only these (OAI-PMH 2.7); what else sources write is kept apart by its hash.
    const clean = part.replace(/[^A-Za-z0-9\-_.!~*'()]/g, '_').slice(0, 100)
    const name = clean === part ? part : `${clean}-${digest(part)}`
    const setSpec = `${parent.setSpec}:${name}`
    const known = await collectionBySetSpec(this.ctx, setSpec)
    if (known) return title && differs(known.title, title) ? this.rename(known, title) : known
    const wanted = `${parent.slug}.${slugOf(part) || digest(part)}`
    const fits = wanted.length <= longestSlug && !(await findCollection(this.ctx, wanted))
    return ensureCollection(this.ctx, {
      slug: fits ? wanted : `${this.top.slug}.${digest(setSpec)}`,
      setSpec,
      parentId: parent.id,
      ...(this.top.sourceId !== null && { sourceId: this.top.sourceId }),
      title: title && Object.keys(title).length ? title : titleFromSlug(part),
      profile: this.top.profile,
    })
  }

  private rename(collection: Collection, title: Translations): Promise<Collection> {
    return describeCollection(this.ctx, collection.slug, { title })
  }
}

const digest = (text: string): string => createHash('sha1').update(text).digest('hex').slice(0, 10)

function differs(one: Translations, other: Translations): boolean {
  const entries = Object.entries(other)
  if (!entries.length) return false
  return (
    entries.length !== Object.keys(one).length || entries.some(([tag, text]) => one[tag] !== text)
  )
}
