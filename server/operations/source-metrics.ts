// How the sources are doing, for Prometheus. Labels are bounded: beyond so many sources those that need care come first,
// then the largest, and the rest are one.
import { Gauge, type Registry } from 'prom-client'
import type { Context } from '../context.ts'
import { listSources, type SourceSummary } from '../network/network.ts'

/** Sources that have series of their own. */
const mostLabels = 1000
const others = 'others'

/** What every series of a source is made from; a gauge that has nothing to say of a source leaves it out. */
const perSource: Record<
  string,
  {
    help: string
    value: (source: SourceSummary, now: number) => number | undefined
    /** Whether those without series of their own are added up. */
    sum?: true
  }
> = {
  campa_source_records: {
    help: 'Public records from a source, counted at the end of its last harvest',
    value: ({ records }) => records,
    sum: true,
  },
  campa_source_last_success_seconds: {
    help: 'When the last complete harvest of a source ended, in seconds since 1970',
    value: ({ completedAt }) => (completedAt ? seconds(completedAt) : undefined),
  },
  campa_source_failing_seconds: {
    help: 'For how long a source has been failing',
    value: ({ health }, now) =>
      health.state === 'failing' ? now - seconds(health.since) : undefined,
  },
  campa_source_lag_seconds: {
    help: 'How long the next complete harvest of a source is overdue; 0 while it is in time or paused',
    value: (source, now) => lag(source, now),
  },
  campa_source_harvest_records: {
    help: 'Records that the last harvest of a source has read',
    value: ({ lastHarvest }) => lastHarvest?.records,
  },
  campa_source_harvest_rate: {
    help: 'Records a second of the last harvest of a source',
    value: ({ lastHarvest }) => lastHarvest?.pace,
  },
}

export function sourceGauges(ctx: Context, registry: Registry): void {
  let reading: Promise<SourceSummary[]> | undefined
  // The registry collects its gauges at the same time, and one reading of the tables does for all.
  const read = (): Promise<SourceSummary[]> =>
    (reading ??= listSources(ctx).finally(() => (reading = undefined)))
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    fill: (gauge: Gauge<Label>, sources: SourceSummary[], now: number) => void,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames,
      // Read from the same tables by each process.
      aggregator: 'max',
      registers: [registry],
      async collect() {
        const sources = await read()
        this.reset()
        fill(this, sources, seconds(ctx.clock()))
      },
    })
  }
  gauge('campa_sources', 'Sources by how they are doing', ['health'], (to, sources) => {
    for (const { health } of sources) to.labels(health.state).inc()
  })
  gauge(
    'campa_sources_failing',
    'Sources that fail, by their last diagnosis',
    ['diagnosis'],
    (to, sources) => {
      for (const { health } of sources) {
        if (health.state === 'failing') to.labels(health.diagnosis ?? '').inc()
      }
    },
  )
  for (const [name, { help, value, sum }] of Object.entries(perSource)) {
    gauge(name, help, ['source'], (to, sources, now) => {
      const [named, rest] = split(sources)
      for (const source of named) {
        const it = value(source, now)
        if (it !== undefined) to.labels(source.slug).set(it)
      }
      if (sum && rest.length) {
        to.labels(others).set(rest.reduce((total, each) => total + (value(each, now) ?? 0), 0))
      }
    })
  }
}

const seconds = (date: Date): number => date.getTime() / 1000

function lag({ health, completedAt, everyMinutes }: SourceSummary, now: number): number {
  if (health.state === 'paused') return 0
  const due = seconds(completedAt ?? health.since) + everyMinutes * 60
  return Math.max(0, now - due)
}

function split(sources: SourceSummary[]): [SourceSummary[], SourceSummary[]] {
  if (sources.length <= mostLabels) return [sources, []]
  const care = (source: SourceSummary): number =>
    ['failing', 'late'].includes(source.health.state) ? 0 : 1
  const order = sources.toSorted((a, b) => care(a) - care(b) || b.records - a.records)
  return [order.slice(0, mostLabels), order.slice(mostLabels)]
}
