import assert from 'node:assert/strict'
import type { RunningBrick } from '../../server/brick.ts'
import { brick } from '../house.ts'
import { fillNetwork } from '../network/many.ts'

describe('the metrics of the sources', () => {
  let house: RunningBrick
  before(async () => {
    house = await brick()
    await fillNetwork(house.ctx, 12)
  })
  after(() => house.close())

  it('say what each holds, how late it is and why it fails', async () => {
    const text = await (await fetch(`${house.ctx.config.baseUrl}/metrics`)).text()
    const value = (series: string): number | undefined => {
      const line = text.split('\n').find((each) => each.startsWith(`${series} `))
      return line === undefined ? undefined : Number(line.split(' ').at(-1))
    }
    // Two of each state; what is under way was complete a day ago.
    assert.equal(value('campa_sources{health="fresh"}'), 4)
    for (const state of ['late', 'failing', 'paused', 'never']) {
      assert.equal(value(`campa_sources{health="${state}"}`), 2, state)
    }
    assert.equal(value('campa_sources_failing{diagnosis="unreachable"}'), 2)
    assert.equal(value('campa_source_records{source="source-0"}'), 40)
    assert.ok((value('campa_source_failing_seconds{source="source-3"}') ?? 0) > 2 * 86_400)
    assert.equal(value('campa_source_failing_seconds{source="source-0"}'), undefined)
    assert.equal(value('campa_source_lag_seconds{source="source-0"}'), 0)
    assert.ok((value('campa_source_lag_seconds{source="source-2"}') ?? 0) > 86_400)
    assert.equal(value('campa_source_lag_seconds{source="source-4"}'), 0)
    assert.equal(value('campa_source_last_success_seconds{source="source-5"}'), undefined)
    assert.ok((value('campa_source_harvest_rate{source="source-1"}') ?? 0) > 1)
  })
})
