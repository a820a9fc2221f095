// Leaves, some bricks above them, a root: whatever changes and goes while all of them read, the root ends with what the
// leaves have. RECORDS makes it larger (the full size is 500000), with fifty leaves, and then each level comes every minute,
// as it would, and not every second; with ELASTICSEARCH_URL the root has its index there. What it took is said in one line
// at the end.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningBrick } from '../../server/brick.ts'
import type { Context } from '../../server/context.ts'
import { addSource } from '../../server/network/network.ts'
import { indexLag } from '../../server/search/search.ts'
import { oaiDcOf, testSource, type TestSource } from '../harvester/source.ts'
import { forgetIndexes } from '../elasticsearch.ts'
import { brick } from '../house.ts'
import { differences, found, held, offered, until } from '../network/state.ts'

const isLarge = process.env['RECORDS'] !== undefined
const records = Number(process.env['RECORDS'] ?? 300)
const leaves = isLarge ? 50 : 12
const middles = isLarge ? 4 : 2
const probes = isLarge ? 60 : 2
const betweenProbes = isLarge ? 3000 : 0
const pageSize = isLarge ? 500 : 10

const prefix = `levels_${process.pid}`

const any = (below: number): number => Math.floor(Math.random() * below)
const seconds = (time: number): string => `${(time / 1000).toFixed(1)} s`
const share = (times: number[], part: number): string =>
  seconds(times.toSorted((a, b) => a - b)[Math.ceil(times.length * part) - 1] ?? 0)

describe(`three levels with ${leaves} leaves`, function () {
  this.timeout(isLarge ? 3_600_000 : 120_000)
  let below: TestSource[]
  let middle: RunningBrick[]
  let root: RunningBrick
  let next = 0
  const stop = new AbortController()
  const pulse: Promise<void>[] = []

  before(async () => {
    const work = { harvests: 2, databasePoolSize: 12, oaiPageSize: pageSize }
    below = await Promise.all(Array.from({ length: leaves }, () => testSource(pageSize)))
    for (; next < records; next++) below[next % leaves]?.put(String(next))
    middle = []
    for (let index = 0; index < middles; index++) {
      const one = await brick({ ...work, name: `Middle ${index}`, level: 'regional' })
      middle.push(one)
    }
    root = await brick({
      ...work,
      name: 'Root',
      level: 'international',
      elasticsearchUrl: process.env['ELASTICSEARCH_URL'],
      elasticsearchIndex: prefix,
    })
    const every = { everyMinutes: 1 }
    for (const [index, { url }] of below.entries()) {
      const { ctx } = middle[index % middles] as RunningBrick
      await addSource(ctx, url, { ...every, slug: `leaf-${index}` })
    }
    for (const { ctx } of middle) await addSource(root.ctx, ctx.links.oai(), every)
    for (const { ctx } of [...middle, root]) {
      await ctx.db.query('UPDATE sources SET next_run_at = now()')
      if (!isLarge) pulse.push(everySecond(ctx))
    }
  })
  after(async () => {
    stop.abort()
    await Promise.all(pulse)
    await Promise.all([root, ...middle].map((each) => each.close()))
    await forgetIndexes(process.env['ELASTICSEARCH_URL'], prefix)
    await Promise.all(below.map((each) => each.close()))
  })

  /** As if its sources were to be harvested every second, which no operator can say. */
  async function everySecond(ctx: Context): Promise<void> {
    while (!stop.signal.aborted) {
      await ctx.db.query(
        `UPDATE sources SET next_run_at = now() WHERE next_run_at > now() + interval '30 seconds'`,
      )
      await sleep(1000, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }

  const count = async (ctx: Context): Promise<number> =>
    (await ctx.db.query<{ held: number }>(`SELECT count(*) AS held FROM records`))[0]?.held ?? 0

  /** A leaf changes something, takes something back or has something new. */
  function change(): void {
    const leaf = below[any(leaves)]
    const ids = [...(leaf?.records.keys() ?? [])].filter((each) => !each.startsWith('probe'))
    const id = ids[any(ids.length)] ?? ''
    const kind = any(10)
    if (kind < 2) leaf?.put(id, { deleted: true })
    else if (kind < 4) leaf?.put(String(next++))
    else leaf?.put(id, { metadata: oaiDcOf(`Titre ${id}, changé ${next++}`) })
  }

  /** How long it takes from a leaf to a hit at the root. */
  async function freshness(probe: number): Promise<number> {
    await sleep(probe * betweenProbes)
    const word = `sonde${probe}x${process.pid}`
    const sent = performance.now()
    below[any(leaves)]?.put(`probe-${probe}`, { metadata: oaiDcOf(word) })
    await until(
      async () => {
        const { total } = await root.ctx.engine.search({ text: word, limit: 1 })
        return total === 1
      },
      isLarge ? 500 : 50,
    )
    return performance.now() - sent
  }

  it('end with what the leaves have', async () => {
    const begun = performance.now()
    await until(async () => (await count(root.ctx)) >= records / 2, 100)
    const half = performance.now() - begun
    let busy = true
    const changing = (async () => {
      while (busy) {
        for (let index = 0; index < (isLarge ? 20 : 2); index++) change()
        await sleep(100)
      }
    })()
    const fresh = await Promise.all(Array.from({ length: probes }, (_, probe) => freshness(probe)))
    busy = false
    await changing
    const quiet = performance.now()
    const wanted = offered(below)
    const isSame = async (): Promise<boolean> =>
      differences(wanted, await held(root.ctx)).length === 0
    await until(isSame, isLarge ? 5000 : 200)
    await until(async () => (await indexLag(root.ctx)) === 0, 100)
    const settled = performance.now() - quiet
    assert.deepEqual(differences(wanted, await found(root.ctx)), [])
    const rows = await root.ctx.db.query(`SELECT FROM records WHERE status = 'withdrawn'`)
    assert.ok(rows.length > 0, 'something was deleted on the way')
    if (isLarge) {
      process.stdout.write(
        `      ${records} records, half of them at the root after ${seconds(half)}; from a change at a leaf to a hit at the root: ` +
          `p50 ${share(fresh, 0.5)}, p95 ${share(fresh, 0.95)}, max ${share(fresh, 1)} of ${probes}; ` +
          `all the same ${seconds(settled)} after the last change (${wanted.size} records)\n`,
      )
    }
  })
})
