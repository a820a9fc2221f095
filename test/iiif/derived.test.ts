import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Brick } from '../../server/brick.ts'
import { turnstile } from '../../server/http/turnstile.ts'
import { derived, keptPictures } from '../../server/iiif/derived.ts'
import { tools } from '../house.ts'

describe('a picture that is drawn', () => {
  let brick: Brick
  before(async () => {
    brick = await tools()
  })
  after(() => brick.close())

  const drawn = Buffer.from('drawn')
  const wanted = (): boolean => true
  type Take = Parameters<typeof derived>[3]

  it('is drawn once for all who ask, also while it is being kept', async () => {
    let times = 0
    const take: Take = (_, once) =>
      once(async () => {
        times += 1
        await sleep(20)
        return drawn
      })
    const ask = (): Promise<Buffer> => derived(brick.ctx, 'a'.repeat(40), wanted, take)
    await Promise.all([ask(), ask(), ask()])
    for (let turn = 0; turn < 10; turn++) assert.equal((await ask()).toString(), 'drawn')
    assert.equal(times, 1)
    await keptPictures(brick.ctx)
    await ask()
    assert.equal(times, 1)
  })

  it('comes with the first turn of those who ask', async () => {
    const door = turnstile(1, 100)
    const order: string[] = []
    const of = (who: string, name: string): Promise<void> =>
      derived(brick.ctx, name.repeat(40), wanted, (isWanted, once) =>
        door.run(
          () =>
            once(async () => {
              await sleep(60)
              return drawn
            }),
          isWanted,
          who,
        ),
      ).then(() => void order.push(`${who} ${name}`))
    const all: Promise<void>[] = []
    for (const name of ['1', '2', '3', '4', '5', 'f']) {
      all.push(of('greedy', name))
      await sleep(5)
    }
    await Promise.all([...all, of('modest', 'f')])
    assert.ok(order.indexOf('modest f') < order.indexOf('greedy 4'), order.join())
    assert.equal(order.length, 7)
  })

  it('that fails is an error for all, and is tried again for the next', async () => {
    let times = 0
    const take: Take = (_, once) =>
      once(async () => {
        times += 1
        await sleep(5)
        if (times === 1) throw new Error('broken')
        return drawn
      })
    const ask = (): Promise<Buffer> => derived(brick.ctx, 'e'.repeat(40), wanted, take)
    const all = await Promise.allSettled([ask(), ask()])
    assert.deepEqual(
      all.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.equal((await ask()).toString(), 'drawn')
  })

  it('is had by who finds the line full, when it is drawn for another', async () => {
    const door = turnstile(1, 0)
    const draw = async (): Promise<Buffer> => {
      await sleep(20)
      return drawn
    }
    const ask = (): Promise<Buffer> =>
      derived(brick.ctx, 'd'.repeat(40), wanted, (isWanted, once) =>
        door.run(() => once(draw), isWanted),
      )
    const [one, other] = await Promise.all([ask(), ask()])
    assert.deepEqual([one.toString(), other.toString()], ['drawn', 'drawn'])
  })
})
