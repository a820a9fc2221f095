// A process that takes one file in when it is told to, and says so when it has: what kill.test.ts kills.
import { pino } from 'pino'
import { loadConfig, type Config } from '../../config/config.ts'
import { openBrick } from '../../server/brick.ts'
import { ingest } from '../../server/files/files.ts'

const given = JSON.parse(process.argv[2] ?? '{}') as Partial<Config>
const { ctx } = await openBrick(loadConfig({}, given), pino({ level: 'silent' }))
process.on('message', (path: string) => {
  void ingest(ctx, path, { name: 'picture', mustBeImage: true }).then((file) =>
    process.send?.(file),
  )
})
process.send?.('ready')
