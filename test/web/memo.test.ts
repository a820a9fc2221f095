import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../server/context.ts'
import { optional, remembered } from '../../server/web/web.ts'

describe('an answer that many pages share', () => {
  let now: number
  let ctx: Context
  let made: number
  beforeEach(() => {
    now = Date.parse('2026-01-01')
    made = 0
    // All that is asked of it here is the time.
    ctx = { clock: () => new Date(now), log: { warn: () => undefined } } as unknown as Context
  })

  const quick = (): Promise<number> => Promise.resolve(++made)
  const slow = async (): Promise<number> => {
    const mine = ++made
    await sleep(1050)
    return mine
  }
  const later = (seconds: number): void => void (now += seconds * 1000)

  it('is made once in its time, and anew after it', async () => {
    assert.equal(await remembered(ctx, 'a', 30, quick), 1)
    later(29)
    assert.equal(await remembered(ctx, 'a', 30, quick), 1)
    later(2)
    assert.equal(await remembered(ctx, 'a', 30, quick), 2)
    assert.equal(await remembered(ctx, 'b', 30, quick), 3)
  })

  it('is made for all who wait for it', async () => {
    const both = [remembered(ctx, 'a', 30, slow), remembered(ctx, 'a', 30, slow)]
    assert.deepEqual(await Promise.all(both), [1, 1])
  })

  it('that takes long is kept for longer, and given while it is made anew', async () => {
    assert.equal(await remembered(ctx, 'a', 1, slow), 1)
    later(15)
    assert.equal(await remembered(ctx, 'a', 1, slow), 1)
    assert.equal(made, 1)
    later(60)
    assert.equal(await remembered(ctx, 'a', 1, slow), 1)
    assert.equal(await remembered(ctx, 'a', 1, slow), 1)
    assert.equal(made, 2)
    await sleep(1200)
    assert.equal(await remembered(ctx, 'a', 1, slow), 2)
  })

  it('that cannot be made is asked for again', async () => {
    const broken = (): Promise<number> => Promise.reject(new Error('no'))
    await assert.rejects(remembered(ctx, 'a', 30, broken), /no/)
    assert.equal(await remembered(ctx, 'a', 30, quick), 1)
    assert.equal(await optional(ctx, 'it', broken()), undefined)
  })
})
