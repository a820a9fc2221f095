import { Command } from 'commander'
import { rebuildIndex } from '../search/search.ts'
import { withBrick } from './open.ts'
import { complain, count, progressLine, say } from './terminal.ts'

export function indexCommand(): Command {
  const command = new Command('index').description('the search index')
  command
    .command('rebuild')
    .description(
      'make the index anew from the records; the brick goes on answering from the old one meanwhile',
    )
    .action(rebuild)
  return command
}

async function rebuild(): Promise<void> {
  await withBrick(async (ctx, stopping) => {
    let bar = progressLine('indexing', 0)
    let known = 0
    const report = await rebuildIndex(ctx, ({ done, total }) => {
      stopping.throwIfAborted()
      if (total !== known) {
        bar.stop()
        bar = progressLine('indexing', total)
        known = total
      }
      bar.update(done, `${count(done)} records`)
    })
    bar.stop()
    say(`${count(report.done)} records are in the new index (${ctx.engine.name}).`)
    if (!report.refused) return
    complain(`${count(report.refused)} records could not be indexed, as:`)
    for (const problem of report.problems.slice(0, 5)) complain(`  ${JSON.stringify(problem)}`)
    process.exitCode = 1
  })
}
