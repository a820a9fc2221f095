// A picture finds where it is kept: on the page, with and without a script's help, over the API, here and at the brick above.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { RunningBrick } from '../../server/brick.ts'
import { ingest } from '../../server/files/files.ts'
import { findDuplicates } from '../../server/likeness/duplicates.ts'
import { largest } from '../../server/likeness/likeness.ts'
import { addSource, findSource, harvestSource } from '../../server/network/network.ts'
import { findByIdentifier, save, withdraw } from '../../server/records/records.ts'
import { brick, collection, draft } from '../house.ts'
import { found, until } from '../network/state.ts'
import { scene } from './scene.ts'

const token = 'a-token-of-sixteen-letters'

type Body = NonNullable<RequestInit['body']>

interface Matches {
  total: number
  matches: {
    kind: string
    distance: number
    record: {
      id: string
      identifier: string
      keeper: { name: string }
      links: Record<string, string>
    }
  }[]
}

describe('a picture', function () {
  this.timeout(120_000)
  let leaf: RunningBrick
  let folder: string
  let ids: Record<'window' | 'again' | 'boat' | 'asked', string>
  let drawings: number
  let aside: string
  let temporary: string | undefined

  const keep = async (key: string, seed: number, visibility: 'open' | 'on-request' = 'open') => {
    const path = await scene(folder, `${key}.png`, seed)
    const file = await ingest(leaf.ctx, path, { name: `${key}.png` })
    const dc = { title: [{ value: `The ${key}`, language: 'en' }] }
    const [saved] = await save(leaf.ctx, [draft(drawings, key, { files: [file], visibility, dc })])
    return saved?.id ?? assert.fail()
  }
  const post = (body: Body, path = '/api/v1/search/image', type = 'image/png') =>
    fetch(`${leaf.ctx.config.baseUrl}${path}`, {
      method: 'POST',
      body,
      headers: body instanceof FormData ? {} : { 'Content-Type': type },
    })
  const matchesOf = async (response: Response): Promise<Matches> => {
    assert.equal(response.status, 200)
    return (await response.json()) as Matches
  }
  const changed = (key: string): Promise<Buffer> =>
    sharp(join(folder, `${key}.png`))
      .resize({ width: 300 })
      .grayscale()
      .jpeg({ quality: 60 })
      .toBuffer()
  const formOf = (picture: Buffer, name = 'mine.jpg'): FormData => {
    const form = new FormData()
    form.append('picture', new File([new Uint8Array(picture)], name))
    return form
  }

  before(async () => {
    leaf = await brick({ adminToken: token, name: 'Leaf', trustedProxies: 1 })
    folder = mkdtempSync(join(tmpdir(), 'campa-likeness-'))
    // Others on this machine look at pictures too.
    aside = mkdtempSync(join(tmpdir(), 'campa-likeness-'))
    temporary = process.env['TMPDIR']
    process.env['TMPDIR'] = aside
    drawings = await collection(leaf.ctx, 'drawings')
    ids = {
      window: await keep('window', 1),
      boat: await keep('boat', 2),
      asked: await keep('asked', 3, 'on-request'),
      again: '',
    }
    const path = join(folder, 'again.png')
    await sharp(join(folder, 'window.png')).resize({ width: 500 }).png().toFile(path)
    const file = await ingest(leaf.ctx, path, { name: 'again.png' })
    const [again] = await save(leaf.ctx, [draft(drawings, 'again', { files: [file] })])
    ids.again = again?.id ?? ''
    await until(async () => (await found(leaf.ctx)).size === 4)
  })
  after(async () => {
    await leaf.close()
    if (temporary === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = temporary
    for (const each of [folder, aside]) rmSync(each, { recursive: true, force: true })
  })

  it('finds the same file first, then the same picture in another one', async () => {
    const answer = await matchesOf(await post(readFileSync(join(folder, 'window.png'))))
    assert.deepEqual(answer.matches.map(({ kind, record }) => [kind, record.id]).slice(0, 2), [
      ['exact', ids.window],
      ['near', ids.again],
    ])
  })

  it('is found scaled, in gray and compressed, as a body and in a form', async () => {
    const picture = await changed('boat')
    for (const body of [new Uint8Array(picture), formOf(picture)]) {
      const { matches } = await matchesOf(await post(body))
      assert.deepEqual([matches[0]?.kind, matches[0]?.record.id], ['near', ids.boat])
      assert.equal(matches[0]?.record.links['homepage'], leaf.ctx.links.record(ids.boat))
    }
  })

  it('does not find what is shown on request', async () => {
    const { matches } = await matchesOf(await post(readFileSync(join(folder, 'asked.png'))))
    assert.ok(!matches.some(({ record }) => record.id === ids.asked))
    const alike = await fetch(`${leaf.ctx.links.api('records', ids.asked)}/alike`)
    assert.deepEqual(await matchesOf(alike), { total: 0, matches: [] })
  })

  it('has the likes of all its pictures', async () => {
    const files = await Promise.all(
      ['boat', 'window'].map((key) =>
        ingest(leaf.ctx, join(folder, `${key}.png`), { name: `${key}.png` }),
      ),
    )
    const [album] = await save(leaf.ctx, [draft(drawings, 'album', { files })])
    const { id = '', identifier = '' } = album ?? {}
    const answer = await fetch(`${leaf.ctx.links.api('records', id)}/alike`)
    const { matches } = await matchesOf(answer)
    assert.deepEqual(
      new Set(matches.slice(0, 3).map(({ kind, record }) => `${kind} ${record.id}`)),
      new Set([`exact ${ids.boat}`, `exact ${ids.window}`, `near ${ids.again}`]),
    )
    await withdraw(leaf.ctx, [identifier])
    await until(async () => (await found(leaf.ctx)).size === 4)
  })

  it('has its like beside it, on its page and in the API', async () => {
    const alike = await matchesOf(await fetch(`${leaf.ctx.links.api('records', ids.window)}/alike`))
    assert.equal(alike.matches[0]?.record.id, ids.again)
    assert.ok(!alike.matches.some(({ record }) => record.id === ids.window))
    const page = await (await fetch(leaf.ctx.links.record(ids.window))).text()
    const part = /<section class="wrap nearby" aria-labelledby="alike">.*?<\/section>/s.exec(
      page,
    )?.[0]
    assert.ok(part?.includes(leaf.ctx.links.record(ids.again)), page)
  })

  it('is refused with a sentence that says why, and leaves nothing behind', async () => {
    const before = await kept()
    const text = 'this is no picture'
    const wrong: [Body, RegExp, string?][] = [
      [text, /is not a picture/],
      ['', /no picture in the request/],
      [new FormData(), /no picture in the request/],
      [formOf(Buffer.from(text), '<b>.png'), /<b>\.png is not a picture/],
      ['--x', /form cannot be read/, 'multipart/form-data; boundary=y'],
      [
        new Uint8Array(readFileSync(join(folder, 'window.png')).subarray(0, 3000)),
        /damaged|cut short/,
      ],
    ]
    for (const [body, reason, type] of wrong) {
      const response = await post(body, undefined, type)
      assert.equal(response.status, 400)
      assert.match(((await response.json()) as { detail: string }).detail, reason)
    }
    const page = await post(formOf(Buffer.from(text), '<b>.png'), '/search/image')
    assert.equal(page.status, 400)
    assert.match(await page.text(), /&lt;b&gt;\.png is not a picture/)
    assert.deepEqual(await kept(), before)
  })

  it('of more pixels than are looked at is refused before it is decoded', async () => {
    const raw = { width: 12_000, height: 9000, channels: 1 } as const
    const picture = await sharp(Buffer.alloc(raw.width * raw.height), { raw })
      .png({ compressionLevel: 1 })
      .toBuffer()
    const response = await post(new Uint8Array(picture))
    assert.equal(response.status, 400)
    assert.match(
      ((await response.json()) as { detail: string }).detail,
      /has 12000 × 9000 pixels, more than this brick looks at \(100 million in all\): scale it down/,
    )
  })

  it('that is too large is refused before it has come', async () => {
    const before = await kept()
    const response = await post(new Uint8Array(largest + 1)).catch((error: unknown) => error)
    // A client that goes on writing may meet the end of the connection before it reads the answer.
    if (response instanceof Response) assert.equal(response.status, 400)
    const piece = new Uint8Array(2 ** 20)
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent++
        controller.enqueue(piece)
      },
    })
    const streamed = await fetch(leaf.ctx.links.api('search', 'image'), {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { 'Content-Type': 'image/png' },
    } as RequestInit).catch((error: unknown) => error)
    if (streamed instanceof Response) assert.equal(streamed.status, 400)
    assert.ok(sent < 200, `${sent} MB were sent`)
    assert.deepEqual(await kept(), before)
    await matchesOf(await post(readFileSync(join(folder, 'window.png'))))
  })

  it('that a killed process has left goes, and what others are at stays', async () => {
    const [left, young] = [join(aside, 'campa-shown-left'), join(aside, 'campa-shown-young')]
    for (const each of [left, young]) {
      mkdirSync(each)
      writeFileSync(join(each, 'body'), 'a picture')
    }
    const before = new Date(Date.now() - 2 * 86_400_000)
    utimesSync(left, before, before)
    await matchesOf(await post(readFileSync(join(folder, 'window.png'))))
    assert.deepEqual(await kept(), ['campa-shown-young'])
    rmSync(young, { recursive: true })
  })

  it('comes with a few others at a time', async () => {
    const clients = Array.from({ length: 16 }, (_, nth) => `192.0.2.${nth}`)
    const slow = clients.flatMap((client) => [begin(client), begin(client)])
    await until(async () => (await kept()).length === slow.length)
    const picture = readFileSync(join(folder, 'window.png'))
    const busy = await post(picture)
    assert.equal(busy.status, 503)
    assert.ok(busy.headers.get('retry-after'))
    for (const socket of slow) socket.destroy()
    await until(async () => (await kept()).length === 0)
    await matchesOf(await post(picture))
  })

  it('comes through whatever another one sends', async () => {
    const picture = readFileSync(join(folder, 'window.png'))
    const slow = Array.from({ length: 32 }, () => begin('192.0.2.1'))
    const told: string[] = []
    for (const socket of slow) socket.once('data', (answer) => told.push(String(answer)))
    // Two are on their way, two wait, and the others are sent away.
    await until(async () => told.length === slow.length - 4)
    for (const each of told) assert.match(each, /^HTTP\/1\.1 503 /)
    assert.equal((await kept()).length, 2)
    await matchesOf(await post(picture))
    for (const socket of slow) socket.destroy()
    await until(async () => (await kept()).length === 0)
  })

  /** Sends the first byte of a picture, through the proxy that stands before the brick. */
  const begin = (client: string): Socket => {
    const { hostname, port } = new URL(leaf.ctx.config.baseUrl)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    const head = ['POST /api/v1/search/image HTTP/1.1', `Host: ${hostname}`, 'Content-Length: 9999']
    socket.write([...head, `X-Forwarded-For: ${client}`, '', 'x'].join('\r\n'))
    return socket
  }

  const kept = async (): Promise<string[]> =>
    (await readdir(aside)).filter((name) => name.startsWith('campa-shown-'))

  it('that is here twice is shown to the operator, and to nobody else', async () => {
    const address = leaf.ctx.links.duplicates()
    const groups = await findDuplicates(leaf.ctx)
    assert.deepEqual(
      groups.map(({ kind, pictures }) => [
        kind,
        pictures.flatMap(({ records }) => records.map(({ id }) => id)).toSorted(),
      ]),
      [['near', [ids.window, ids.again].toSorted()]],
    )
    assert.equal((await fetch(address)).status, 401)
    const page = await fetch(address, { headers: { Authorization: `Bearer ${token}` } })
    assert.match(await page.text(), /The window/)
    const twice = await ingest(leaf.ctx, join(folder, 'boat.png'), { name: 'other.png' })
    const [saved] = await save(leaf.ctx, [draft(drawings, 'twice', { files: [twice] })])
    const [exact] = await findDuplicates(leaf.ctx)
    assert.equal(exact?.kind, 'exact')
    assert.deepEqual(
      exact.pictures.map(({ records }) => records.map(({ id }) => id)),
      [[ids.boat, saved?.id]],
    )
    await withdraw(leaf.ctx, [saved?.identifier ?? ''])
    assert.equal((await findDuplicates(leaf.ctx)).length, 1)
  })

  it('is found at the brick above, which links to the one that keeps it', async () => {
    const root = await brick({ name: 'Root', harvests: 1 })
    try {
      const { ctx } = root
      await addSource(ctx, leaf.ctx.links.oai(), { slug: 'leaf' })
      const source = (await findSource(ctx, 'leaf')) ?? assert.fail()
      await harvestSource(ctx, source)
      await until(async () => (await found(ctx)).size === 4)
      const body = new Uint8Array(await changed('boat'))
      const answer = await fetch(ctx.links.api('search', 'image'), { method: 'POST', body })
      const [match] = (await matchesOf(answer)).matches
      assert.equal(match?.kind, 'near')
      assert.equal(match.record.keeper.name, 'Leaf')
      assert.equal(match.record.links['homepage'], leaf.ctx.links.record(ids.boat))
      assert.ok(!('looks' in match.record.links))
      const same = readFileSync(join(folder, 'boat.png'))
      const exact = await fetch(ctx.links.api('search', 'image'), { method: 'POST', body: same })
      assert.equal((await matchesOf(exact)).matches[0]?.kind, 'exact')
      const page = await fetch(ctx.links.searchByImage(), { method: 'POST', body: formOf(same) })
      assert.ok((await page.text()).includes(`href="${leaf.ctx.links.record(ids.boat)}"`))
      const asked = readFileSync(join(folder, 'asked.png'))
      const hidden = await fetch(ctx.links.api('search', 'image'), { method: 'POST', body: asked })
      const { identifier } = (await findRecordOf(ids.asked)) ?? assert.fail()
      const { matches } = await matchesOf(hidden)
      assert.ok(!matches.some(({ record }) => record.identifier === identifier))
    } finally {
      await root.close()
    }
  })

  const findRecordOf = (id: string) =>
    findByIdentifier(leaf.ctx, `oai:${leaf.ctx.config.domain}:${id}`)
})
