// A small network on one machine: a root, a national brick and two leaves with a collection drawn for the occasion.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command, Option } from 'commander'
import { pino } from 'pino'
import { loadConfig, type Config } from '../../config/config.ts'
import { makeSamples } from '../../demo/aside.ts'
import type { SampleCollection } from '../../demo/samples.ts'
import { startBrick, type RunningBrick } from '../brick.ts'
import { position } from '../changes/changes.ts'
import type { Context } from '../context.ts'
import { joinEmbedded } from '../db/embedded.ts'
import { planImport, runImport, type ImportOptions } from '../deposit/deposit.ts'
import { DomainError } from '../http/errors.ts'
import { addSource, harvestSource, type HarvestReport, type Source } from '../network/network.ts'
import { endOfLine } from '../records/records.ts'
import { aborted, count, progressLine, say, stopSignal } from './terminal.ts'

export function demoCommand(): Command {
  return (
    new Command('demo')
      .description(
        'show a whole network here: a root, a national brick and two leaves with a sample collection',
      )
      // For tests: so many records in all.
      .addOption(new Option('--only <n>').argParser(Number).hideHelp())
      .action(demo)
  )
}

interface Place {
  id: 'root' | 'national' | 'museum' | 'archive'
  name: string
  level: Config['level']
  operator: string
  parent?: Place['id']
  accent: string
}

const places: Place[] = [
  {
    id: 'root',
    name: 'Mémoires de la pandémie',
    level: 'international',
    operator: 'CaMPA',
    accent: '#0f5c5c',
  },
  {
    id: 'national',
    name: 'CaMPA France',
    level: 'national',
    operator: 'CaMPA France',
    parent: 'root',
    accent: '#23408e',
  },
  {
    id: 'museum',
    name: 'Musée de la Ville',
    level: 'museum',
    operator: 'Ville de Sainte-Colombe-sur-Orge',
    parent: 'national',
    accent: '#9c2f4f',
  },
  {
    id: 'archive',
    name: 'Archives départementales de l’Orge',
    level: 'archive',
    operator: 'Département de l’Orge',
    parent: 'national',
    accent: '#6b4a12',
  },
]

async function demo({ only }: { only?: number }): Promise<void> {
  const base = loadConfig()
  const folder = join(base.dataDir, 'demo')
  const failing = new AbortController()
  const stopping = AbortSignal.any([stopSignal(), failing.signal])
  say(`A small network in ${folder}: a root, a national brick and two leaves.`)
  const drawing = draw(folder, stopping, only)
  drawing.catch(() => undefined)
  const server = base.databaseUrl ? undefined : await joinEmbedded(folder)
  const bricks = new Map<Place['id'], RunningBrick>()
  try {
    await server?.createDatabase('campa_demo')
    const databaseUrl = base.databaseUrl ?? server?.url('campa_demo')
    for (const [index, place] of places.entries()) {
      stopping.throwIfAborted()
      const config = configOf(base, folder, place, index, databaseUrl)
      bricks.set(place.id, await startBrick(config, pino({ level: 'warn' })))
      // An Elasticsearch that is down is told now, in one sentence, and not after a minute of waiting.
      if (config.elasticsearchUrl) await brickOf(bricks, place.id).ctx.engine.check()
    }
    await fill(bricks, await drawing, stopping)
    await connect(bricks, stopping)
    await announce(bricks)
    await aborted(stopping)
  } finally {
    failing.abort()
    for (const brick of bricks.values()) await brick.close()
    await server?.leave()
  }
}

function configOf(
  base: Config,
  folder: string,
  place: Place,
  index: number,
  databaseUrl: string | undefined,
): Config {
  const address = (id: Place['id']): string =>
    `http://${base.host}:${base.port + places.findIndex((each) => each.id === id)}`
  const { id, name, level, operator, accent, parent } = place
  return loadConfig(
    {},
    {
      ...base,
      host: base.host,
      port: base.port + index,
      baseUrl: address(id),
      domain: `${id}.campa-demo.localhost`,
      dataDir: join(folder, id),
      databaseUrl,
      databaseSchema: `demo_${id}`,
      databasePoolSize: 8,
      harvests: 1,
      elasticsearchUrl: id === 'root' ? base.elasticsearchUrl : undefined,
      elasticsearchIndex: `${base.elasticsearchIndex}-demo`,
      name,
      level,
      operator,
      accent,
      parentUrl: parent && address(parent),
    },
  )
}

async function draw(
  folder: string,
  stopping: AbortSignal,
  only: number | undefined,
): Promise<SampleCollection[]> {
  let bar: ReturnType<typeof progressLine> | undefined
  const samples = await makeSamples(join(folder, 'samples'), {
    ...(only !== undefined && { only }),
    signal: stopping,
    onProgress: (done, total) => {
      bar ??= progressLine('drawing', total)
      bar.update(done, `${done} of ${total} pictures`)
    },
  })
  bar?.stop()
  return samples
}

async function fill(
  bricks: Map<Place['id'], RunningBrick>,
  samples: SampleCollection[],
  stopping: AbortSignal,
): Promise<void> {
  for (const sample of samples) {
    const { ctx } = brickOf(bricks, sample.leaf)
    const options: ImportOptions = {
      collection: sample.slug,
      profile: sample.profile,
      title: sample.title,
      description: sample.description,
      rights: sample.rights,
      rejected: join(ctx.config.dataDir, `${sample.slug}.rejected`),
      ...(sample.images !== undefined && { images: sample.images }),
    }
    const plan = await planImport(ctx, sample.file, options)
    const bar = progressLine(sample.slug, plan.table.file.size)
    const report = await runImport(
      ctx,
      plan,
      options,
      ({ bytes, rows }) => bar.update(bytes, `${count(rows)} rows`),
      stopping,
    )
    bar.stop()
    if (report.refused)
      throw new Error(
        `${report.refused} rows of ${sample.file} were refused: see ${report.rejected ?? ''}`,
      )
    say(
      `${ctx.config.name}: ${sample.title.fr}, ${count(report.rows)} records, ${count(report.images)} pictures`,
    )
  }
}

/** Each parent reads its children, the lowest first. */
async function connect(
  bricks: Map<Place['id'], RunningBrick>,
  stopping: AbortSignal,
): Promise<void> {
  for (const place of places.toReversed()) {
    if (!place.parent) continue
    stopping.throwIfAborted()
    const { ctx } = brickOf(bricks, place.parent)
    const source = await addSource(ctx, brickOf(bricks, place.id).ctx.links.oai(), {
      slug: place.id,
      everyMinutes: 1,
    })
    const report = await harvestWhenFree(ctx, source, stopping)
    stopping.throwIfAborted()
    if (report.status !== 'complete')
      throw new Error(
        `${ctx.config.name} could not harvest ${source.url}: ${report.diagnosis?.message ?? report.status}`,
      )
    say(`${ctx.config.name} harvested ${source.name}: ${count(report.records)} records`)
  }
  for (const { ctx } of bricks.values()) {
    const { reader } = await ctx.engine.prepare()
    while ((await position(ctx, reader)) < (await endOfLine(ctx))) await sleep(100)
    await ctx.engine.refresh()
  }
}

/** A source that was known before is due when its brick starts, and may be under way already. */
async function harvestWhenFree(
  ctx: Context,
  source: Source,
  signal: AbortSignal,
): Promise<HarvestReport> {
  for (;;) {
    try {
      return await harvestSource(ctx, source, { signal })
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'conflict')) throw error
      await sleep(200, undefined, { signal })
    }
  }
}

async function announce(bricks: Map<Place['id'], RunningBrick>): Promise<void> {
  const width = Math.max(...places.map((each) => each.name.length))
  say('')
  for (const { id, name, level } of places) {
    const { ctx } = brickOf(bricks, id)
    const { total } = await ctx.engine.search({ limit: 1 })
    say(
      `  ${name.padEnd(width)}  ${ctx.links.home()}  (${level}, ${count(total)} records, search by ${ctx.engine.name})`,
    )
  }
  say(`\nTry ${brickOf(bricks, 'root').ctx.links.search({ q: 'fenetre' })} (Ctrl+C stops them all)`)
}

function brickOf(bricks: Map<Place['id'], RunningBrick>, id: Place['id']): RunningBrick {
  const found = bricks.get(id)
  if (!found) throw new Error(`the brick ${id} is not running`)
  return found
}
