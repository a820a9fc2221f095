import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import type { RunningBrick } from '../../server/brick.ts'
import { ingest } from '../../server/files/files.ts'
import { save } from '../../server/records/records.ts'
import { brick, collection, draft, needed } from '../house.ts'

const python = process.env['PYTHON'] ?? 'python3'
const side = 100

const missing = 'iiif-validator (PYTHON names another interpreter)'

/** What a program prints; it is asked by a server of this very process, which must not wait for it. */
function printed(args: string[]): Promise<string> {
  return new Promise((done) => {
    execFile(python, args, { timeout: 100_000 }, (_, stdout, stderr) => done(`${stdout}${stderr}`))
  })
}

/** The colours of the validator's reference picture, column by column; undefined where there is no validator. */
async function colours(): Promise<number[][][] | undefined> {
  const program =
    'import json; from iiif_validator.validator import ValidationInfo; print(json.dumps(ValidationInfo().colorInfo))'
  const table = /^\[\[.*$/m.exec(await printed(['-c', program]))
  return table ? (JSON.parse(table[0]) as number[][][]) : undefined
}

describe('the IIIF Image API validator', () => {
  let house: RunningBrick
  let folder: string
  let image = ''

  let squares: number[][][] | undefined

  before(async () => {
    squares = await colours()
    if (!squares) return
    house = await brick()
    folder = mkdtempSync(join(tmpdir(), 'campa-validator-'))
    const path = join(folder, 'reference.png')
    const pixels = Buffer.alloc(1000 * 1000 * 3)
    for (let y = 0, at = 0; y < 1000; y++) {
      for (let x = 0; x < 1000; x++) {
        for (const value of squares[Math.floor(x / side)]?.[Math.floor(y / side)] ?? []) {
          pixels[at++] = value
        }
      }
    }
    await sharp(pixels, { raw: { width: 1000, height: 1000, channels: 3 } }).toFile(path)
    const file = await ingest(house.ctx, path, { name: 'reference.png', mustBeImage: true })
    image = file.image ?? ''
    await save(house.ctx, [draft(await collection(house.ctx), 'reference', { files: [file] })])
  })
  after(async () => {
    await house?.close()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  // Formats that this release asks for in the words of Python 2: none can pass.
  const unreachable = ['format_jp2', 'format_pdf', 'format_webp']
  for (const [version, level, failing] of [
    ['2.0', 2, []],
    ['3.0', 2, []],
    ['2.0', 3, unreachable],
    ['3.0', 3, unreachable],
  ] as const) {
    it(`passes what it asks of version ${version} at level ${level}`, async function () {
      needed(squares, missing, this)
      const said = await printed([
        join(dirname(python), 'iiif-validate.py'),
        '-s',
        new URL(house.address).host,
        '-p',
        `iiif/image/${version[0]}`,
        '-i',
        image,
        `--version=${version}`,
        '--level',
        String(level),
      ])
      const tests = [...said.matchAll(/test (\w+) (PASS|FAIL)/g)]
      assert.ok(tests.length >= 30, said)
      const failed = tests.flatMap(([, name = '', verdict]) => (verdict === 'FAIL' ? [name] : []))
      assert.deepEqual(failed.toSorted(), [...failing], said)
    })
  }
})
