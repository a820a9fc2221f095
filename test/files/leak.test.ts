import assert from 'node:assert/strict'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ingest } from '../../server/files/files.ts'
import { DomainError } from '../../server/http/errors.ts'
import { needed, pathOfImage, sharedFolder, tools } from '../house.ts'

// A thousand rounds take a quarter of an hour: LEAK_ROUNDS=1000 says more than these few.
const rounds = Number(process.env['LEAK_ROUNDS'] ?? 6)

describe('the memory of a server that takes pictures in', () => {
  it(`stays as it is over ${rounds} rounds of odd ones`, async function () {
    this.timeout(60_000 + rounds * 10_000)
    const from = needed(sharedFolder('data', 'images-odd'), 'the folder data/images-odd', this)
    const small = readdirSync(from).filter((name) => statSync(join(from, name)).size < 20_000)
    assert.ok(small.length > 15)
    const { ctx, close } = await tools()
    try {
      const seen: number[] = []
      let taken = 0
      for (let round = 0; round < rounds; round++) {
        for (const name of small) {
          try {
            const { image } = await ingest(ctx, join(from, name), { name, mustBeImage: true })
            // So that it is made anew in the next round.
            if (image) rmSync(pathOfImage(ctx, image))
            taken += 1
          } catch (error) {
            assert.ok(error instanceof DomainError, String(error))
          }
        }
        seen.push(process.memoryUsage().rss / 1e6)
      }
      assert.ok(taken > rounds * 8)
      const third = Math.ceil(rounds / 3)
      const [early = 0, late = 0] = [seen.slice(third - 1, 2 * third), seen.slice(-third)].map(
        (each) => Math.min(...each),
      )
      if (process.env['LEAK_ROUNDS']) process.stdout.write(`${seen.map(Math.round).join(' ')}\n`)
      assert.ok(late - early < 20, `${Math.round(early)} MB, then ${Math.round(late)} MB`)
    } finally {
      await close()
    }
  })
})
