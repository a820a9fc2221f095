// A process that harvests until it is killed: what kill.test.ts needs.
import { pino } from 'pino'
import { loadConfig, type Config } from '../../config/config.ts'
import { openBrick } from '../../server/brick.ts'
import { findSource, harvestSource } from '../../server/network/network.ts'

const given = JSON.parse(process.argv[2] ?? '{}') as Partial<Config>
const brick = await openBrick(loadConfig({}, given), pino({ level: 'silent' }))
const { ctx } = brick
const report = await harvestSource(ctx, await findSource(ctx, 'victim'), {
  onProgress: ({ pages }) => process.stdout.write(`${pages}\n`),
})
process.stdout.write(`${report.status}\n`)
await brick.close()
