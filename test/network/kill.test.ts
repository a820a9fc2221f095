import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { addSource } from '../../server/network/network.ts'
import { readLine } from '../../server/records/records.ts'
import { identifierOf, testSource } from '../harvester/source.ts'
import { tools } from '../house.ts'

describe('a harvest whose process is killed', () => {
  it('ends as if nothing had happened, and reads no page twice that was stored', async function () {
    this.timeout(120_000)
    const brick = await tools()
    const remote = await testSource(20)
    try {
      const { ctx } = brick
      for (let index = 0; index < 600; index++)
        remote.put(String(index), { deleted: index % 50 === 9 })
      remote.misbehave.answer = (query, response) => {
        // Slow enough to be hit in the middle.
        if (query.get('verb') !== 'ListRecords' || response.headersSent) return false
        const until = Date.now() + 15
        while (Date.now() < until);
        return false
      }
      await addSource(ctx, remote.url, { slug: 'victim' })
      let kills = 0
      for (let run = 0; ; run++) {
        const ended = await harvestUntil(ctx.config, run < 2 ? 3 + run * 4 : Infinity, run * 4)
        if (ended === 'complete') break
        kills++
      }
      assert.equal(kills, 2)
      const records = await readLine(ctx, 0, 10_000)
      const expected = [...remote.records.values()].filter((each) => !each.deleted)
      assert.deepEqual(
        records.map((each) => each.identifier).toSorted(),
        expected.map((each) => identifierOf(each.id)).toSorted(),
      )
      const harvests = await ctx.db.query('SELECT status, pages, records, added FROM harvests')
      assert.deepEqual(harvests, [{ status: 'complete', pages: 30, records: 600, added: 588 }])
      const pages = remote.requests.filter((each) => each.get('verb') === 'ListRecords').length
      assert.ok(pages <= 30 + kills * 2, `${pages} requests for 30 pages and ${kills} kills`)
    } finally {
      await remote.close()
      await brick.close()
    }
  })
})

/** Runs until this page is stored and so many milliseconds have passed, or to the end. */
async function harvestUntil(config: object, page: number, delay: number): Promise<string> {
  const script = fileURLToPath(new URL('./victim.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(config)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  let seen = 0
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    seen += chunk.toString().split('\n').length - 1
    if (seen === page || (seen > page && !child.killed))
      setTimeout(() => child.kill('SIGKILL'), delay)
  })
  await new Promise((done) => child.once('close', done))
  return said.trim().split('\n').at(-1) ?? ''
}
