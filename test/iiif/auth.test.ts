// Images that are shown on request, as a client of the IIIF Authorization Flow API 2.0 comes to see them.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  AuthAccessService2_Active,
  AuthProbeService2,
  ImageService3,
  Manifest,
} from '@iiif/presentation-3'
import type { Page } from 'playwright-core'
import type { Visibility } from '../../schemas/record.ts'
import type { RunningBrick } from '../../server/brick.ts'
import { ingest } from '../../server/files/files.ts'
import { packageFolder } from '../../server/http/package.ts'
import { triesOf } from '../../server/http/tries.ts'
import { save } from '../../server/records/records.ts'
import { findings, openBrowser, until, watch } from '../browser.ts'
import { brick, collection, draft, needed } from '../house.ts'
import { painting } from './painting.ts'

const key = 'a-key-of-sixteen-letters'
const context = 'http://iiif.io/api/auth/2/context.json'
const viewer = 'https://viewer.example.org'

interface Message {
  '@context': string
  type: string
  profile?: string
  messageId: string
  accessToken: string
  expiresIn: number
  heading?: object
  note?: object
}

interface Result {
  type: string
  status: number
  substitute?: { id: string; type: string; width: number; service: ImageService3[] }[]
  heading?: object
}

let folder: string
let made = 0
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'campa-auth-'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

/** An image of its own and the record that holds it. */
async function take(
  house: RunningBrick,
  visibility: Visibility,
  status: 'published' | 'draft' = 'published',
): Promise<{ image: string; record: string }> {
  const { ctx } = house
  const name = `window-${++made}.png`
  await painting(1200 + made, 800, join(folder, name))
  const file = await ingest(ctx, join(folder, name), { name, mustBeImage: true })
  const [saved] = await save(ctx, [
    draft(await collection(ctx), `${made}`, { files: [file], visibility, status }),
  ])
  return { image: file.image ?? assert.fail(), record: saved?.id ?? assert.fail() }
}

/** What a client does, one step each; it keeps its cookie as a browser would. */
function client(house: RunningBrick, origin = viewer) {
  const { links } = house.ctx
  const ours = new URL(house.ctx.config.baseUrl)
  // Where it listens, whatever it is called.
  const here = (address: string): string => house.address + address.slice(ours.origin.length)
  let cookie = ''
  const ask = (address: string, init: RequestInit = {}): Promise<Response> =>
    fetch(here(address), {
      redirect: 'manual',
      ...init,
      headers: { ...(cookie && { cookie }), ...(init.headers as Record<string, string>) },
    })
  const access = `${links.iiifAuth('access')}?origin=${encodeURIComponent(origin)}`
  return {
    ask,
    access,
    setCookie: (value: string) => (cookie = value),
    get cookie() {
      return cookie
    },
    async give(given: string, headers: Record<string, string> = {}): Promise<Response> {
      const answer = await ask(access, {
        method: 'POST',
        body: new URLSearchParams({ key: given }),
        headers: { origin: ours.origin, 'accept-language': 'en', ...headers },
      })
      const set = answer.headers.get('set-cookie')?.split(';')[0]
      if (set) cookie = set
      return answer
    },
    async token(from = origin, messageId = 'm-1'): Promise<Message> {
      const query = new URLSearchParams({ messageId, origin: from })
      const answer = await ask(`${links.iiifAuth('token')}?${query.toString()}`)
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('cache-control') ?? '', /private, no-store/)
      const policy = answer.headers.get('content-security-policy') ?? ''
      assert.ok(policy.endsWith(`frame-ancestors ${from}`), policy)
      const [, said = '', target = ''] =
        /postMessage\((\{.*\}), (".*")\)/.exec(await answer.text()) ?? assert.fail()
      assert.equal(JSON.parse(target), from)
      return JSON.parse(said) as Message
    },
    async probe(image: string, token?: string): Promise<Result> {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const answer = await ask(links.iiifAuth('probe', image), { headers })
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('cache-control') ?? '', /private, no-store/)
      assert.match(answer.headers.get('vary') ?? '', /Authorization, Cookie/)
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      return (await answer.json()) as Result
    },
    async picture(image: string, headers: Record<string, string> = {}): Promise<number> {
      const answer = await ask(links.image(image, '60,'), { headers })
      await answer.arrayBuffer()
      assert.doesNotMatch(answer.headers.get('cache-control') ?? '', /public/)
      return answer.status
    },
  }
}

describe('IIIF Authorization Flow 2.0', () => {
  let house: RunningBrick
  let image: string
  let record: string
  before(async () => {
    house = await brick({ adminToken: key, operator: 'City archives', trustedProxies: 1 })
    ;({ image, record } = await take(house, 'on-request'))
  })
  after(() => house.close())

  // Each test is somebody else, for wrong keys are counted.
  let number = 0
  const from = (): { 'x-forwarded-for': string } => ({
    'x-forwarded-for': `203.0.113.${(number += 1)}`,
  })

  it('describes an image that is shown on request to everybody, and how it can be seen', async () => {
    const { links } = house.ctx
    for (const version of [2, 3] as const) {
      const answer = await fetch(`${links.imageService(image, version)}/info.json`)
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get('cache-control'), 'private, no-store')
      assert.equal(answer.headers.get('vary'), 'Accept, Authorization, Cookie')
      const info = (await answer.json()) as ImageService3 & { service: AuthProbeService2[] }
      assert.equal(info.height, 800)
      const own = `http://iiif.io/api/image/${version}/context.json`
      assert.deepEqual(info['@context'], version === 3 ? [context, own] : own)
      const [probe] = info.service
      assert.ok(probe)
      assert.equal('@context' in probe, version === 2)
      describesAccess(probe)
    }
  })

  function describesAccess(probe: AuthProbeService2): void {
    const { links } = house.ctx
    assert.equal(probe.type, 'AuthProbeService2')
    assert.equal(probe.id, links.iiifAuth('probe', image))
    const [access] = probe.service as AuthAccessService2_Active[]
    assert.ok(access)
    assert.deepEqual(
      [access.type, access.profile, access.id],
      ['AuthAccessService2', 'active', links.iiifAuth('access')],
    )
    assert.match(access.label['en']?.[0] ?? '', /City archives/)
    for (const text of ['label', 'heading', 'note', 'confirmLabel'] as const)
      assert.deepEqual(Object.keys(access[text] ?? {}).toSorted(), ['en', 'fr'])
    assert.deepEqual(
      access.service.map(({ id, type }) => [id, type]),
      [
        [links.iiifAuth('token'), 'AuthAccessTokenService2'],
        [links.iiifAuth('logout'), 'AuthLogoutService2'],
      ],
    )
  }

  it('says the same in the manifest, which tells nothing of the files', async () => {
    const answer = await fetch(house.ctx.links.manifest(record))
    assert.match(answer.headers.get('cache-control') ?? '', /private, no-store/)
    const text = await answer.text()
    const manifest = JSON.parse(text) as Manifest
    assert.deepEqual(manifest['@context'], [
      context,
      'http://iiif.io/api/presentation/3/context.json',
    ])
    const [canvas] = manifest.items
    const body = canvas?.items?.[0]?.items?.[0]?.body as { service: ImageService3[] }
    for (const { service } of body.service) describesAccess(service?.[0] as AuthProbeService2)
    assert.equal(canvas?.thumbnail, undefined)
    assert.deepEqual(canvas?.label, { none: ['1'] })
    assert.doesNotMatch(text, /window-\d+\.png"/)
  })

  it('leads from a refusal to the picture, and back', async () => {
    const someone = client(house)
    assert.equal(await someone.picture(image), 401)
    const refused = await someone.probe(image)
    assert.deepEqual([refused.type, refused.status], ['AuthProbeResult2', 401])
    assert.equal(refused.substitute, undefined)
    assert.ok(refused.heading)

    const window = await someone.ask(someone.access, { headers: { 'accept-language': 'fr' } })
    assert.match(window.headers.get('cache-control') ?? '', /private, no-store/)
    assert.match(window.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
    assert.match(await window.text(), /viewer\.example\.org[\s\S]*type="password"/)
    const wrong = await someone.give('not-the-key', from())
    assert.equal(wrong.status, 401)
    assert.equal(wrong.headers.get('set-cookie'), null)
    assert.match(await wrong.text(), /role="alert"[^>]*>This is not the key/)
    const given = await someone.give(key)
    assert.equal(given.status, 200)
    const cookie = given.headers.get('set-cookie') ?? ''
    assert.match(cookie, /; Path=\/iiif; Max-Age=3600; HttpOnly; SameSite=Lax$/)
    assert.ok(!cookie.includes(key))

    const message = await someone.token()
    assert.deepEqual(
      [message['@context'], message.type, message.messageId],
      [context, 'AuthAccessToken2', 'm-1'],
    )
    assert.ok(message.expiresIn > 3500 && message.expiresIn <= 3600)
    assert.ok(!someone.cookie.includes(message.accessToken))
    const stranger = client(house)
    assert.equal((await stranger.probe(image, message.accessToken)).status, 200)
    assert.equal(await someone.picture(image), 200)

    const left = await someone.ask(house.ctx.links.iiifAuth('logout'))
    assert.match(left.headers.get('set-cookie') ?? '', /=; Path=\/iiif; Max-Age=0;/)
    someone.setCookie('')
    assert.equal((await someone.token()).profile, 'missingAspect')
    assert.equal(await someone.picture(image), 401)
  })

  it('gives by HTTPS a cookie that other sites may have sent, and under the path of the brick', async () => {
    const other = await brick({ adminToken: key, baseUrl: 'https://museum.example.org/archive' })
    try {
      const cookie = (await client(other).give(key)).headers.get('set-cookie') ?? ''
      assert.match(cookie, /; Path=\/archive\/iiif; .*HttpOnly; SameSite=None; Secure$/)
    } finally {
      await other.close()
    }
  })

  it('takes no token for a cookie, no cookie for a token, and neither when something is changed', async () => {
    const someone = client(house)
    await someone.give(key)
    const { accessToken } = await someone.token()
    const [name, value = ''] = someone.cookie.split('=')
    const stranger = client(house)
    // A page of any site is told the token: it must open nothing by itself.
    assert.equal(await stranger.picture(image, { authorization: `Bearer ${accessToken}` }), 401)
    assert.equal((await stranger.probe(image, value)).status, 401)
    assert.equal((await stranger.probe(image, `${accessToken.slice(0, -2)}AA`)).status, 401)
    for (const forged of [
      accessToken,
      `${value.slice(0, -2)}AA`,
      `x${value}`,
      value.split('.')[0],
      `${Buffer.from('["administrator",9e15,[]]').toString('base64url')}.${value.split('.')[1]}`,
      '.',
      'null',
    ]) {
      stranger.setCookie(`${name}=${forged}`)
      assert.equal(await stranger.picture(image), 401, forged)
      assert.equal((await stranger.token()).profile, 'invalidAspect', forged)
    }
  })

  it('ends after an hour', async () => {
    const { ctx } = house
    const someone = client(house)
    await someone.give(key)
    const { accessToken } = await someone.token()
    const { clock } = ctx
    try {
      ctx.clock = () => new Date(Date.now() + 3_601_000)
      assert.equal(await someone.picture(image), 401)
      assert.equal((await someone.token()).profile, 'expiredAspect')
      assert.equal((await client(house).probe(image, accessToken)).status, 401)
    } finally {
      ctx.clock = clock
    }
    assert.equal(await someone.picture(image), 200)
  })

  it('ends when the key is changed', async () => {
    const someone = client(house)
    await someone.give(key)
    const { ctx } = house
    const { config } = ctx
    try {
      ctx.config = { ...config, adminToken: 'another-key-of-letters' }
      assert.equal(await someone.picture(image), 401)
      assert.equal((await someone.token()).profile, 'invalidAspect')
    } finally {
      ctx.config = config
    }
  })

  it('tells only the sites for which the key was given, and another when its window was seen', async () => {
    const someone = client(house)
    await someone.give(key)
    const other = client(house, 'https://other.example.org:8443')
    other.setCookie(someone.cookie)
    assert.equal((await other.token()).profile, 'invalidOrigin')
    const window = await (await other.ask(other.access)).text()
    assert.match(window, /other\.example\.org:8443/)
    assert.doesNotMatch(window, /type="password"/)
    assert.equal((await other.give('', { origin: 'https://other.example.org:8443' })).status, 403)
    assert.equal((await other.give('')).status, 200)
    assert.equal((await other.token()).type, 'AuthAccessToken2')
    assert.equal((await other.token(viewer)).type, 'AuthAccessToken2')
  })

  it('answers no origin that is none', async () => {
    const { links } = house.ctx
    for (const origin of [
      'null',
      '*',
      'javascript:alert(1)',
      'https://viewer.example.org/path',
      'https://viewer.example.org;script-src',
      "https://a.example.org 'unsafe-inline'",
      'HTTPS://viewer.example.org',
      `https://${'a'.repeat(254)}`,
    ]) {
      const query = new URLSearchParams({ messageId: '1', origin }).toString()
      for (const service of ['access', 'token']) {
        const answer = await fetch(`${links.iiifAuth(service)}?${query}`)
        assert.equal(answer.status, 400, origin)
        assert.doesNotMatch(await answer.text(), /postMessage/)
      }
    }
    const silent = await fetch(`${links.iiifAuth('token')}?origin=${viewer}`)
    assert.match(await silent.text(), /"profile":"invalidRequest"/)
  })

  it('says why, where a browser keeps the cookie back from other sites', async () => {
    const query = new URLSearchParams({ messageId: '1', origin: viewer }).toString()
    const answer = await fetch(`${house.ctx.links.iiifAuth('token')}?${query}`, {
      headers: { 'sec-fetch-storage-access': 'none' },
    })
    assert.match(await answer.text(), /"profile":"missingAspect".*keeps cookies of 127\.0\.0\.1/)
  })

  it('cannot be made to run what stands in a message’s name', async () => {
    const evil = '</script><script>alert(1)</script>'
    assert.equal((await client(house).token(viewer, evil)).messageId, evil)
    const query = new URLSearchParams({ messageId: evil, origin: viewer }).toString()
    const answer = await fetch(`${house.ctx.links.iiifAuth('token')}?${query}`)
    assert.ok(!(await answer.text()).includes('<script>alert'))
  })

  it('lets nobody guess', async () => {
    const [one, another] = [from(), from()]
    const someone = client(house)
    for (let times = 0; times < 5; times++)
      assert.equal((await someone.give('wrong', one)).status, 401)
    const late = await someone.give(key, one)
    assert.equal(late.status, 429)
    assert.equal(late.headers.get('retry-after'), '60')
    assert.equal(late.headers.get('set-cookie'), null)
    assert.equal((await someone.give(key, another)).status, 200)
  })

  it('lets somebody try again as time passes', () => {
    let now = 0
    const tries = triesOf(5, () => now)
    for (let times = 0; times < 5; times++) tries.spend('one')
    assert.deepEqual([tries.isLeft('one'), tries.isLeft('other')], [false, true])
    now = 12_001
    assert.equal(tries.isLeft('one'), true)
    tries.spend('one')
    assert.equal(tries.isLeft('one'), false)
  })

  it('opens pictures and no other door', async () => {
    const someone = client(house)
    await someone.give(key)
    const { links, config } = house.ctx
    for (const address of [`${config.baseUrl}/oai/harvesters`, links.duplicates()]) {
      assert.equal((await someone.ask(address)).status, 401, address)
    }
    const deed = await someone.ask(links.network('requests'), {
      method: 'POST',
      body: new URLSearchParams({ deed: 'accept' }),
      headers: { origin: config.baseUrl },
    })
    assert.equal(deed.status, 401)
    const form = await someone.give(key, { origin: viewer })
    assert.equal(form.status, 403)
    assert.equal(form.headers.get('set-cookie'), null)
  })

  it('tells nothing of what is a draft, closed or unknown, and everybody of what is open', async () => {
    const { links } = house.ctx
    const none = await (await fetch(links.iiifAuth('probe', '0'.repeat(32)))).text()
    for (const [visibility, status] of [
      ['on-request', 'draft'],
      ['closed', 'published'],
    ] as const) {
      const hidden = await take(house, visibility, status)
      const said: string[] = []
      for (const address of [
        links.iiifAuth('probe', hidden.image),
        `${links.imageService(hidden.image)}/info.json`,
        links.image(links.preview(hidden.image), 'max'),
      ]) {
        const answer = await fetch(address)
        assert.equal(answer.status, 404)
        said.push(await answer.text())
      }
      assert.deepEqual(new Set(said), new Set([none]))
    }
    for (const odd of ['%00', 'x', `${image}-preview`])
      assert.equal((await fetch(`${links.iiifAuth('probe')}/${odd}`)).status, 404, odd)
    const open = await take(house, 'open')
    assert.equal((await client(house).probe(open.image)).status, 200)
    const info = await fetch(`${links.imageService(open.image)}/info.json`)
    assert.equal('service' in ((await info.json()) as object), false)
  })

  it('answers a browser that asks whether it may send a token', async () => {
    const answer = await fetch(house.ctx.links.iiifAuth('probe', image), {
      method: 'OPTIONS',
      headers: {
        origin: viewer,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    })
    assert.equal(answer.status, 204)
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    assert.match(answer.headers.get('access-control-allow-headers') ?? '', /Authorization/)
  })

  it('offers the small picture where there is one, at an address of its own', async () => {
    const other = await brick({ adminToken: key, previewPixels: 700 })
    try {
      const asked = await take(other, 'on-request')
      const someone = client(other)
      const [small, ...more] = (await someone.probe(asked.image)).substitute ?? []
      assert.ok(small)
      assert.deepEqual(more, [])
      assert.equal(small.type, 'Image')
      assert.equal((await fetch(small.id)).status, 200)
      const info = await fetch(`${small.service[0]?.id}/info.json`)
      const said = (await info.json()) as ImageService3
      assert.deepEqual([said.id, said.width], [small.service[0]?.id, small.width])
      assert.ok(small.width <= 700)
      assert.ok(!('service' in said))
      const answer = await fetch(other.ctx.links.manifest(asked.record))
      const { items } = (await answer.json()) as Manifest
      const [thumbnail] = (items[0]?.thumbnail ?? []) as { id: string }[]
      assert.equal((await fetch(thumbnail?.id ?? '')).status, 200)
      await someone.give(key)
      const { accessToken } = await someone.token()
      assert.equal((await someone.probe(asked.image, accessToken)).substitute, undefined)
    } finally {
      await other.close()
    }
  })

  it('has no key to ask for where none is made', async () => {
    const other = await brick({ adminToken: undefined })
    try {
      const someone = client(other)
      const page = await (await someone.ask(someone.access)).text()
      assert.match(page, /mailto:/)
      assert.doesNotMatch(page, /type="password"/)
      const given = await someone.give('')
      assert.equal(given.headers.get('set-cookie'), null)
    } finally {
      await other.close()
    }
  })

  describe('in a browser', () => {
    /** What a viewer does: a window, a frame that sends a message, a probe, a picture. */
    const scripted = `<!doctype html><title>A viewer</title><button>Give the key</button><script>
      const openOnClick = (address) => {
        document.querySelector('button').onclick = () => { open(address) }
      }
      const askToken = (address) => new Promise((done) => {
        addEventListener('message', ({ data }) => done(data), { once: true })
        const frame = document.createElement('iframe')
        frame.hidden = true
        frame.src = address
        frame.onload = () => setTimeout(done, 300)
        document.body.append(frame)
      })
      const probe = async (address, token) =>
        (await fetch(address, { headers: { Authorization: 'Bearer ' + token } })).json()
      const widthOf = async (address) => {
        const picture = new Image()
        picture.src = address
        await picture.decode()
        return picture.naturalWidth
      }</script>`
    let elsewhere: Server
    let site: string
    before(async () => {
      elsewhere = createServer((_, response) => {
        response.setHeader('Content-Type', 'text/html')
        response.end(scripted)
      })
      await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done))
      site = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
    })
    after(() => new Promise((done) => elsewhere.close(done)))

    const tokenIn = (page: Page): Promise<Message> =>
      page.evaluate<Message>(
        `askToken('${house.ctx.links.iiifAuth('token')}?messageId=m-7&origin=${site}')`,
      )

    /** The field has the focus by itself. */
    async function type(page: Page, text: string): Promise<void> {
      await page.waitForFunction(`document.activeElement?.id === 'key'`)
      await page.keyboard.type(text)
      await page.keyboard.press('Enter')
    }

    it('a viewer of another site opens the window, hears that it was let in, and shows the picture', async function () {
      this.timeout(60_000)
      const browser = needed(await openBrowser(), 'Chromium', this)
      try {
        const { links } = house.ctx
        const page = await browser.newPage({ locale: 'fr-FR' })
        await page.goto(site)
        assert.equal((await tokenIn(page)).profile, 'missingAspect')
        await page.evaluate(`openOnClick('${links.iiifAuth('access')}?origin=${site}')`)
        const opening = page.waitForEvent('popup')
        await page.getByRole('button').click()
        const window = await opening
        const seen = watch(window)
        await window.getByLabel('Clé').waitFor()
        await shows(window, 'access')
        await type(window, 'pas-la-bonne-clé')
        await window.getByRole('alert').waitFor()
        assert.deepEqual(await findings(window), [])
        const closed = window.waitForEvent('close')
        await type(window, key)
        await closed
        assert.deepEqual(
          seen.complaints.filter((each) => !/status of 401/.test(each)),
          [],
        )
        const message = await tokenIn(page)
        assert.deepEqual([message.type, message.messageId], ['AuthAccessToken2', 'm-7'])
        const result = await page.evaluate<Result>(
          `probe('${links.iiifAuth('probe', image)}', '${message.accessToken}')`,
        )
        assert.equal(result.status, 200)
        const width = await page.evaluate<number>(`widthOf('${links.image(image, '60,')}')`)
        assert.equal(width, 60)
        await page.goto(links.iiifAuth('logout'))
        await page.goto(site)
        assert.equal((await tokenIn(page)).profile, 'missingAspect')
      } finally {
        await browser.close()
      }
    })

    /** On a phone and in the dark too. */
    async function shows(page: Page, name: string): Promise<void> {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.setViewportSize({ width: 360, height: 740 })
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
        assert.ok(wide <= 360, `${wide} pixels wide`)
        assert.deepEqual(await findings(page), [])
        const pictures = process.env['SCREENSHOTS']
        if (pictures) await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) })
      }
    }

    it('Mirador shows the picture once the key was given here', async function () {
      this.timeout(60_000)
      const mirador = join(packageFolder, 'vendor/mirador/mirador.min.js')
      needed(existsSync(mirador) || undefined, 'vendor/mirador', this)
      const browser = needed(await openBrowser(), 'Chromium', this)
      try {
        const { links } = house.ctx
        const page = await (await browser.newContext()).newPage()
        const seen = watch(page)
        await page.goto(links.viewer(links.manifest(record)))
        // Its 4.0 does not know these services: it asks for tiles all the same.
        await until(() => seen.tiles.some(({ status }) => status === 401), 'refusals')
        await page.goto(links.iiifAuth('access'))
        await type(page, key)
        await page.getByText('The pictures are open').waitFor()
        await page.goto(links.viewer(links.manifest(record)))
        await until(() => seen.tiles.some(({ status }) => status === 200), 'tiles')
      } finally {
        await browser.close()
      }
    })

    it('a page of another site than the one it names is told nothing', async function () {
      this.timeout(60_000)
      const browser = needed(await openBrowser(), 'Chromium', this)
      try {
        const page = await browser.newPage()
        await page.goto(site)
        const address = `${house.ctx.links.iiifAuth('token')}?messageId=1&origin=${viewer}`
        assert.equal(await page.evaluate(`askToken('${address}')`), undefined)
      } finally {
        await browser.close()
      }
    })
  })
})
