import { Command, InvalidArgumentError } from 'commander'
import { addSource, listSources, type SourceSummary } from '../network/network.ts'
import { withBrick } from './open.ts'
import { count, say } from './terminal.ts'

interface Flags {
  slug?: string
  name?: string
  set?: string
  prefix?: string
  every?: number
}

export function sourceCommand(): Command {
  const command = new Command('source').description(
    'the bricks and repositories that this brick reads',
  )
  command
    .command('add')
    .description('add a brick or any OAI-PMH repository; asks it who it is')
    .argument('<url>', 'address of its OAI-PMH door, or of a brick')
    .option('--slug <slug>', 'short name for addresses and sets (made from its name)')
    .option('--name <text>', 'name to show (what it calls itself)')
    .option('--set <setSpec>', 'only this set')
    .option(
      '--prefix <metadataPrefix>',
      'metadata format (of a brick mets, else edm when it is offered, else oai_dc)',
    )
    .option('--every <minutes>', 'how often it is harvested', minutes)
    .action(add)
  command.command('list').description('list the sources and how each is doing').action(list)
  return command
}

function minutes(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= 525_600) return value
  throw new InvalidArgumentError('It must be a whole number from 1 to 525600.')
}

async function add(url: string, { every, ...flags }: Flags): Promise<void> {
  await withBrick(async (ctx) => {
    const source = await addSource(ctx, url, {
      ...flags,
      ...(every !== undefined && { everyMinutes: every }),
    })
    say(
      `${source.name} is the source "${source.slug}" (${source.url}, format ${source.metadataPrefix ?? 'oai_dc'}).`,
    )
    say(
      `It is harvested every ${source.everyMinutes} minutes while the brick runs; now: campa harvest ${source.slug}`,
    )
  })
}

async function list(): Promise<void> {
  await withBrick(async (ctx) => {
    const sources = await listSources(ctx)
    if (!sources.length) say('There is no source yet: campa source add URL adds one.')
    for (const source of sources) say(line(source))
  })
}

function line({ slug, name, url, records, lastHarvest }: SourceSummary): string {
  const last = lastHarvest
    ? `${lastHarvest.status} ${lastHarvest.endedAt?.toISOString() ?? ''}`.trim()
    : 'never harvested'
  return `${slug}\t${name}\t${url}\t${count(records)} records\t${last}`
}
