import { Command, InvalidArgumentError } from 'commander'
import {
  addSource,
  changeSource,
  findSource,
  listSources,
  type SourceOptions,
  type SourceSummary,
} from '../network/network.ts'
import { withBrick } from './open.ts'
import { count, say } from './terminal.ts'

interface Flags extends Pick<
  SourceOptions,
  'slug' | 'name' | 'set' | 'prefix' | 'graceDays' | 'compareDays' | 'vanishPercent'
> {
  every?: number
  delay?: number
  atOnce?: number
  ignoreRobots?: boolean
  respectRobots?: boolean
  hours?: string
  timeZone?: string
}

export function sourceCommand(): Command {
  const command = new Command('source').description(
    'the bricks and repositories that this brick reads',
  )
  const added = command
    .command('add')
    .description('add a brick or any OAI-PMH repository; asks it who it is')
    .argument('<url>', 'address of its OAI-PMH door, or of a brick')
    .option('--slug <slug>', 'short name for addresses and sets (made from its name)')
    .action(add)
  const changed = command
    .command('set')
    .description('change how a source is harvested; what is not given stays as it is')
    .argument('<source>', 'slug or address of a source')
    .action(set)
  for (const each of [added, changed]) withOptions(each)
  command.command('list').description('list the sources and how each is doing').action(list)
  return command
}

function withOptions(command: Command): void {
  command
    .option('--name <text>', 'name to show (what it calls itself)')
    .option('--set <setSpec>', 'only this set')
    .option(
      '--prefix <metadataPrefix>',
      'metadata formats, the best one first, with commas; auto: mets of a brick, else edm, mods, oai_datacite, oai_dc',
    )
    .option('--every <minutes>', 'how often it is harvested', whole(1, 525_600))
    .option(
      '--compare-days <days>',
      'list all every so many days, where it does not tell of its deletions for good (7; 0: never)',
      whole(0, 3650),
    )
    .option(
      '--grace-days <days>',
      'withdraw what was missing from its lists for so many days (3)',
      whole(0, 3650),
    )
    .option(
      '--vanish-percent <percent>',
      'withdraw nothing when more than this is missing at once (20)',
      whole(0, 100),
    )
    .option('--delay <seconds>', 'pause between two requests', seconds)
    .option('--at-once <n>', 'harvests that may run at its host at once (1)', whole(1, 100))
    .option('--ignore-robots', 'ask it whatever the robots.txt of its host says')
    .option('--respect-robots', 'heed the robots.txt of its host (this is usual)')
    .option('--hours <from-until>', 'harvest it only then, as 22:00-06:00 ("" for any time)')
    .option('--time-zone <name>', 'of these hours, as Europe/Paris (that of this machine)')
}

const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }

function seconds(text: string): number {
  const value = Number(text)
  if (text.trim() && value >= 0 && value <= 3600) return value
  throw new InvalidArgumentError('It must be a number from 0 to 3600.')
}

function optionsOf(flags: Flags): SourceOptions {
  const { every, delay, atOnce, ignoreRobots, respectRobots, hours, timeZone, ...plain } = flags
  return {
    ...plain,
    ...(every !== undefined && { everyMinutes: every }),
    manners: {
      ...(delay !== undefined && { delayMs: Math.round(delay * 1000) }),
      ...(atOnce !== undefined && { hostPlaces: atOnce }),
      ...((ignoreRobots || respectRobots) && { ignoresRobots: ignoreRobots === true }),
      ...(hours !== undefined && { hours }),
      ...(timeZone !== undefined && { timeZone }),
    },
  }
}

async function add(url: string, flags: Flags): Promise<void> {
  await withBrick(async (ctx) => {
    const source = await addSource(ctx, url, optionsOf(flags))
    say(
      `${source.name} is the source "${source.slug}" (${source.url}, format ${source.metadataPrefix ?? 'oai_dc'}).`,
    )
    say(
      `It is harvested every ${source.everyMinutes} minutes while the brick runs; now: campa harvest ${source.slug}`,
    )
  })
}

async function set(name: string, flags: Flags): Promise<void> {
  await withBrick(async (ctx) => {
    const source = await changeSource(ctx, await findSource(ctx, name), optionsOf(flags))
    const { hoursFrom, hoursUntil, timeZone, hostPlaces } = source
    const hours =
      hoursFrom && hoursUntil
        ? `from ${hoursFrom.slice(0, 5)} to ${hoursUntil.slice(0, 5)} (${timeZone ?? 'UTC'})`
        : 'at any time'
    say(
      `"${source.slug}" is harvested every ${source.everyMinutes} minutes, ${hours}, ${source.delayMs / 1000} s between requests, ` +
        `${hostPlaces} at once at its host, ${source.ignoresRobots ? 'whatever its robots.txt says' : 'as its robots.txt wishes'}.`,
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
