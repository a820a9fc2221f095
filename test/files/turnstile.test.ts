import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { turnstile } from '../../server/http/turnstile.ts'

describe('a turnstile', () => {
  it('lets so many in at a time, in order', async () => {
    const gate = turnstile(2, Infinity)
    let inside = 0
    let most = 0
    const order: number[] = []
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        gate.run(async () => {
          most = Math.max(most, ++inside)
          order.push(index)
          await sleep(2)
          inside -= 1
        }),
      ),
    )
    assert.equal(most, 2)
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('gives turns to those who wait one after the other, however much one of them asks for', async () => {
    const gate = turnstile(1, Infinity, 4)
    const order: string[] = []
    const ask = (who: string): Promise<void> =>
      gate.run(
        async () => {
          await sleep(1)
          order.push(who)
        },
        undefined,
        who,
      )
    const many = Array.from({ length: 6 }, () => ask('much'))
    const [other, last] = [ask('little'), ask('little')]
    const states = (await Promise.allSettled(many)).map(({ status }) => status)
    await Promise.all([other, last])
    assert.deepEqual(order, ['much', 'much', 'little', 'much', 'little', 'much', 'much'])
    // One is inside, four wait; what is beyond is sent away.
    assert.deepEqual(states, [...Array.from({ length: 5 }, () => 'fulfilled'), 'rejected'])
  })

  it('sends away who does not fit the line', async () => {
    const gate = turnstile(1, 1)
    const work = (): Promise<void> => sleep(5)
    const results = await Promise.allSettled([gate.run(work), gate.run(work), gate.run(work)])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected'],
    )
    await gate.run(work)
  })

  it('goes on after work that failed, and begins none that nobody wants any more', async () => {
    const gate = turnstile(1, 5)
    let begun = 0
    const results = await Promise.allSettled([
      gate.run(() => Promise.reject(new Error('broken'))),
      gate.run(
        async () => {
          begun += 1
        },
        () => false,
      ),
      gate.run(async () => 'done'),
    ])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    )
    assert.equal(begun, 0)
  })
})
