import assert from 'node:assert/strict'
import type { RunningBrick } from '../../server/brick.ts'
import { keepUp } from '../../server/hierarchy/hierarchy.ts'
import { harvestSource, listSources } from '../../server/network/network.ts'
import { findSource } from '../../server/network/sources.ts'
import { save } from '../../server/records/records.ts'
import { join, leave, standingOf } from '../../server/hierarchy/parent.ts'
import { brick, collection, draft } from '../house.ts'
import { openPost, type Post } from '../mail/post.ts'

const token = 'a-token-of-the-operator'
const local = { childrenNetworks: ['127.0.0.0/8'], adminToken: token }
const basic = `Basic ${Buffer.from(`operator:${token}`).toString('base64')}`

const linkIn = (text: string | undefined): string =>
  /http:\/\/127\.0\.0\.1:\d+\/network\/join\/[\w-]+/.exec(text ?? '')?.[0] ??
  assert.fail('no link in the mail')

const send = (
  { ctx }: RunningBrick,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(`${ctx.config.baseUrl}${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { accept: 'text/html', ...headers },
    redirect: 'manual',
  })

const names = async ({ ctx }: RunningBrick): Promise<string[]> =>
  (await listSources(ctx)).map((each) => each.name)

describe('joining the brick above', function () {
  this.timeout(60_000)
  let post: Post
  let root: RunningBrick
  let region: RunningBrick
  let museum: RunningBrick

  before(async () => {
    post = await openPost()
    const mail = { smtpUrl: post.url, mailFrom: 'brick@example.org' }
    ;[root, region, museum] = await Promise.all([
      brick({
        ...local,
        ...mail,
        name: 'World memory',
        level: 'international',
        children: 'confirmed',
        adminEmail: 'root@example.org',
      }),
      brick({
        ...local,
        ...mail,
        name: 'Région',
        level: 'regional',
        adminEmail: 'region@example.org',
      }),
      brick({
        ...local,
        name: 'Musée des fenêtres',
        level: 'museum',
        adminEmail: 'museum@example.org',
      }),
    ])
    await save(museum.ctx, [draft(await collection(museum.ctx), 'one')])
  })
  after(async () => {
    await Promise.all([root, region, museum].map((each) => each.close()))
    await post.close()
  })

  it('shows what answers at an address before anything is asked of anybody', async () => {
    const count = post.received.length
    const answer = await send(region, '/network/join', { url: museum.ctx.config.baseUrl })
    const page = await answer.text()
    assert.equal(answer.status, 200)
    for (const text of ['Musée des fenêtres', 'museum@example.org', 'mets', 'CaMPA'])
      assert.ok(page.includes(text), `the page lacks ${text}`)
    assert.deepEqual([post.received.length, await names(region)], [count, []])
  })

  it('takes a child that confirms by the mail to the address of its own Identify', async () => {
    const { answered } = await join(region.ctx, root.ctx.config.baseUrl)
    assert.deepEqual(answered, { state: 'mailed', to: 'region@example.org' })
    const mail = post.received.at(-1)
    assert.deepEqual(mail?.to, ['region@example.org'])
    const link = linkIn(mail?.text)
    // A program that looks through mail follows the link: nothing happens.
    const page = await fetch(link, { headers: { accept: 'text/html' } })
    assert.equal(page.status, 200)
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer')
    assert.deepEqual(await names(root), [])
    assert.equal((await standingOf(region.ctx)).state, 'asked')
    const pressed = await fetch(link, { method: 'POST', headers: { accept: 'text/html' } })
    assert.equal(pressed.status, 200)
    const [source] = await listSources(root.ctx)
    assert.deepEqual(
      [source?.name, source?.level, source?.url],
      ['Région', 'regional', region.ctx.links.oai()],
    )
    const again = await fetch(link, { method: 'POST', headers: { accept: 'text/html' } })
    assert.equal(again.status, 410)
  })

  it('is learnt by the child, which then names its parent; the parent sees that', async () => {
    await keepUp(region.ctx)
    assert.deepEqual(await standingOf(region.ctx), {
      state: 'child',
      url: root.ctx.config.baseUrl,
      name: 'World memory',
      isStated: false,
    })
    const identify = await (await fetch(`${region.ctx.links.oai()}?verb=Identify`)).text()
    assert.ok(identify.includes(`<dc:relation>${root.ctx.config.baseUrl}</dc:relation>`))
    const source = await findSource(root.ctx, region.ctx.links.oai())
    assert.ok(source.namedUsAt)
    assert.equal((await harvestSource(root.ctx, source)).status, 'complete')
  })

  it('waits for the operator where the rule is so, who takes it with a click', async () => {
    const { answered } = await join(museum.ctx, region.ctx.config.baseUrl)
    assert.equal(answered.state, 'mailed')
    await fetch(linkIn(post.received.at(-1)?.text), { method: 'POST' })
    assert.deepEqual(await names(region), [])
    assert.deepEqual(post.received.at(-1)?.to, ['region@example.org'])
    const path = '/network/requests'
    const locked = await send(region, path, { id: '1', deed: 'take' })
    assert.equal(locked.status, 401)
    const operator = { authorization: basic, origin: region.ctx.config.baseUrl }
    const strange = await send(region, path, {}, { ...operator, origin: 'https://evil.example' })
    assert.equal(strange.status, 403)
    const page = await fetch(`${region.ctx.config.baseUrl}${path}`, {
      headers: { authorization: basic, accept: 'text/html' },
    })
    const id = /name="id" value="(\d+)"/.exec(await page.text())?.[1] ?? assert.fail('no request')
    assert.equal((await send(region, path, { id, deed: 'take' }, operator)).status, 303)
    assert.deepEqual(await names(region), ['Musée des fenêtres'])
    await keepUp(museum.ctx)
    assert.equal((await standingOf(museum.ctx)).state, 'child')
  })

  it('refuses its own descendant, from either side', async () => {
    await assert.rejects(join(root.ctx, museum.ctx.config.baseUrl), /is below this brick/)
    const asked = await send(museum, '/network/join', {
      url: root.ctx.config.baseUrl,
      deed: 'ask',
    })
    assert.equal(asked.status, 400)
    assert.match(await asked.text(), /is above this brick/)
  })

  it('has at most one parent', async () => {
    await assert.rejects(join(museum.ctx, root.ctx.config.baseUrl), /leave it first/)
  })

  it('lets a child go that no longer names it, and keeps its records for a week', async () => {
    const source = await findSource(region.ctx, museum.ctx.links.oai())
    assert.equal((await harvestSource(region.ctx, source)).added, 1)
    assert.deepEqual(await leave(museum.ctx), { left: 'Région', heard: true })
    assert.equal((await standingOf(museum.ctx)).state, 'none')
    const left = await findSource(region.ctx, museum.ctx.links.oai())
    assert.ok(left.leftAt && left.forgetAt)
    assert.equal(Math.round((left.forgetAt.getTime() - left.leftAt.getTime()) / 3_600_000), 168)
  })

  it('keeps one that comes back within that week', async () => {
    await museum.ctx.db.query('DELETE FROM settings WHERE name = $1', ['parent'])
    await join(museum.ctx, region.ctx.config.baseUrl)
    await fetch(
      linkIn(post.received.findLast(({ text }) => /\/network\/join\//.test(text))?.text),
      {
        method: 'POST',
      },
    )
    const [request] = await region.ctx.db.query<{ id: number }>(
      'SELECT id FROM join_requests WHERE decision IS NULL ORDER BY id DESC',
    )
    const operator = { authorization: basic, origin: region.ctx.config.baseUrl }
    await send(region, '/network/requests', { id: String(request?.id), deed: 'take' }, operator)
    const back = await findSource(region.ctx, museum.ctx.links.oai())
    assert.deepEqual([back.leftAt, back.forgetAt], [null, null])
    await keepUp(museum.ctx)
    assert.equal((await standingOf(museum.ctx)).state, 'child')
  })

  it('tells a child that its parent no longer lists it', async () => {
    await region.ctx.db.query(`UPDATE sources SET forget_at = now() + '1 day'`)
    await keepUp(museum.ctx, undefined, true)
    assert.equal((await standingOf(museum.ctx)).state, 'dropped')
    const identify = await (await fetch(`${museum.ctx.links.oai()}?verb=Identify`)).text()
    assert.ok(!identify.includes('dc:relation'))
  })
})
