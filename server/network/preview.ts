// What answers at an address, before it becomes a source: who it is, how much it has, and what is wrong with its first page.
import { Diagnosis, reasonOf } from '../../harvester/diagnosis.ts'
import { harvest as harvestList } from '../../harvester/harvest.ts'
import { listSets } from '../../harvester/identify.ts'
import type { DublinCore } from '../../schemas/dublin-core.ts'
import { readXml } from '../../schemas/xml-tree.ts'
import type { Context } from '../context.ts'
import { readMetadata } from '../formats/read.ts'
import { clientFor } from './client.ts'
import { sourceEntity } from './entities.ts'
import { Notes, type Noted } from './report.ts'
import { introduce, plainAddress, type Introduction } from './sources.ts'

export interface Preview extends Introduction {
  /** Slug of the source that it already is. */
  known?: string
  /** Records on its first page, and how many it says there are. */
  first: number
  announced?: number
  sets: number
  /** Some of what is on that page, as it would be read. */
  samples: DublinCore[]
  problems: Noted[]
}

const patience = { attempts: 2, patienceMs: 10_000 }
const longest = 30_000
const mostSamples = 6

/** @throws invalid, saying what answers there instead */
export async function previewSource(ctx: Context, url: string, set?: string): Promise<Preview> {
  const introduction = await introduce(ctx, plainAddress(url), { patience })
  const known = await ctx.db.dataSource
    .getRepository(sourceEntity)
    .findOneBy({ url: introduction.url })
  const notes = new Notes()
  const client = clientFor(ctx, introduction.url, patience)
  const signal = AbortSignal.timeout(longest)
  let [first, sets] = [0, 0]
  let announced: number | undefined
  const samples: DublinCore[] = []
  const from = { repositoryName: introduction.identity.repositoryName, host: new URL(url).host }
  const tried = async (code: Noted['code'], work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof Diagnosis) && !signal.aborted) throw error
      notes.add({ code, message: reasonOf(error) })
    }
  }
  try {
    await tried('sets-unread', async () => void (sets = (await listSets(client, signal)).length))
    await tried('diagnosis', async () => {
      const request = { metadataPrefix: introduction.prefix, ...(set && { set }) }
      for await (const page of harvestList(client, request, signal)) {
        first += page.records.length
        for (const { metadata } of page.records.slice(0, mostSamples - samples.length)) {
          const reading = metadata && readMetadata(readXml(metadata.xml.toString()), from)
          if (reading) samples.push(reading.dc)
        }
        announced = page.completeListSize ?? announced
        for (const problem of page.problems) notes.add(problem)
        if (page.last) break
      }
    })
  } finally {
    await client.close()
  }
  return {
    ...introduction,
    first,
    sets,
    samples,
    problems: notes.list,
    ...(known && known.forgetAt === null && { known: known.slug }),
    ...(announced !== undefined && { announced }),
  }
}
