// The command line. Every command exits with 0 when all went well, 1 when something failed, 2 when it was called wrongly.
import { Command, CommanderError } from 'commander'
import { ConfigError, variables } from '../../config/config.ts'
import { DomainError, messageOf } from '../http/errors.ts'
import { version } from '../http/package.ts'
import {
  aboveCommand,
  adoptCommands,
  announceCommand,
  joinCommand,
  leaveCommand,
  shareCommand,
} from './hierarchy.ts'
import { importCommand } from './import.ts'
import { demoCommand } from './demo.ts'
import { harvestCommand } from './harvest.ts'
import { indexCommand } from './index-command.ts'
import { sourceCommand } from './source.ts'
import { startCommand } from './start.ts'
import { complain } from './terminal.ts'
import { workCommand } from './work.ts'

const program = new Command('campa')
  .description('A brick of CaMPA: keeps, describes, shows and shares digital objects.')
  .version(version)
  .showHelpAfterError('(see "campa --help")')
  .configureHelp({ sortSubcommands: false })
  .exitOverride()
  .addHelpText(
    'after',
    `\nSettings (environment, or lines KEY=value in campa.env or the file that CAMPA_CONFIG_FILE names):\n${variables
      .map(({ name, help }) => `  ${name.padEnd(28)} ${help}`)
      .join('\n')}`,
  )

for (const command of [
  startCommand,
  workCommand,
  demoCommand,
  importCommand,
  sourceCommand,
  harvestCommand,
  joinCommand,
  leaveCommand,
  aboveCommand,
  announceCommand,
  shareCommand,
  ...adoptCommands().map((command) => () => command),
  indexCommand,
])
  program.addCommand(inherit(program, command()))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

// Commander hands its settings (what to do at an error) down to commands that it makes itself, not to added ones.
function inherit(parent: Command, command: Command): Command {
  command.copyInheritedSettings(parent)
  for (const each of command.commands) inherit(command, each)
  return command
}

function report(error: unknown): number {
  // Commander has already said what was wrong with the call.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  complain(messageOf(error))
  if (
    !(error instanceof DomainError || error instanceof ConfigError) &&
    process.env['CAMPA_LOG_LEVEL'] === 'debug'
  ) {
    complain(error instanceof Error ? (error.stack ?? '') : '')
  }
  return error instanceof ConfigError ? 2 : 1
}
