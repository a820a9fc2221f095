// The pages of the network: for everybody, and for the operator, who acts on them.
import assert from 'node:assert/strict'
import type { RunningBrick } from '../../server/brick.ts'
import { noticeTroubles } from '../../server/network/alarm.ts'
import { forgetDue } from '../../server/network/forgetting.ts'
import { addSource, findSource, harvestSource, listSources } from '../../server/network/network.ts'
import { endOfLine } from '../../server/records/records.ts'
import { testSource, type TestSource } from '../harvester/source.ts'
import { brick } from '../house.ts'
import { fillNetwork } from './many.ts'

const token = 'a-token-of-sixteen-letters'
const basic = `Basic ${Buffer.from(`anna:${token}`).toString('base64')}`
const patience = { retryMs: 5, attempts: 2 }

interface Answer {
  status: number
  text: string
  headers: Headers
}

describe('the pages of the network', () => {
  let house: RunningBrick
  let remote: TestSource

  before(async () => {
    house = await brick({ adminToken: token })
    remote = await testSource()
    for (let id = 1; id <= 25; id++) remote.put(String(id))
    await fillNetwork(house.ctx, 60)
  })
  after(async () => {
    await remote.close()
    await house.close()
  })

  async function ask(
    path: string,
    { form, ...headers }: Record<string, string> & { form?: string } = {},
  ): Promise<Answer> {
    const own = { origin: house.ctx.config.baseUrl }
    const response = await fetch(`${house.ctx.config.baseUrl}/network${path}`, {
      redirect: 'manual',
      headers: { accept: 'text/html', 'accept-language': 'en', ...(form && own), ...headers },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    const text = (await response.text()).replace(/\s+/g, ' ')
    return { status: response.status, text, headers: response.headers }
  }
  const act = (slug: string, form: string, headers = {}): Promise<Answer> =>
    ask(`/${slug}`, { form, authorization: basic, ...headers })

  it('show every source with its health in words, page by page', async () => {
    const { text } = await ask('')
    assert.match(text, /60 sources/)
    assert.match(text, /Page 1 of 3/)
    assert.equal(text.match(/<li class="node" id="source-/g)?.length, 25)
    for (const state of ['Up to date', 'Late by', 'Paused for', 'Not harvested yet', 'Failing for'])
      assert.match(text, new RegExp(state))
    const second = (await ask('?page=2')).text
    assert.notEqual(
      /id="(source-[\w-]+)"/.exec(second)?.[1],
      /id="(source-[\w-]+)"/.exec(text)?.[1],
    )
    assert.ok(text.length < 60_000, `${text.length} bytes`)
  })

  it('are narrowed by words, health, level and part of the map, and put in order', async () => {
    const found = async (query: string): Promise<string[]> =>
      [...(await ask(query)).text.matchAll(/<li class="node" id="source-([\w-]+)"/g)].map(
        ([, slug]) => slug ?? '',
      )
    assert.equal((await found('?health=failing')).length, 10)
    const names = (await ask('?q=GRENOBLE+musee')).text
    assert.match(names, /Musée de Grenoble/)
    assert.equal((await found('?level=school')).length, 12)
    assert.ok((await found('?box=5.6,45.1,5.8,45.3')).length < 10)
    assert.match((await ask('?box=5.6,45.1,5.8,45.3')).text, /on this part of the map/)
    assert.match((await ask('?q=nowhere')).text, /No source is like that/)
    const [first] = await found('?sort=health')
    const worst = (await listSources(house.ctx)).find((each) => each.slug === first)
    assert.equal(worst?.health.state, 'failing')
    assert.equal((await ask('?page=99&health=odd&box=1')).status, 200)
  })

  it('show a source to everybody, and more to the operator', async () => {
    const open = await ask('/source-0')
    assert.equal(open.status, 200)
    assert.match(open.text, /Musée de Grenoble/)
    assert.match(open.text, /9 bricks below it/)
    assert.doesNotMatch(open.text, /<form method="post"/)
    const mine = await ask('/source-0', { authorization: basic })
    assert.equal(mine.headers.get('cache-control'), 'no-store')
    assert.match(mine.text, /Records that could not be read were left out/)
    assert.match(mine.text, /oai:source-\d+:17/)
    assert.match(mine.text, /<svg class="history"/)
    assert.equal((await ask('/nowhere')).status, 404)
  })

  it('tell how far a harvest is, and come again without a script', async () => {
    const { text } = await ask('/source-1')
    assert.match(text, /<progress max="7959" value="3184"/)
    assert.match(text, /<noscript><meta http-equiv="refresh" content="20"><\/noscript>/)
    assert.match(text, /minutes to go/)
    assert.doesNotMatch((await ask('/source-0')).text, /http-equiv="refresh"/)
  })

  it('tell the operator what wants her, without a heading for what there is not', async () => {
    const page = async (): Promise<string> =>
      (await ask('/operator', { authorization: basic })).text
    assert.match(await page(), /<h2 id="ailing">Sources that are not well/)
    await noticeTroubles(house.ctx)
    const told = await page()
    assert.match(told, /<h2 id="troubles">What wants a person/)
    assert.doesNotMatch(told, /id="ailing"/)
    await house.ctx.db.query('DELETE FROM source_troubles')
    const empty = await brick({ adminToken: token })
    const asked = await fetch(empty.ctx.links.network('operator'), {
      headers: { authorization: basic, accept: 'text/html', 'accept-language': 'en' },
    })
    const none = /<main[^]*<\/main>/.exec(await asked.text())?.[0] ?? ''
    await empty.close()
    assert.equal(none.match(/<h2/g)?.length, 1)
    assert.match(none, /<h2 id="add">/)
  })

  it('ask for the token, and lead back to where one came from', async () => {
    const locked = await ask('/operator')
    assert.equal(locked.status, 401)
    assert.match(locked.headers.get('www-authenticate') ?? '', /^Basic/)
    const led = await ask('/operator?to=source-3', { authorization: basic })
    assert.deepEqual(
      [led.status, led.headers.get('location')],
      [303, house.ctx.links.network('source-3')],
    )
    const { text } = await ask('/operator', { authorization: basic })
    assert.match(text, /Sources that are not well/)
    const away = await ask('/operator?to=//evil.example', { authorization: basic })
    assert.ok(away.headers.get('location')?.startsWith(house.ctx.config.baseUrl))
  })

  it('do nothing for who has no token, nor for a page of another site', async () => {
    const paused = async (): Promise<boolean> => (await findSource(house.ctx, 'source-0')).paused
    const deed = 'deed=pause'
    assert.equal((await ask('/source-0', { form: deed })).status, 401)
    for (const foreign of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', origin: house.ctx.config.baseUrl },
      { 'sec-fetch-site': 'same-site' },
    ])
      assert.equal((await act('source-0', deed, foreign)).status, 403, JSON.stringify(foreign))
    assert.equal(await paused(), false)
    assert.equal((await act('source-0', deed, { 'sec-fetch-site': 'same-origin' })).status, 303)
    assert.equal(await paused(), true)
    assert.equal((await act('source-0', 'deed=resume')).status, 303)
    assert.equal(await paused(), false)
  })

  it('let the operator look at an address and add it', async () => {
    const look = await ask('/operator', {
      form: new URLSearchParams({ deed: 'look', url: remote.url }).toString(),
      authorization: basic,
    })
    assert.equal(look.status, 200)
    assert.match(look.text, /Archives d’essai/)
    assert.match(look.text, /25 objects/)
    assert.match(look.text, /Some of its objects.*Titre 1</)
    const wrong = await ask('/operator', {
      form: new URLSearchParams({ deed: 'look', url: 'museum' }).toString(),
      authorization: basic,
    })
    assert.equal(wrong.status, 400)
    assert.match(wrong.text, /is not an address that begins with/)
    const added = await ask('/operator', {
      form: new URLSearchParams({
        deed: 'add',
        url: remote.url,
        name: 'Archives',
        hours_between: '12',
      }).toString(),
      authorization: basic,
    })
    assert.equal(added.status, 303)
    const source = await findSource(house.ctx, remote.url)
    assert.deepEqual([source.name, source.everyMinutes], ['Archives', 720])
  })

  it('change the options, and say what is wrong with them', async () => {
    const options = {
      deed: 'change',
      name: 'Archives d’ici',
      hours_between: '0.5',
      place: '45.1,5.7,Ici',
      at: '22:00-06:00',
      zone: 'Europe/Paris',
      delay: '1.5',
      prefix: 'edm, oai_dc',
      grace: '5',
      compare: '14',
      vanish: '35',
    }
    const form = (change = {}): string => new URLSearchParams({ ...options, ...change }).toString()
    const { slug } = await findSource(house.ctx, remote.url)
    assert.equal((await act(slug, form())).status, 303)
    const source = await findSource(house.ctx, slug)
    assert.deepEqual(
      [source.formats, source.graceDays, source.compareDays, source.vanishPercent],
      [['edm', 'oai_dc'], 5, 14, 35],
    )
    assert.deepEqual(
      [source.name, source.everyMinutes, source.place, source.hoursFrom, source.delayMs],
      ['Archives d’ici', 30, '45.1,5.7,Ici', '22:00:00', 1500],
    )
    for (const [change, message] of [
      [{ hours_between: '0' }, /a minute at least/],
      [{ place: 'here' }, /is no place/],
      [{ at: 'night' }, /is no span of hours/],
      [{ zone: 'Mars/Olympus' }, /is no time zone/],
      [{ prefix: '"<' }, /is no metadataPrefix/],
      [{ grace: '1.5' }, /a whole number/],
      [{ compare: '' }, /a whole number/],
      [{ vanish: '' }, /from 1 to 100/],
    ] as const) {
      const { status, text } = await act(slug, form(change))
      assert.equal(status, 400)
      assert.match(text, message)
      assert.match(text, /value="Archives d’ici"/)
    }
    assert.equal((await act(slug, form({ at: '', place: '', delay: '', prefix: '' }))).status, 303)
  })

  it('keep what a source answered wrongly, for the operator to look at', async () => {
    const source = await findSource(house.ctx, remote.url)
    remote.misbehave.answer = (query, response) => {
      if (query.get('verb') !== 'ListRecords') return false
      response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'a=secret' })
      response.end('<html><script>alert(1)</script>We are moving house</html>')
      return true
    }
    await harvestSource(house.ctx, source, { patience })
    remote.misbehave = {}
    const { text } = await ask(`/${source.slug}`, { authorization: basic })
    assert.match(text, /A web page answers instead of OAI-PMH/)
    assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;We are moving house/)
    assert.doesNotMatch(text, /<script>alert/)
    const path = new RegExp(`/network(/${source.slug}/kept/\\d+)`).exec(text)?.[1] ?? ''
    assert.equal((await ask(path)).status, 401)
    const kept = await ask(path, { authorization: basic })
    assert.match(kept.text, /verb=ListRecords.* # 200 .*<html>.*We are moving house/)
    assert.doesNotMatch(kept.text, /secret/)
    assert.match(kept.headers.get('content-type') ?? '', /^text\/plain/)
    assert.match(kept.headers.get('content-security-policy') ?? '', /sandbox/)
    for (const elsewhere of [path.replace(source.slug, 'source-0'), `${path}9`, `${path}x`])
      assert.equal((await ask(elsewhere, { authorization: basic })).status, 404, elsewhere)
  })

  it('harvest now and from scratch when they are told to, but not unasked', async () => {
    const { slug } = await findSource(house.ctx, remote.url)
    await harvestSource(house.ctx, await findSource(house.ctx, slug), { patience })
    const later = (await findSource(house.ctx, slug)).nextRunAt
    assert.equal((await act(slug, 'deed=scratch')).status, 400)
    assert.deepEqual((await findSource(house.ctx, slug)).nextRunAt, later)
    assert.equal((await act(slug, 'deed=run')).status, 303)
    const due = await findSource(house.ctx, slug)
    assert.ok(due.nextRunAt && later && due.nextRunAt < later)
    assert.equal((await act(slug, 'deed=scratch&sure=yes')).status, 303)
    remote.requests.length = 0
    await harvestSource(house.ctx, await findSource(house.ctx, slug), { patience })
    const list = remote.requests.find((each) => each.get('verb') === 'ListRecords')
    assert.equal(list?.has('from'), false)
    assert.equal((await findSource(house.ctx, slug)).scratchWanted, false)
    await act(slug, 'deed=pause')
    assert.match((await act(slug, 'deed=run')).text, /is paused: resume it first/)
    await act(slug, 'deed=resume')
  })

  it('say in the reader’s language why not', async () => {
    const { slug } = await findSource(house.ctx, remote.url)
    const french = { authorization: basic, 'accept-language': 'fr' }
    const unsure = await ask(`/${slug}`, { form: 'deed=scratch', ...french })
    assert.equal(unsure.status, 400)
    assert.match(unsure.text, /Cela n’a pas marché\.<\/b> Cochez la case/)
    const hours = { form: 'deed=change&hours_between=24&delay=0&at=soon', ...french }
    assert.match((await ask(`/${slug}`, hours)).text, /«.soon.» n’est pas une plage d’heures/)
    const nobody = { form: `deed=look&url=${remote.url}/nowhere`, ...french }
    remote.misbehave.answer = (_, response) => Boolean(response.writeHead(404).end())
    const told = (await ask('/operator', nobody)).text
    remote.misbehave = {}
    assert.match(told, /n’est pas une source qui puisse être moissonnée/)
    assert.doesNotMatch(told, /role="alert">[^/]*<\/b> <span lang="en">/)
  })

  it('let go of much that is missing at once only after its numbers were shown, and not unasked', async () => {
    const { ctx } = house
    const { slug, id } = await findSource(ctx, remote.url)
    const harvest = async (): Promise<string[]> => {
      const report = await harvestSource(ctx, await findSource(ctx, slug), { patience })
      return report.problems.map((each) => each.code)
    }
    const all = [...remote.records]
    await harvestSource(ctx, await findSource(ctx, slug), { patience, fromScratch: true })
    assert.doesNotMatch((await ask(`/${slug}`, { authorization: basic })).text, /value="accept"/)
    assert.equal((await act(slug, 'deed=accept&sure=yes')).status, 400)
    remote.deletedRecord = 'no'
    for (const [name] of all.slice(0, 15)) remote.records.delete(name)
    await act(slug, 'deed=scratch&sure=yes')
    assert.deepEqual(await harvest(), ['vanished-not-withdrawn'])
    const asked = (await ask(`/${slug}`, { authorization: basic })).text
    assert.match(
      asked,
      /Missing from the last list of everything: 15 of 25 objects, more than \d+ %/,
    )
    assert.equal((await act(slug, 'deed=accept')).status, 400)
    assert.equal((await ask(`/${slug}`, { form: 'deed=accept&sure=yes' })).status, 401)
    const elsewhere = { origin: 'https://evil.example.org' }
    assert.equal((await act(slug, 'deed=accept&sure=yes', elsewhere)).status, 403)
    assert.equal((await act(slug, 'deed=accept&sure=yes')).status, 303)
    // A source that is down does not make it forgotten.
    remote.misbehave.answer = (_, response) => Boolean(response.writeHead(500).end())
    await harvest()
    remote.misbehave = {}
    assert.match((await ask(`/${slug}`, { authorization: basic })).text, /They go when all/)
    assert.deepEqual(await harvest(), [])
    const after = await findSource(ctx, slug)
    assert.deepEqual([after.records, after.vanished, after.acceptWanted], [10, null, false])
    assert.equal(after.id, id)
    remote.records.clear()
    for (const [name, record] of all) remote.records.set(name, record)
    await harvestSource(ctx, after, { patience, fromScratch: true })
    assert.equal((await findSource(ctx, slug)).records, 25)
  })

  it('forget a source after a day, and not at all when the operator thinks again', async () => {
    const { slug, id } = await findSource(house.ctx, remote.url)
    const held = async (): Promise<number> => {
      const [row] = await house.ctx.db.query<{ count: number }>(
        `SELECT count(*) FROM records WHERE source_id = $1 AND status <> 'withdrawn'`,
        [id],
      )
      return row?.count ?? 0
    }
    const isListed = async (name: string): Promise<boolean> => {
      const listed = await fetch(`${house.ctx.links.api('collections')}?limit=100`)
      const { collections } = (await listed.json()) as { collections: { slug: string }[] }
      return collections.some((each) => each.slug === name)
    }
    const signal = new AbortController().signal
    assert.equal((await act(slug, 'deed=forget')).status, 400)
    assert.equal((await act(slug, 'deed=forget&sure=yes')).status, 303)
    assert.equal((await ask(`/${slug}`)).status, 404)
    assert.equal(await isListed(slug), false)
    assert.equal((await fetch(house.ctx.links.collection(slug))).status, 410)
    assert.ok(!(await listSources(house.ctx)).some((each) => each.slug === slug))
    assert.match((await act(slug, 'deed=run')).text, /is being forgotten/)
    await forgetDue(house.ctx, signal)
    assert.equal(await held(), 25)
    assert.equal((await act(slug, 'deed=keep')).status, 303)
    assert.equal((await findSource(house.ctx, slug)).paused, false)
    assert.equal(await isListed(slug), true)

    await act(slug, 'deed=forget&sure=yes')
    await house.ctx.db.query(`UPDATE sources SET forget_at = now() WHERE id = $1`, [id])
    await assert.rejects(
      harvestSource(house.ctx, await findSource(house.ctx, slug), { patience }),
      /is being forgotten/,
    )
    const before = await endOfLine(house.ctx)
    await forgetDue(house.ctx, signal)
    assert.equal(await held(), 0)
    assert.equal((await endOfLine(house.ctx)) - before, 25, 'each is told as a deletion')
    assert.equal((await ask(`/${slug}`, { authorization: basic })).status, 404)

    // Who adds it again has it back, with all that it had.
    const again = await addSource(house.ctx, remote.url, { patience })
    assert.deepEqual([again.id, again.forgetAt, again.paused], [id, null, false])
    assert.equal(await isListed(slug), true)
    await harvestSource(house.ctx, await findSource(house.ctx, slug), { patience })
    assert.equal(await held(), 25)
  })
})
