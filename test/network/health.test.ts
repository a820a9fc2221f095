import assert from 'node:assert/strict'
import { healthOf, isRunning, type Facts } from '../../server/network/health.ts'

const now = new Date('2026-03-10T12:00:00Z')
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000)

const well: Facts = {
  createdAt: hoursAgo(1000),
  everyMinutes: 24 * 60,
  paused: false,
  pausedAt: null,
  completedAt: hoursAgo(10),
  failingSince: null,
  diagnosis: null,
  lastStatus: 'complete',
  movedAt: hoursAgo(10),
}

describe('the health of a source', () => {
  const state = (change: Partial<Facts>): [string, number] => {
    const { state: name, since } = healthOf({ ...well, ...change }, now)
    return [name, (now.getTime() - since.getTime()) / 3_600_000]
  }

  it('is one word, with since when', () => {
    assert.deepEqual(state({}), ['fresh', 10])
    assert.deepEqual(state({ paused: true, pausedAt: hoursAgo(3) }), ['paused', 3])
    assert.deepEqual(state({ completedAt: null, lastStatus: null, movedAt: null }), ['never', 1000])
  })

  it('is late after twice its time and an hour, unless it is being harvested', () => {
    assert.deepEqual(state({ completedAt: hoursAgo(49) }), ['fresh', 49])
    assert.deepEqual(state({ completedAt: hoursAgo(59) }), ['late', 10])
    const running = { completedAt: hoursAgo(59), lastStatus: 'running' as const }
    assert.deepEqual(state({ ...running, movedAt: hoursAgo(0.1) }), ['fresh', 59])
    assert.deepEqual(state({ ...running, movedAt: hoursAgo(1) }), ['late', 10])
  })

  it('is failing from the first failure until a harvest is complete, also while it is tried again', () => {
    const failing = { failingSince: hoursAgo(5), diagnosis: 'timeout' }
    assert.deepEqual(state({ ...failing, lastStatus: 'failed' }), ['failing', 5])
    assert.deepEqual(state({ ...failing, lastStatus: 'running', movedAt: now }), ['failing', 5])
    assert.equal(healthOf({ ...well, ...failing }, now).diagnosis, 'timeout')
  })

  it('knows a harvest under way from one that was cut short', () => {
    assert.equal(isRunning({ ...well, lastStatus: 'running', movedAt: hoursAgo(0.1) }, now), true)
    assert.equal(isRunning({ ...well, lastStatus: 'running', movedAt: hoursAgo(0.2) }, now), false)
    assert.equal(isRunning({ ...well, movedAt: now }, now), false)
  })
})
