// A process that puts a large file under the key that it is told: what contract.test.ts kills.
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig, type Config } from '../../config/config.ts'
import { openStorage } from '../../server/storage/open.ts'

const config = loadConfig({}, JSON.parse(process.argv[2] ?? '{}') as Partial<Config>)
const storage = await openStorage(config)
process.on('message', (key: string) => {
  void storage.put(key, async (path) => {
    await writeFile(path, Buffer.alloc(60_000_000, 'campa'))
    if (!config.s3) await sleep(60_000)
  })
})
process.send?.('ready')
