import assert from 'node:assert/strict'
import { museum, type Museum } from './museum.ts'

describe('the pages', () => {
  let house: Museum
  before(async () => (house = await museum()))
  after(() => house.close())

  const page = async (
    address: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string; headers: Headers }> => {
    const answer = await house.get(address, headers)
    // How a template breaks its lines is no matter here.
    const text = (await answer.text()).replace(/\s+/g, ' ').replace(/ (?=>)/g, '')
    return { status: answer.status, text, headers: answer.headers }
  }

  it('stay below 60 kB of HTML and bring a strict content policy', async () => {
    const { links } = house.ctx
    for (const address of [
      links.home(),
      links.search(),
      links.search({ view: 'list' }),
      links.collections(),
      links.collection('drawings'),
      links.network(),
      ...Object.values(house.at),
    ]) {
      const { text, headers } = await page(address)
      assert.ok(Buffer.byteLength(text) < 60_000, `${address}: ${Buffer.byteLength(text)} bytes`)
      assert.match(headers.get('content-security-policy') ?? '', /script-src 'self';/)
      assert.match(headers.get('vary') ?? '', /Accept-Language.*Cookie/)
      assert.doesNotMatch(text, /<script(?![^>]*(?:src=|type="application\/))/)
      assert.doesNotMatch(text, /\son\w+="/)
      assert.doesNotMatch(text, /undefined|\[object |NaN/)
    }
  })

  it('speak the language that is asked for, remember it, and keep the address', async () => {
    const address = house.ctx.links.search({ q: 'classe' })
    const french = await page(address)
    assert.match(french.text, /<html lang="fr">/)
    assert.match(french.text, /Chercher/)
    const english = await page(`${address}&lang=en`)
    assert.match(english.text, /<html lang="en">/)
    const cookie = english.headers.get('set-cookie') ?? ''
    assert.match(cookie, /^campa-language=en; Path=\/; .*HttpOnly/)
    const later = await page(address, { cookie: cookie.split(';')[0] ?? '' })
    assert.match(later.text, /<html lang="en">/)
    assert.match(later.text, /href="[^"]*\?q=classe&amp;lang=fr"/)
  })

  it('show what was harvested with its keeper, its source’s page and manifest, and the way it came', async () => {
    const { text } = await page(house.at.harvested)
    assert.match(text, /Musée de la ville garde cet objet/)
    assert.match(text, /href="https:\/\/museum\.example\.org\/records\/7"/)
    assert.match(text, /viewer\?manifest=https%3A%2F%2Fmuseum\.example\.org/)
    assert.match(text, /de museum\.example\.org, 1 juin 2020/)
    assert.match(text, /abc\/full\/!1200,1200\/0\/default\.jpg/)
  })

  it('mark a value in another language than the page', async () => {
    const { text } = await page(house.at.drawing, { 'accept-language': 'en' })
    assert.match(text, /<h1[^>]*>My class at home<\/h1>/)
    assert.match(text, /lang="fr"[^>]*>\s*Six camarades/)
  })

  it('say in plain words what a reader may do, and how to cite', async () => {
    const { text } = await page(house.at.drawing)
    assert.match(text, /Oui, librement\./)
    assert.match(text, /publicdomain\/zero\/1\.0/)
    assert.match(text, /Noé, 7 ans\. Ma classe à la maison\. 4 mai 2020\. Archives municipales/)
    const inherited = await page(house.at.words)
    assert.match(inherited.text, /CC BY-NC 4\.0/)
  })

  it('answer 410 with a tombstone, and 404 for what the public must not know', async () => {
    const gone = await page(house.at.withdrawn)
    assert.equal(gone.status, 410)
    assert.match(gone.text, /a été retiré/)
    assert.equal((await page(house.at.closed)).status, 404)
    assert.equal((await page(`${house.ctx.links.home()}records/0`)).status, 404)
    const seen = await page(house.at.closed, { authorization: 'Bearer a-token-of-sixteen-letters' })
    assert.equal(seen.status, 200)
    assert.match(seen.text, /seul l’administrateur/)
  })

  it('show no file of a record that is open on request, but how to ask', async () => {
    const { text } = await page(house.at.request)
    assert.match(text, /Les fichiers se montrent sur demande/)
    assert.match(text, /mailto:/)
    assert.doesNotMatch(text.replace(/<section id="results"[\s\S]*/, ''), /iiif\/image/)
    assert.doesNotMatch(text, /manifest"/)
  })

  it('let nothing that a record says become markup or a link that runs', async () => {
    for (const address of [house.at.hostile, house.ctx.links.search(), house.ctx.links.home()]) {
      const { text } = await page(address)
      assert.doesNotMatch(text, /<script>alert/)
      assert.doesNotMatch(text, /href="javascript:/)
      assert.doesNotMatch(text, /<[^>]* onload="/)
    }
    const { text } = await page(`${house.ctx.links.search()}?q=%22%3E%3Cscript%3Ealert(1)`)
    assert.doesNotMatch(text, /<script>alert/)
  })

  it('signpost a record for machines', async () => {
    const { headers, text } = await page(house.at.drawing)
    const link = headers.get('link') ?? ''
    assert.match(link, /rel="cite-as"/)
    assert.match(link, /rel="license"/)
    assert.match(link, /rel="describedby"; type="application\/ld\+json"/)
    const data = /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(text)?.[1] ?? ''
    const parsed = JSON.parse(data) as { '@type': string; name: string }
    assert.equal(parsed['@type'], 'ImageObject')
    assert.equal(parsed.name, 'Ma classe à la maison')
  })

  it('lead from one page of results to the next, and offer the nearest thing where there is none', async () => {
    const { text } = await page(house.ctx.links.search())
    const next = /<a[^>]*href="([^"]+)"[^>]*rel="next"[^>]*data-more/.exec(text)?.[1]
    assert.ok(next)
    assert.match((await page(next.replaceAll('&amp;', '&'))).text, /Revenir au début/)
    const none = await page(house.ctx.links.search({ q: 'classe zèbre', type: 'Sound' }))
    assert.match(none.text, /Rien trouvé pour « classe zèbre »/)
    assert.match(none.text, /Seulement « classe »/)
  })

  it('take a filter away with one link', async () => {
    const { text } = await page(
      house.ctx.links.search({ type: 'StillImage', from: '2000', to: '2030' }),
    )
    assert.match(text, /class="chip" href="[^"]*\/search\?from=2000&amp;to=2030"/)
    assert.match(text, /class="chip" href="[^"]*\/search\?type=StillImage"/)
    assert.match(text, /2000 – 2030/)
  })

  it('answer programs with problem details, people with a page', async () => {
    const address = `${house.ctx.links.home()}nowhere`
    const person = await page(address)
    assert.equal(person.status, 404)
    assert.match(person.text, /Cette page n’existe pas/)
    const program = await house.get(address, { accept: 'application/json' })
    assert.equal(program.headers.get('content-type'), 'application/problem+json')
    assert.equal(((await program.json()) as { status: number }).status, 404)
  })

  it('answer a method that an address does not take with a page, and say which it takes', async () => {
    const address = house.ctx.links.search()
    const ask = async (method: string, accept: string): Promise<Response> =>
      fetch(address, { method, headers: { accept, 'accept-language': 'fr' } })
    for (const method of ['POST', 'DELETE']) {
      const answer = await ask(method, 'text/html')
      assert.equal(answer.status, 405)
      assert.match(answer.headers.get('allow') ?? '', /GET/)
      assert.match(await answer.text(), /Cette page ne sait pas faire cela/)
    }
    const told = await ask('POST', 'application/json')
    assert.equal(told.headers.get('content-type'), 'application/problem+json')
    assert.equal(((await told.json()) as { status: number }).status, 405)
    assert.equal((await ask('PROPFIND', 'text/html')).status, 501)
    assert.equal((await ask('OPTIONS', 'text/html')).status, 200)
  })

  it('say that the index is away, and show a record without it', async () => {
    const { engine } = house.ctx
    house.ctx.engine = { ...engine, search: () => Promise.reject(new Error('away')) }
    try {
      const search = await page(house.ctx.links.search({ q: 'away' }))
      assert.equal(search.status, 503)
      assert.equal(search.headers.get('retry-after'), '60')
      assert.doesNotMatch(search.text, /away<\/p>|Error: /)
      assert.equal((await page(house.at.words)).status, 200)
    } finally {
      house.ctx.engine = engine
    }
  })

  it('serve only the static files of the list, for ever under their version', async () => {
    const { text } = await page(house.ctx.links.home())
    const style = /href="([^"]+style\.css)"/.exec(text)?.[1] ?? ''
    const answer = await house.get(style, { 'accept-encoding': 'br' })
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('cache-control') ?? '', /immutable/)
    assert.equal(answer.headers.get('content-type'), 'text/css; charset=utf-8')
    assert.match(await answer.text(), /--accent: ?#0f5c5c/)
    for (const name of ['..%2Fassets.ts', 'assets.ts', '%2e%2e', 'constructor', '__proto__']) {
      const refused = await house.get(style.replace('style.css', name))
      assert.equal(refused.status, 404, name)
    }
    const old = await house.get(style.replace(/static\/\w+/, 'static/old'))
    assert.equal(old.headers.get('cache-control'), 'no-cache')
  })
})

describe('a brick below a path', () => {
  let house: Museum
  before(async () => {
    const { freePort } = await import('../house.ts')
    const port = await freePort()
    house = await museum({ port, baseUrl: `http://127.0.0.1:${port}/archive` })
  })
  after(() => house.close())

  it('makes every address from its base URL, whatever the request says', async () => {
    for (const address of [house.ctx.links.home(), house.ctx.links.search(), house.at.drawing]) {
      const text = await (
        await house.get(address, {
          'x-forwarded-host': 'evil.example',
          'x-forwarded-proto': 'https',
        })
      ).text()
      assert.doesNotMatch(text, /evil\.example/)
      for (const [, link] of text.matchAll(/(?:href|src|action)="(\/[^"]*)"/g)) {
        assert.fail(`${address} has an address without its base: ${link}`)
      }
      assert.match(text, /hreflang="en" href="http:\/\/127\.0\.0\.1:\d+\/archive\//)
    }
    const answer = await house.get(`${house.ctx.links.search()}?lang=en`)
    assert.match(answer.headers.get('set-cookie') ?? '', /Path=\/archive;/)
  })
})

describe('an empty brick', () => {
  it('says what to do next', async () => {
    const house = await museum()
    try {
      const { fakeEngine } = await import('./fake.ts')
      house.ctx.engine = fakeEngine([])
      const text = await (await house.get(house.ctx.links.home())).text()
      assert.match(text, /node bin\/campa\.js import/)
      assert.match(text, /CAMPA_NAME=/)
      assert.match(text, /npm run demo/)
    } finally {
      await house.close()
    }
  })
})
