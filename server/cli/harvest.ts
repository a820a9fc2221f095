import { Command } from 'commander'
import type { Context } from '../context.ts'
import {
  findSource,
  harvestSource,
  listSources,
  type HarvestOptions,
  type HarvestReport,
  type Progress,
} from '../network/network.ts'
import { withBrick } from './open.ts'
import { complain, count, progressLine, say } from './terminal.ts'

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
  const onProgress = (progress: Progress): void => {
    const size = progress.completeListSize ?? 0
    if (size !== known) {
      bar.stop()
      bar = progressLine(source.slug, size)
      known = size
    }
    bar.update(progress.records, `${count(progress.records)} records, ${progress.pages} pages`)
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

function summarise(report: HarvestReport): void {
  const { source, status, records, seconds } = report
  say(
    `${source}: ${status}${report.resumed ? ' (resumed)' : ''}, ${count(records)} records in ${seconds.toFixed(1)} s ` +
      `(${count(Math.round(records / Math.max(seconds, 0.001)))}/s): ${count(report.added)} added, ${count(report.changed)} changed, ` +
      `${count(report.unchanged)} unchanged, ${count(report.deleted)} deleted, ${count(report.refused)} refused`,
  )
  if (report.diagnosis) complain(`  ${report.diagnosis.message}`)
  for (const { code, count: times, examples } of report.problems) {
    complain(`  ${code} × ${count(times)}: ${examples[0]?.message ?? ''}`)
  }
}
