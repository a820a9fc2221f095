import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningBrick } from '../../server/brick.ts'
import { ingest } from '../../server/files/files.ts'
import { rangeOf } from '../../server/http/range.ts'
import { save } from '../../server/records/records.ts'
import type { FileReference, Visibility } from '../../schemas/record.ts'
import { brick, collection, draft } from '../house.ts'

const content = '<html><script>alert(1)</script></html>'

describe('a file to download', () => {
  let house: RunningBrick
  let folder: string
  let drawings: number
  let file: FileReference
  let id: string
  before(async () => {
    house = await brick({ adminToken: 'a-token-of-sixteen-letters' })
    folder = mkdtempSync(join(tmpdir(), 'campa-download-'))
    drawings = await collection(house.ctx)
    writeFileSync(join(folder, 'page.html'), content)
    file = await ingest(house.ctx, join(folder, 'page.html'), { name: 'Récit “1”.html' })
    id = await keep('open')
  })
  after(async () => {
    await house.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function keep(visibility: Visibility, files = [file]): Promise<string> {
    const [saved] = await save(house.ctx, [draft(drawings, 'story', { visibility, files })])
    return saved?.id ?? ''
  }

  const get = (headers: Record<string, string> = {}, name = file.name): Promise<Response> =>
    fetch(house.ctx.links.file(file.sha256, name), { headers })

  it('comes whole, by its name, and never as a page', async () => {
    const { status, headers, ...rest } = await get().then(async (answer) => ({
      status: answer.status,
      headers: answer.headers,
      text: await answer.text(),
    }))
    assert.deepEqual([status, rest.text], [200, content])
    assert.match(
      headers.get('content-disposition') ?? '',
      /^attachment; filename=.*filename\*=UTF-8''R%C3%A9cit%20%E2%80%9C1/,
    )
    assert.equal(headers.get('content-security-policy'), 'sandbox')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('content-type'), file.mediaType)
    assert.equal(headers.get('content-length'), String(content.length))
  })

  it('stands on the page of its record and in the JSON API', async () => {
    const address = house.ctx.links.file(file.sha256, file.name)
    const page = await (
      await fetch(house.ctx.links.record(id), { headers: { accept: 'text/html' } })
    ).text()
    assert.ok(page.includes(`href="${address}"`))
    const { files } = (await (await fetch(house.ctx.links.api('records', id))).json()) as {
      files: { address: string }[]
    }
    assert.equal(files[0]?.address, address)
  })

  it('comes in part, or not again', async () => {
    const part = await get({ range: 'bytes=1-4' })
    assert.deepEqual([part.status, await part.text()], [206, 'html'])
    assert.equal(part.headers.get('content-range'), `bytes 1-4/${content.length}`)
    assert.equal((await get({ range: 'bytes=900-' })).status, 416)
    const etag = part.headers.get('etag') ?? ''
    assert.equal((await get({ 'if-none-match': etag })).status, 304)
    assert.equal((await get({ range: 'bytes=1-4', 'if-range': '"other"' })).status, 200)
    const head = await fetch(house.ctx.links.file(file.sha256, file.name), { method: 'HEAD' })
    assert.deepEqual(
      [head.status, head.headers.get('content-length')],
      [200, String(content.length)],
    )
  })

  it('has no other name than its record gives it', async () => {
    assert.equal((await get({}, 'setup.exe')).status, 404)
    assert.equal((await fetch(`${house.ctx.config.baseUrl}/files/${'0'.repeat(64)}/a`)).status, 404)
    assert.equal((await fetch(`${house.ctx.config.baseUrl}/files/x/a`)).status, 404)
  })

  it('goes with its record', async () => {
    const status = async (headers?: Record<string, string>): Promise<number> =>
      (await get(headers)).status
    const authorization = 'Bearer a-token-of-sixteen-letters'
    await keep('on-request')
    assert.equal(await status(), 403)
    await keep('closed')
    assert.equal(await status(), 410)
    const seen = await get({ authorization })
    assert.deepEqual([seen.status, seen.headers.get('cache-control')], [200, 'private, no-store'])
    await keep('open', [])
    assert.equal(await status(), 404)
    await keep('open')
    assert.equal(await status(), 200)
  })
})

describe('a stretch of bytes', () => {
  const examples: [header: string, range: ReturnType<typeof rangeOf>][] = [
    ['', undefined],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=5-', { start: 5, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
    ['bytes=5-50', { start: 5, end: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,3-4', undefined],
    ['lines=0-1', undefined],
  ]
  for (const [header, range] of examples) {
    it(`${header || 'nothing'} of ten`, () => assert.deepEqual(rangeOf(header, 10), range))
  }
})
