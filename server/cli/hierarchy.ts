import { Command, Option } from 'commander'
import { importances, type Importance } from '../../schemas/shared.ts'
import {
  adopt,
  announce,
  isOurs,
  join,
  keepUp,
  leave,
  listReceived,
  listShared,
  shareProfile,
  shareVocabulary,
  standingOf,
  unshare,
} from '../hierarchy/hierarchy.ts'
import { invalid } from '../http/errors.ts'
import { withBrick } from './open.ts'
import { say } from './terminal.ts'

export const joinCommand = (): Command =>
  new Command('join')
    .description('ask another brick to take this one as its child; it sends a mail to confirm')
    .argument('<url>', 'address of the brick above')
    .action((url: string) =>
      withBrick(async (ctx) => {
        const { joined, answered } = await join(ctx, url)
        if (answered.state === 'taken') {
          say(`${joined.name} has taken this brick.`)
          await keepUp(ctx, undefined, true)
        } else if (answered.state === 'mailed') {
          say(`${joined.name} has sent a mail to ${answered.to}: follow the link in it.`)
          say('While this brick runs it looks every ten minutes whether it has been taken.')
        } else {
          say(`${joined.name} has the request; its operator decides.`)
        }
      }),
    )

export const leaveCommand = (): Command =>
  new Command('leave')
    .description(
      'leave the brick above; it withdraws its copies of your descriptions after a week, yours stay',
    )
    .action(() =>
      withBrick(async (ctx) => {
        const { left, heard } = await leave(ctx)
        say(
          `This brick has left ${left}${heard ? '' : ', which could not be reached but will see'}.`,
        )
      }),
    )

export const aboveCommand = (): Command =>
  new Command('above')
    .description('the brick above, and what came from it')
    .option('--check', 'look there first')
    .action(({ check }: { check?: true }) =>
      withBrick(async (ctx) => {
        if (check) await keepUp(ctx, undefined, true)
        const standing = await standingOf(ctx)
        if (standing.state === 'none') say('This brick is part of no other: campa join URL')
        else say(`${standing.state}\t${standing.url}\t${standing.name ?? ''}`.trimEnd())
        for (const { item, read, adopted } of await listReceived(ctx)) {
          const title = item.title['en'] ?? Object.values(item.title)[0] ?? ''
          const state = item.kind === 'announcement' ? (read ? 'read' : 'new') : adopted
          say(`${item.kind}\t${title}\t${item.issuer.name}\t${state}\t${item.id}`)
        }
      }),
    )

interface Announced {
  en?: string
  fr?: string
  titleEn?: string
  titleFr?: string
  release?: string
  importance: Importance
  link?: string
}

export const announceCommand = (): Command =>
  new Command('announce')
    .description('tell all bricks below something; it reaches them within a day for each step')
    .option('--en <text>', 'what, in English')
    .option('--fr <text>', 'what, in French')
    .option('--title-en <text>', 'heading (the first sentence)')
    .option('--title-fr <text>', 'heading (the first sentence)')
    .option('--release <version>', 'version of the software that it is about')
    .addOption(
      new Option('--importance <word>', 'how important')
        .choices([...importances])
        .default('normal'),
    )
    .option('--link <url>', 'where to read more')
    .action((given: Announced) =>
      withBrick(async (ctx) => {
        const { release, link, importance } = given
        const text = texts(given.en, given.fr)
        if (!Object.keys(text).length) throw invalid('Say something: --en TEXT, --fr TEXT or both.')
        const item = await announce(ctx, {
          title: texts(
            given.titleEn ?? firstSentence(given.en),
            given.titleFr ?? firstSentence(given.fr),
          ),
          text,
          importance,
          ...(release !== undefined && { version: release }),
          ...(link !== undefined && { address: link }),
        })
        say(`Announced: ${item.id}`)
      }),
    )

const texts = (en: string | undefined, fr: string | undefined): Record<string, string> => ({
  ...(en?.trim() && { en: en.trim() }),
  ...(fr?.trim() && { fr: fr.trim() }),
})

const firstSentence = (text: string | undefined): string | undefined =>
  /^\s*(.{1,150}?)(?:[.!?:](?:\s|$)|\n|$)/s.exec(text ?? '')?.[1] ?? text?.slice(0, 150)

export function shareCommand(): Command {
  const command = new Command('share').description('give something to all bricks below')
  command
    .command('profile')
    .description('a profile of this brick, as a template')
    .argument('<id>')
    .action((id: string) => withBrick(async (ctx) => shared((await shareProfile(ctx, id)).id)))
  command
    .command('vocabulary')
    .description('a collection of concepts, as a vocabulary')
    .argument('<collection>', 'its slug')
    .action((slug: string) =>
      withBrick(async (ctx) => shared((await shareVocabulary(ctx, slug)).id)),
    )
  command
    .command('list')
    .description('what this brick shares, its own and what came from above')
    .action(() =>
      withBrick(async (ctx) => {
        for (const { item } of await listShared(ctx))
          say(`${item.kind}\t${item.issuer.name}${isOurs(ctx, item) ? ' (own)' : ''}\t${item.id}`)
      }),
    )
  command
    .command('end')
    .description('share something no longer')
    .argument('<id>', 'as "campa share list" names it')
    .action((id: string) =>
      withBrick(async (ctx) => say(`No longer shared: ${(await unshare(ctx, id)).id}`)),
    )
  return command
}

const shared = (id: string): void => say(`Shared: ${id}`)

/** `campa profile adopt ID` and `campa vocabulary adopt NAME`. */
export const adoptCommands = (): Command[] =>
  (['profile', 'vocabulary'] as const).map((word) => {
    const command = new Command(word).description(
      `${word === 'profile' ? 'profiles' : 'vocabularies'} that came from above`,
    )
    command
      .command('adopt')
      .description(`use a ${word} from above in this brick`)
      .argument('<name>', 'as "campa above" names it, or its short name')
      .action((name: string) =>
        withBrick(async (ctx) => {
          const item = await adopt(ctx, word === 'profile' ? 'template' : 'vocabulary', name)
          say(`In use: ${item.kind === 'template' ? item.profile.id : item.name}`)
        }),
      )
    return command
  })
