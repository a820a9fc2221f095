import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Brick } from '../../server/brick.ts'
import { imageById, ingest, pathOfImage } from '../../server/files/files.ts'
import { DomainError } from '../../server/http/errors.ts'
import { needed, sharedFolder, tools } from '../house.ts'

/** What becomes of a file: the size of its image, or the sentence that refuses it. */
async function outcome(brick: Brick, path: string, name: string): Promise<string> {
  try {
    const file = await ingest(brick.ctx, path, { name, mustBeImage: true })
    return `${file.width}x${file.height}`
  } catch (error) {
    assert.ok(error instanceof DomainError && error.code === 'invalid', String(error))
    return error.message
  }
}

describe('ingest', () => {
  let brick: Brick
  let folder: string
  before(async () => {
    brick = await tools()
    folder = mkdtempSync(join(tmpdir(), 'campa-ingest-'))
  })
  after(async () => {
    await brick.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('tries', async function () {
    this.timeout(120000)
    for (const f of ['images', 'images-odd']) {
      const at = needed(sharedFolder('data', f), 'shared data', this)
      for (const name of readdirSync(at)) {
        if (name === 'INDEX.csv') continue
        const t = performance.now()
        console.log(
          name,
          '→',
          await outcome(brick, join(at, name), name),
          Math.round(performance.now() - t),
          Math.round(process.memoryUsage().rss / 1e6),
        )
      }
    }
  })
})
void [writeFileSync, sharp, imageById, pathOfImage]
