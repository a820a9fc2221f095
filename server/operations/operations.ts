// For those who run the brick at night: is it there, can it work, how is it doing.
import cluster, { type Worker } from 'node:cluster'
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
  if (cluster.isWorker) answerGathering(registry)
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

/** What the processes of a brick say to each other; `id` is that of a question. */
type Message =
  | { kind: 'ready' }
  | { kind: 'all' | 'yours'; id: string }
  | { kind: 'mine'; id: string; metrics: Parts }
  | { kind: 'answer'; id: string; text: string }

type Parts = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

const isMessage = (message: unknown): message is Message =>
  typeof message === 'object' && message !== null && 'kind' in message

const patience = 2000

/** Of all processes, by the one that they come from. */
async function gathered(): Promise<string> {
  const id = randomUUID()
  return new Promise((done, failed) => {
    const end = (then: () => void): void => {
      clearTimeout(late)
      process.off('message', hear)
      then()
    }
    const hear = (message: unknown): void => {
      if (isMessage(message) && message.kind === 'answer' && message.id === id)
        end(() => done(message.text))
    }
    const late = setTimeout(
      () => end(() => failed(unavailable('The other processes of this brick do not answer.'))),
      2 * patience,
    )
    process.on('message', hear)
    tell({ kind: 'all', id })
  })
}

const tell = (message: Message): void => void process.send?.(message)

/** Says how this process is doing, when the one that it comes from asks. */
function answerGathering(registry: Registry): void {
  process.on('message', (message: unknown) => {
    if (!isMessage(message) || message.kind !== 'yours') return
    void registry
      .getMetricsAsJSON()
      .then((metrics) => tell({ kind: 'mine', id: message.id, metrics }))
      .catch(() => undefined)
  })
  tell({ kind: 'ready' })
}

/** Answers the processes of this brick that are asked for the metrics of all: with what those say that are there. */
export function gatherMetrics(ctx: Context): void {
  const { registry } = instrumentsOf(ctx)
  const ready = new Set<Worker>()
  const questions = new Map<string, (from: Worker, metrics: Parts) => void>()
  const gather = async (): Promise<string> => {
    const parts = [await registry.getMetricsAsJSON()]
    const asked = new Set([...ready].filter((each) => each.isConnected()))
    const id = randomUUID()
    await new Promise<void>((done) => {
      const late = setTimeout(done, patience)
      questions.set(id, (from, metrics) => {
        parts.push(metrics)
        asked.delete(from)
        if (asked.size > 0) return
        clearTimeout(late)
        done()
      })
      for (const each of asked) each.send({ kind: 'yours', id })
    })
    questions.delete(id)
    return AggregatorRegistry.aggregate(parts).metrics()
  }
  cluster.on('exit', (worker) => ready.delete(worker))
  cluster.on('message', (worker, message: unknown) => {
    if (!isMessage(message)) return
    if (message.kind === 'ready') ready.add(worker)
    if (message.kind === 'mine') questions.get(message.id)?.(worker, message.metrics)
    if (message.kind !== 'all') return
    void gather()
      .then((text) => {
        if (worker.isConnected()) worker.send({ kind: 'answer', id: message.id, text })
      })
      .catch((error: unknown) => ctx.log.warn({ err: error }, 'metrics cannot be added up'))
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
