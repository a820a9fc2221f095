import { Command } from 'commander'
import type { Context } from '../context.ts'
import {
  findSource,
  harvestSource,
  listSources,
  remedyText,
  troubleText,
  type HarvestOptions,
  type HarvestReport,
  type Progress,
} from '../network/network.ts'
import { wordsIn } from '../text/text.ts'
import { withBrick } from './open.ts'
import { complain, count, progressLine, say } from './terminal.ts'

const words = wordsIn('en')

export function harvestCommand(): Command {
  return new Command('harvest')
    .description('read what the sources have to say since the last time (all of them, or one)')
    .argument('[source]', 'slug or address of a source')
    .option('--from-scratch', 'read everything again; what has not changed stays as it is')
    .option(
      '--accept-vanished',
      'read everything again, and withdraw at once what is no longer there, however much it is',
    )
    .action(run)
}

async function run(
  name: string | undefined,
  flags: Pick<HarvestOptions, 'fromScratch' | 'acceptVanished'>,
): Promise<void> {
  await withBrick(async (ctx, stopping) => {
    const slugs = name === undefined ? (await listSources(ctx)).map((each) => each.slug) : [name]
    if (!slugs.length) complain('There is no source yet: campa source add URL adds one.')
    for (const slug of slugs) {
      const report = await one(ctx, slug, { ...flags, signal: stopping })
      if (report.status !== 'complete') process.exitCode = 1
    }
    if (!slugs.length) process.exitCode = 1
  })
}

async function one(ctx: Context, slug: string, options: HarvestOptions): Promise<HarvestReport> {
  const source = await findSource(ctx, slug)
  let bar = progressLine(source.slug, 0)
  let known = 0
  const note = noteFrom(Date.now())
  const onProgress = (progress: Progress): void => {
    const size = progress.completeListSize ?? 0
    if (size !== known) {
      bar.stop()
      bar = progressLine(source.slug, size)
      known = size
    }
    bar.update(progress.records, note(progress, Date.now()))
  }
  try {
    const report = await harvestSource(ctx, source, { ...options, onProgress })
    bar.stop()
    summarise(report)
    return report
  } catch (error) {
    bar.stop()
    throw error
  }
}

/**
 * What stands beside the bar: records, how fast they come, how long it takes until the end.
 * @param begun when this run began; one that goes on has the records of the earlier ones in its count
 */
export function noteFrom(begun: number): (progress: Progress, now: number) => string {
  let before: number | undefined
  return ({ records, pages, completeListSize: size }, now) => {
    const seconds = (now - begun) / 1000
    // The first page came in this run.
    before ??= pages > 1 ? records : 0
    const rate = seconds > 0 ? (records - before) / seconds : 0
    const known = size !== undefined && size >= records
    const parts = [
      `${count(records)}${known ? ` of ${count(size)}` : ''} records`,
      pages === 1 ? '1 page' : `${count(pages)} pages`,
      rate >= 1 && `${count(Math.round(rate))}/s`,
      known && rate > 0 && `${words.span(((size - records) / rate) * 1000)} left`,
    ]
    return parts.filter(Boolean).join(', ')
  }
}

function summarise(report: HarvestReport): void {
  const { source, status, records, seconds } = report
  say(
    `${source}: ${status}${report.resumed ? ' (resumed)' : ''}, ${count(records)} records in ${seconds.toFixed(1)} s ` +
      `(${count(Math.round(records / Math.max(seconds, 0.001)))}/s): ${count(report.added)} added, ${count(report.changed)} changed, ` +
      `${count(report.unchanged)} unchanged, ${count(report.deleted)} deleted, ${count(report.refused)} refused`,
  )
  if (report.diagnosis) complain(`  ${report.diagnosis.message}`)
  for (const { code, count: times, examples } of report.problems) {
    const name = code === 'diagnosis' ? (report.diagnosis?.code ?? code) : code
    complain(
      `  ${troubleText(words, name)} (${name}, ${count(times)} ×): ${examples[0]?.message ?? ''}`,
    )
    complain(`    ${remedyText(words, name)}`)
  }
}
