// One harvest in a process of its own, for the benchmark: into nothing, or into a brick.
import { readFileSync } from 'node:fs'
import { pino } from 'pino'
import { loadConfig, type Config } from '../config/config.ts'
import { openClient } from '../harvester/client.ts'
import { harvest } from '../harvester/harvest.ts'
import { openBrick } from '../server/brick.ts'
import { follow, position } from '../server/changes/changes.ts'
import type { Context } from '../server/context.ts'
import { addSource, harvestSource } from '../server/network/network.ts'
import { endOfLine } from '../server/records/records.ts'
import { indexReader } from '../server/search/reader.ts'

export interface Run {
  url: string
  /** Absent: into nothing. */
  config?: Partial<Config>
  /** Whether the index is part of it, to its end. */
  isIndexed: boolean
}

export interface Ran {
  records: number
  seconds: number
  /** CPU-seconds of this process. */
  cpu: number
  peakMegabytes: number
}

const run = JSON.parse(process.argv[2] ?? '{}') as Run

async function measured(work: () => Promise<number>): Promise<Ran> {
  const began = performance.now()
  const before = process.cpuUsage()
  const records = await work()
  const { user, system } = process.cpuUsage(before)
  const status = readFileSync('/proc/self/status', 'utf8')
  return {
    records,
    seconds: (performance.now() - began) / 1000,
    cpu: (user + system) / 1e6,
    peakMegabytes: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024),
  }
}

async function intoNothing(): Promise<number> {
  const client = openClient(run.url, { userAgent: 'CaMPA benchmark' })
  let records = 0
  for await (const page of harvest(client, { metadataPrefix: 'oai_dc' })) {
    if (page.problems.length) throw new Error(JSON.stringify(page.problems[0]))
    records += page.records.length
  }
  await client.close()
  return records
}

async function intoBrick(ctx: Context): Promise<number> {
  const source = await addSource(ctx, run.url, { slug: 'bench', prefix: 'oai_dc' })
  const reader = run.isIndexed ? await indexReader(ctx) : undefined
  const follower = reader && follow(ctx, reader)
  const report = await harvestSource(ctx, source, { fromScratch: true })
  if (report.status !== 'complete' || report.problems.length) {
    throw new Error(JSON.stringify(report))
  }
  while (reader && (await position(ctx, reader.name)) < (await endOfLine(ctx))) {
    await new Promise((pass) => setTimeout(pass, 20))
  }
  await follower?.stop()
  return report.records
}

async function main(): Promise<Ran> {
  if (!run.config) return measured(intoNothing)
  const brick = await openBrick(loadConfig({}, run.config), pino({ level: 'warn' }))
  try {
    return await measured(() => intoBrick(brick.ctx))
  } finally {
    await brick.close()
  }
}

process.send?.(await main())
process.disconnect?.()
