// A brick in a process of its own, which tells how much memory it uses: what apart.ts starts.
import { pino } from 'pino'
import { loadConfig, type Config } from '../../config/config.ts'
import { startBrick } from '../../server/brick.ts'

const given = JSON.parse(process.argv[2] ?? '{}') as Partial<Config>
const brick = await startBrick(loadConfig({}, given), pino({ level: 'silent' }))

process.on('message', (said) => {
  if (said === 'close') void brick.close().then(() => process.disconnect())
  if (said === 'memory') {
    globalThis.gc?.()
    const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
    process.send?.({ rss, held: heapUsed + external + arrayBuffers })
  }
})
process.send?.('ready')
