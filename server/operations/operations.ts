// For those who run the brick at night: is it there, can it work, how is it doing.
import cluster from 'node:cluster'
import { randomUUID } from 'node:crypto'
import { AggregatorRegistry, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { position } from '../changes/changes.ts'
import type { Context } from '../context.ts'
import type { Observe } from '../http/app.ts'
import { messageOf, unavailable } from '../http/errors.ts'
import { version } from '../http/package.ts'
import { endOfLine } from '../records/records.ts'
import { sourceGauges } from './source-metrics.ts'

interface Instruments {
  registry: Registry
  requests: Histogram<'route' | 'status'>
}

const instruments = new WeakMap<Context, Instruments>()

/** One registry for each brick of this process. */
function instrumentsOf(ctx: Context): Instruments {
  const known = instruments.get(ctx)
  if (known) return known
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'campa_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['route', 'status'] as const,
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  new Gauge({
    name: 'campa_info',
    help: 'Version of this brick',
    labelNames: ['version', 'level'],
    aggregator: 'first',
    registers: [registry],
  })
    .labels(version, ctx.config.level)
    .set(1)
  lineGauges(ctx, registry)
  sourceGauges(ctx, registry)
  // Hears when the process that this one comes from gathers them.
  if (cluster.isWorker) {
    AggregatorRegistry.setRegistries([registry])
    new AggregatorRegistry()
  }
  const made = { registry, requests }
  instruments.set(ctx, made)
  return made
}

function lineGauges(ctx: Context, registry: Registry): void {
  new Gauge({
    name: 'campa_line_number',
    help: 'Number of the last change on the line',
    aggregator: 'max',
    registers: [registry],
    async collect() {
      this.set(await endOfLine(ctx))
    },
  })
  new Gauge({
    name: 'campa_index_lag',
    help: 'Numbers on the line that the search index has not read yet; -1 while the index cannot be reached',
    aggregator: 'max',
    registers: [registry],
    async collect() {
      this.set(await indexLag(ctx).catch(() => -1))
    },
  })
}

async function indexLag(ctx: Context): Promise<number> {
  const { reader } = await ctx.engine.prepare()
  return (await endOfLine(ctx)) - (await position(ctx, reader))
}

export function requestTimer(ctx: Context): Observe {
  const { requests } = instrumentsOf(ctx)
  return (route, status, seconds) => requests.labels(route, String(status)).observe(seconds)
}

/** The metrics in the text format of Prometheus; those of all processes that answer, where there are several. */
export async function metrics(ctx: Context): Promise<{ type: string; text: string }> {
  const { registry } = instrumentsOf(ctx)
  const text = cluster.isWorker ? await gathered() : await registry.metrics()
  return { type: registry.contentType, text }
}

type Message = { asked: string } | { told: string; text: string | undefined }

const isMessage = (message: unknown): message is Message =>
  typeof message === 'object' && message !== null && ('asked' in message || 'told' in message)

/** Of all processes, by the one that they come from. */
async function gathered(): Promise<string> {
  const asked = randomUUID()
  const text = await new Promise<string | undefined>((done) => {
    const hear = (message: unknown): void => {
      if (!isMessage(message) || !('told' in message) || message.told !== asked) return
      process.off('message', hear)
      done(message.text)
    }
    process.on('message', hear)
    process.send?.({ asked })
  })
  if (text === undefined) throw unavailable('A process of this brick does not say how it is doing.')
  return text
}

/** Answers the processes of this brick that are asked for the metrics of all. */
export function gatherMetrics(): void {
  const all = new AggregatorRegistry()
  cluster.on('message', (worker, message: unknown) => {
    if (!isMessage(message) || !('asked' in message)) return
    void all
      .clusterMetrics()
      .catch(() => undefined)
      .then((text) => worker.send({ told: message.asked, text }))
  })
}

export interface Readiness {
  ready: boolean
  parts: Record<'database' | 'search', string>
}

/** Whether the brick can do its work. Without search it still serves pages of records, OAI-PMH and IIIF. */
export async function readiness(ctx: Context): Promise<Readiness> {
  const state = async (check: () => Promise<unknown>): Promise<string> => {
    try {
      await check()
      return 'ok'
    } catch (error) {
      return messageOf(error)
    }
  }
  const [database, search] = await Promise.all([
    state(() => ctx.db.query('SELECT 1')),
    state(() => ctx.engine.check()),
  ])
  return { ready: database === 'ok', parts: { database, search } }
}
