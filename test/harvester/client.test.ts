import assert from 'node:assert/strict'
import { openClient } from '../../harvester/client.ts'
import { Diagnosis } from '../../harvester/diagnosis.ts'
import { identify } from '../../harvester/identify.ts'
import { testSource } from './source.ts'

describe('a client', () => {
  it('lets go of an answer that it cannot unpack, so that the next ones find a connection', async () => {
    const source = await testSource()
    source.misbehave.answer = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'lzma' })
      // More will not come for a long time.
      response.write(Buffer.alloc(100_000))
      return true
    }
    const client = openClient(source.url, { userAgent: 'CaMPA tests', attempts: 1 })
    const stop = new AbortController()
    const refused: string[] = []
    try {
      const asking = (async () => {
        for (let times = 0; times < 5; times++) {
          await identify(client, stop.signal).catch((error: unknown) => {
            if (error instanceof Diagnosis) refused.push(error.code)
          })
        }
      })()
      const late = new Promise((pass) => setTimeout(pass, 3000).unref())
      await Promise.race([asking, late])
      assert.deepEqual(
        refused,
        Array.from({ length: 5 }, () => 'encoding-broken'),
      )
    } finally {
      stop.abort()
      await client.close()
      await source.close()
    }
  })
})
