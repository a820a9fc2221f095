// npm run bench -- likeness [PRINTS [ASKED [ENGINE]]]: looks for prints among a million (1,000,000 and 200 questions of each
// kind), in Elasticsearch where ELASTICSEARCH_URL names one, and in PostgreSQL; ENGINE leaves the other out. Prints are drawn by chance, which is the worst
// case: then as many candidates share a band as can be.
import { performance } from 'node:perf_hooks'
import { pino } from 'pino'
import { loadConfig } from '../config/config.ts'
import type { Sought } from '../schemas/likeness.ts'
import { openBrick } from '../server/brick.ts'
import type { Engine, SearchDocument } from '../server/engine/engine.ts'
import { randomFrom } from '../demo/random.ts'
import { forgetIndexes, openStage, type Stage } from './stage.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
/** Prints of a picture, and of one that somebody shows (server/files/prints.ts). */
const kept = 2
const shown = 18
const batch = 2000

const random = randomFrom(11)
const any = (): string =>
  Array.from({ length: 4 }, () =>
    Math.floor(random() * 65536)
      .toString(16)
      .padStart(4, '0'),
  ).join('')

function flipped(print: string, count: number): string {
  const bits = new Set<number>()
  while (bits.size < count) bits.add(Math.floor(random() * 64))
  let number = BigInt(`0x${print}`)
  for (const bit of bits) number ^= 1n << BigInt(bit)
  return number.toString(16).padStart(16, '0')
}

const documentOf = (index: number, prints: string[]): SearchDocument => ({
  id: String(index + 1),
  identifier: `oai:bench.example.org:${index + 1}`,
  sequence: index + 1,
  title: [{ value: `Picture ${index + 1}` }],
  creator: [],
  description: [],
  date: [],
  keywords: [],
  types: [],
  languages: [],
  other: [],
  collections: ['bench'],
  keeper: { name: 'Bench' },
  links: {},
  looks: [{ prints, dhash: any() }],
})

export async function benchLikeness([
  prints = '1000000',
  asked = '200',
  only,
]: string[]): Promise<void> {
  const stage = await openStage()
  try {
    const url = process.env['ELASTICSEARCH_URL']
    if (url && only !== 'postgresql') await measure(stage, url, Number(prints), Number(asked))
    if (only !== 'elasticsearch') await measure(stage, undefined, Number(prints), Number(asked))
    if (!url) say('left out: Elasticsearch (ELASTICSEARCH_URL is not set)')
  } finally {
    await stage.clear()
  }
}

async function measure(
  stage: Stage,
  elasticsearchUrl: string | undefined,
  prints: number,
  asked: number,
): Promise<void> {
  const config = loadConfig(
    {},
    {
      databaseUrl: stage.databaseUrl,
      databaseSchema: `likeness_${elasticsearchUrl ? 'e' : 'p'}`,
      dataDir: stage.folder,
      elasticsearchUrl,
      elasticsearchIndex: `likeness-bench-${process.pid}`,
      harvests: 0,
    },
  )
  const { ctx, close } = await openBrick(config, pino({ level: 'warn' }))
  try {
    const known = await fill(ctx.engine, prints / kept)
    if (!elasticsearchUrl) await ctx.db.query('VACUUM ANALYZE search_documents')
    for (const [name, count] of [
      ['a picture that is kept', kept],
      ['a picture that is shown', shown],
    ] as const) {
      for (const bits of [4, 8, 11]) await ask(ctx.engine, known, { name, count, bits, asked })
    }
  } finally {
    await close()
    await forgetIndexes(elasticsearchUrl, config.elasticsearchIndex)
  }
}

type Known = { id: string; prints: string[] }[]

/** @returns one in a thousand */
async function fill(engine: Engine, records: number): Promise<Known> {
  const known: Known = []
  const next = await engine.rebuild()
  const began = performance.now()
  for (let from = 0; from < records; from += batch) {
    const upserts = Array.from({ length: Math.min(batch, records - from) }, (_, index) =>
      documentOf(from + index, Array.from({ length: kept }, any)),
    )
    await next.apply({ upserts, deletes: [] })
    for (const { id, looks } of upserts)
      if (Number(id) % 1000 === 0) known.push({ id, prints: looks?.[0]?.prints ?? [] })
  }
  await next.finish()
  const seconds = (performance.now() - began) / 1000
  say(`${engine.name}: ${records * kept} prints of ${records} records in ${seconds.toFixed(0)} s`)
  return known
}

interface Question {
  name: string
  count: number
  bits: number
  asked: number
}

interface Stats {
  nodes?: Record<string, { process: { cpu: { total_in_millis: number } } }>
}

/** Milliseconds of processor time that Elasticsearch has taken so far. */
async function busy(): Promise<number> {
  const stats = await fetch(`${process.env['ELASTICSEARCH_URL']}/_nodes/stats/process`)
  const { nodes = {} } = (await stats.json()) as Stats
  return Object.values(nodes).reduce((sum, each) => sum + each.process.cpu.total_in_millis, 0)
}

async function ask(engine: Engine, known: Known, { name, count, bits, asked }: Question) {
  const times: number[] = []
  const isRemote = engine.name === 'elasticsearch'
  let spent = 0
  let first = 0
  let there = 0
  for (let turn = -10; turn < asked; turn++) {
    const one = known[Math.floor(random() * known.length)] as Known[number]
    const print = flipped(one.prints[0] ?? '', bits)
    const others = Array.from({ length: count - 1 }, any)
    const sought: Sought = { prints: [print, ...others], dhash: any() }
    const began = performance.now()
    const found = (await engine.alike(sought, 60)).map(({ document }) => document.id)
    // The first few warm what is asked.
    if (turn < 0) continue
    if (turn === 0 && isRemote) spent = await busy()
    times.push(performance.now() - began)
    if (found.includes(one.id)) there++
    if (found[0] === one.id) first++
  }
  if (isRemote) spent = ((await busy()) - spent) / (asked - 1)
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)
  const part = (count: number): string => `${((100 * count) / asked).toFixed(1)} %`
  say(
    `${engine.name}, ${name} (${count} prints), ${bits} bits differ: found ${part(there)}, as the first ${part(first)}, ` +
      `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms` +
      (isRemote ? `, ${spent.toFixed(1)} ms of its processor each` : ''),
  )
}
