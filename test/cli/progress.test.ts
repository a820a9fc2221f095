import assert from 'node:assert/strict'
import { noteFrom } from '../../server/cli/harvest.ts'

const progress = (records: number, pages: number, completeListSize?: number) => ({
  records,
  pages,
  added: 0,
  changed: 0,
  unchanged: 0,
  deleted: 0,
  refused: 0,
  ...(completeListSize !== undefined && { completeListSize }),
})

describe('the line of a harvest', () => {
  it('says how many, how fast, and how long it still takes', () => {
    const note = noteFrom(0)
    assert.equal(
      note(progress(500, 1, 60_500), 1000),
      '500 of 60,500 records, 1 page, 500/s, 2 minutes left',
    )
    assert.equal(
      note(progress(30_500, 61, 60_500), 30_500),
      '30,500 of 60,500 records, 61 pages, 1,000/s, 30 seconds left',
    )
  })

  it('guesses no end where the source tells none, or told one that is passed', () => {
    assert.equal(noteFrom(0)(progress(500, 1), 1000), '500 records, 1 page, 500/s')
    assert.equal(noteFrom(0)(progress(500, 1, 400), 1000), '500 records, 1 page, 500/s')
  })

  it('does not count as its own speed what an earlier run has read', () => {
    const note = noteFrom(0)
    assert.equal(
      note(progress(100_000, 200, 200_000), 1000),
      '100,000 of 200,000 records, 200 pages',
    )
    assert.match(note(progress(101_000, 202, 200_000), 2000), /, 500\/s, 3 minutes left$/)
  })
})
