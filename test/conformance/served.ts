// A brick in a process of its own, which tells how much memory it uses: what apart.ts starts.
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { loadConfig, type Config } from '../../config/config.ts'
import { startBrick } from '../../server/brick.ts'

const given = JSON.parse(process.argv[2] ?? '{}') as Partial<Config>
const brick = await startBrick(loadConfig({}, given), pino({ level: 'silent' }))

process.on('message', (said) => {
  if (said === 'close') void brick.close().then(() => process.disconnect())
  if (said === 'memory') void tellMemory()
})

async function tellMemory(): Promise<void> {
  // What lies outside of the heap is let go of after the collection that found nobody holds it.
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.()
    await sleep(20)
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  process.send?.({ rss, held: heapUsed + external })
}
process.send?.('ready')
