// Mail to the operator: only when a person must act, once, and again when it is over.
import assert from 'node:assert/strict'
import type { Brick } from '../../server/brick.ts'
import {
  listTroubles,
  noticeTroubles,
  tellTroubles,
  troublesOf,
} from '../../server/network/alarm.ts'
import { listSources, type SourceSummary } from '../../server/network/network.ts'
import { openPost, type Post } from '../mail/post.ts'
import { tools } from '../house.ts'
import { fillNetwork } from './many.ts'

const hour = 3_600_000

describe('the mail to the operator', () => {
  let brick: Brick
  let post: Post
  let ahead = 0

  before(async () => {
    post = await openPost()
    brick = await tools({
      smtpUrl: post.url,
      adminEmail: 'anna@example.org',
      name: 'Collections régionales',
    })
    brick.ctx.clock = () => new Date(Date.now() + ahead)
    await fillNetwork(brick.ctx, 12)
  })
  after(async () => {
    await brick.close()
    await post.close()
  })

  /** An hour goes by, and another, until so many have. */
  const pass = async (hours: number): Promise<void> => {
    for (let each = 0; each < hours; each++) {
      ahead += hour
      await noticeTroubles(brick.ctx)
      await tellTroubles(brick.ctx)
    }
  }
  const heal = (slug: string): Promise<unknown> =>
    brick.ctx.db.query(
      `INSERT INTO harvests (source_id, started_at, ended_at, status)
       SELECT id, $2, $2, 'complete' FROM sources WHERE slug = $1`,
      [slug, brick.ctx.clock()],
    )

  it('names what fails for a day and what is late for a day, in one mail and both languages', async () => {
    await pass(1)
    assert.equal(post.received.length, 1)
    const [mail] = post.received
    assert.deepEqual(mail?.to, ['anna@example.org'])
    const text = mail?.text ?? ''
    // Two that fail, two that are late; not those that are well, paused or new.
    assert.equal(text.match(/^\* /gm)?.length, 8, text)
    assert.match(text, /It cannot be reached/)
    assert.match(text, /Elle est injoignable/)
    assert.match(text, /Open its address in a browser/)
    assert.ok(text.includes(brick.ctx.links.network('source-3')))
    assert.ok(!text.includes(brick.ctx.links.network('source-4')))
  })

  it('knows what is missing until all is listed again: a harvest of what changed says nothing of it', async () => {
    const end = (compares: boolean, code?: string): Promise<unknown> =>
      brick.ctx.db.query(
        `INSERT INTO harvests (source_id, started_at, ended_at, status, compares, problems)
         SELECT id, $1, $1, 'complete', $2, $3 FROM sources WHERE slug = 'source-0'`,
        [
          new Date(Date.now() + ++ahead),
          compares,
          JSON.stringify(code ? [{ code, count: 1, examples: [] }] : []),
        ],
      )
    const kept = async (): Promise<number> => {
      await noticeTroubles(brick.ctx)
      return (await listTroubles(brick.ctx)).filter(({ kind }) => kind === 'kept').length
    }
    await end(true, 'vanished-not-withdrawn')
    assert.equal(await kept(), 1)
    await end(false)
    assert.equal(await kept(), 1)
    await end(true)
    assert.equal(await kept(), 0)
  })

  it('comes once for each trouble', async () => {
    await pass(8)
    assert.equal(post.received.length, 1)
  })

  it('says when it is over, and waits some hours between two mails', async () => {
    await heal('source-3')
    await pass(1)
    assert.equal(post.received.length, 2)
    assert.match(post.received[1]?.text ?? '', /Over:/)
    assert.equal((await listTroubles(brick.ctx)).length, 3)
    await heal('source-9')
    await pass(5)
    assert.equal(post.received.length, 2)
    await pass(1)
    assert.equal(post.received.length, 3)
  })

  it('is tried again while the mail server does not take it', async () => {
    await pass(20)
    const before = post.received.length
    const { port } = new URL(post.url)
    await post.close()
    await brick.ctx.db.query(
      `INSERT INTO harvests (source_id, started_at, ended_at, status, problems)
       SELECT id, $1, $1, 'complete', $2 FROM sources WHERE slug = 'source-0'`,
      [
        brick.ctx.clock(),
        JSON.stringify([
          { code: 'moved', count: 1, examples: [{ message: 'to http://x.example' }] },
        ]),
      ],
    )
    await noticeTroubles(brick.ctx)
    await assert.rejects(tellTroubles(brick.ctx), /does not take the mail/)
    post = await openPost([], Number(port))
    await pass(1)
    assert.ok(before > 0)
    assert.equal(post.received.length, 1)
    assert.match(post.received[0]?.text ?? '', /It has moved/)
    assert.doesNotMatch(
      post.received[0]?.text ?? '',
      /http:\/\/x\.example/,
      'no link of a stranger',
    )
  })
})

describe('what wants a person', () => {
  const now = new Date('2026-03-10T12:00:00Z')
  let source: SourceSummary
  let brick: Brick
  before(async () => {
    brick = await tools()
    await fillNetwork(brick.ctx, 1)
    const [first] = await listSources(brick.ctx)
    assert.ok(first)
    source = first
  })
  after(() => brick.close())

  const kinds = (
    hours: number,
    health: Partial<SourceSummary['health']>,
    said: { failure?: string; problems?: string[] } = {},
  ): string[] => {
    const since = new Date(now.getTime() - hours * hour)
    const problems = (said.problems ?? []).map((code) => ({
      code: code as 'moved',
      count: 1,
      examples: [{ message: code }],
    }))
    return troublesOf(
      { ...source, health: { state: 'fresh', since, ...health } },
      { failure: said.failure ?? '', problems },
      now,
    ).map((each) => each.kind)
  }

  it('is what fails for a day, and sooner what no second try mends', () => {
    assert.deepEqual(kinds(23, { state: 'failing', diagnosis: 'timeout' }), [])
    assert.deepEqual(kinds(25, { state: 'failing', diagnosis: 'timeout' }), ['failing'])
    assert.deepEqual(kinds(2, { state: 'failing', diagnosis: 'address-refused' }), ['failing'])
    const failure = 'museum.example.org cannot be reached: certificate has expired'
    assert.deepEqual(kinds(2, { state: 'failing', diagnosis: 'unreachable' }, { failure }), [
      'certificate',
    ])
  })

  it('is what moved, and what was kept though it vanished, but not what is noted every night', () => {
    assert.deepEqual(kinds(2, {}, { problems: ['moved', 'record-twice'] }), ['moved'])
    assert.deepEqual(kinds(2, {}, { problems: ['vanished-not-withdrawn'] }), ['kept'])
    assert.deepEqual(kinds(2, { state: 'paused' }, { problems: ['moved'] }), [])
    assert.deepEqual(kinds(2, { state: 'late' }), [])
    assert.deepEqual(kinds(30, { state: 'late' }), ['late'])
  })
})
