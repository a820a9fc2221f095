import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RunningBrick } from '../../server/brick.ts'
import type { Config } from '../../config/config.ts'
import {
  confirm,
  decide,
  listRequests,
  look,
  request,
  waits,
} from '../../server/hierarchy/joining.ts'
import { harvestSource } from '../../server/network/network.ts'
import { addSource } from '../../server/network/sources.ts'
import { brick } from '../house.ts'
import { openPost, type Post } from '../mail/post.ts'

const there = '198.51.100.7'
const local = { childrenNetworks: ['127.0.0.0/8'] }

describe('who asks to join', function () {
  this.timeout(60_000)
  let post: Post
  let child: RunningBrick
  const open: RunningBrick[] = []
  const parent = async (change: Partial<Config>): Promise<RunningBrick> => {
    const made = await brick({ ...local, name: 'Above', ...change })
    open.push(made)
    return made
  }
  const door = (): string => child.ctx.links.oai()

  before(async () => {
    post = await openPost()
    child = await brick({ name: 'Child\nBcc: x@example.org', adminEmail: 'child@example.org' })
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((each) => each.close()))
    post.received.length = 0
  })
  after(async () => {
    await child.close()
    await post.close()
  })

  it('cannot make this brick ask inside its operator’s network', async () => {
    let asked = 0
    const inside: Server = createServer((_, response) => {
      asked++
      response.end()
    })
    await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done))
    const { port } = inside.address() as AddressInfo
    const { ctx } = await parent({ childrenNetworks: [] })
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433'])
      await assert.rejects(look(ctx, `http://${host}:${port}/`, there), { code: 'invalid' })
    await assert.rejects(look(ctx, 'http://169.254.169.254/latest/', there), { code: 'invalid' })
    await assert.rejects(look(ctx, `ftp://127.0.0.1:${port}/`, there), { code: 'invalid' })
    await new Promise((done) => inside.close(done))
    assert.equal(asked, 0)
  })

  it('is a stranger for ever: a name that turns inwards later is not followed', async () => {
    const { ctx } = await parent({})
    const source = await addSource(ctx, door(), {})
    await ctx.db.query('UPDATE sources SET stranger = true, paused = true')
    assert.equal((await harvestSource(ctx, { ...source, stranger: true })).status, 'complete')
    const closed = { ...ctx, config: { ...ctx.config, childrenNetworks: [] } }
    const report = await harvestSource(closed, source)
    assert.deepEqual([report.status, report.diagnosis?.code], ['failed', 'address-refused'])
  })

  it('may try so often from one network, and no more', async () => {
    const { ctx } = await parent({})
    for (let count = 0; count < 20; count++)
      await ctx.db.query(`INSERT INTO join_attempts (network, host) VALUES ('198.51.100', $1)`, [
        `h${count}`,
      ])
    await assert.rejects(look(ctx, door(), '198.51.100.99'), { code: 'conflict' })
    assert.equal((await look(ctx, door(), '203.0.113.1')).contact, 'child@example.org')
  })

  it('gets one mail, not one for each time that somebody asks', async () => {
    const { ctx } = await parent({ smtpUrl: post.url })
    const answered = { state: 'mailed', to: 'child@example.org' }
    assert.deepEqual(await request(ctx, door(), there), answered)
    assert.deepEqual(await request(ctx, door(), there), answered)
    assert.equal(post.received.length, 1)
    assert.doesNotMatch(post.received[0]?.text ?? '', /^bcc:/im)
    await ctx.db.query(`UPDATE join_requests SET asked_at = asked_at - interval '2 hours'`)
    await request(ctx, door(), there)
    await ctx.db.query(`UPDATE join_requests SET asked_at = asked_at - interval '2 hours'`)
    await request(ctx, door(), there)
    await ctx.db.query(`UPDATE join_requests SET asked_at = asked_at - interval '2 hours'`)
    await assert.rejects(request(ctx, door(), there), { code: 'conflict' })
    assert.equal(post.received.length, 3)
  })

  it('keeps no link that works: only its hash, for two days, once', async () => {
    const { ctx } = await parent({ smtpUrl: post.url, children: 'confirmed' })
    await request(ctx, door(), there)
    const token = /\/network\/join\/([\w-]+)/.exec(post.received[0]?.text ?? '')?.[1] ?? ''
    assert.ok(token.length >= 32)
    const [row] = await ctx.db.query<{ row: string }>(
      'SELECT join_requests::text AS row FROM join_requests',
    )
    assert.ok(!row?.row.includes(token))
    await assert.rejects(confirm(ctx, `${token}x`), { code: 'gone' })
    await ctx.db.query('UPDATE join_requests SET expires_at = now()')
    await assert.rejects(confirm(ctx, token), { code: 'gone' })
    await ctx.db.query(`UPDATE join_requests SET expires_at = now() + interval '1 hour'`)
    const pressed = await Promise.allSettled([confirm(ctx, token), confirm(ctx, token)])
    assert.deepEqual(pressed.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  })

  it('waits for the operator where there is no mail, and may be refused', async () => {
    const { ctx } = await parent({ children: 'confirmed' })
    assert.deepEqual(await request(ctx, door(), there), { state: 'waiting' })
    assert.deepEqual(await request(ctx, door(), there), { state: 'waiting' })
    const waiting = await listRequests(ctx)
    assert.deepEqual(
      waiting.map((each) => [each.url, waits(each)]),
      [[door(), true]],
    )
    await decide(ctx, waiting[0]?.id ?? 0, 'refused')
    assert.deepEqual(await listRequests(ctx), [])
    await assert.rejects(request(ctx, door(), there), { code: 'forbidden' })
  })

  it('is turned away where nobody is taken', async () => {
    const { ctx } = await parent({ children: 'none' })
    await assert.rejects(request(ctx, door(), there), { code: 'forbidden' })
  })
})
