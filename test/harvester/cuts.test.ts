import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bounds } from '../../harvester/cut.ts'
import { Diagnosis } from '../../harvester/diagnosis.ts'
import { textOf, readXml } from '../../schemas/xml-tree.ts'
import { needed, sharedFolder } from '../house.ts'
import { read } from './read.ts'

const rounds = Number(process.env['ROUNDS'] ?? 2)

/** Repeatable: a failure names its seed. */
function randomFrom(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0
    return (state >>> 0) % most
  }
}

function* pieces(body: Buffer, random: (most: number) => number): Generator<Buffer> {
  // Now byte by byte, now in large pieces.
  const most = [2, 40, 1500, 70_000][random(4)] ?? 2
  for (let at = 0; at < body.length;) {
    const end = at + 1 + random(most)
    yield body.subarray(at, end)
    at = end
  }
}

/** What is made of a page, without what may differ: where exactly something was found to be wrong. */
async function made(body: Buffer, cuts?: Iterable<Buffer>, bounds?: Partial<Bounds>) {
  try {
    const { records, problems, token, errors, responseDate } = await read(body, cuts, bounds)
    const named = problems.map(({ code, identifier }) => ({ code, identifier }))
    return { records, problems: named, token, errors, responseDate }
  } catch (error) {
    assert.ok(error instanceof Diagnosis, String(error))
    return { diagnosis: error.code }
  }
}

async function isTheSame(name: string, body: Buffer): Promise<number> {
  const whole = await made(body)
  const short = await made(body, undefined, { stretch: 3000, record: 2 ** 20, margin: 2500 })
  assert.deepEqual(short, whole, `${name} in short stretches`)
  for (let seed = 1; seed <= rounds; seed++) {
    const label = `${name} with seed ${seed}`
    assert.deepEqual(await made(body, pieces(body, randomFrom(seed))), whole, label)
    const bounds = { stretch: 3000 + seed, record: 2 ** 20, margin: 2500 }
    const cuts = pieces(body, randomFrom(seed + 1000))
    assert.deepEqual(await made(body, cuts, bounds), whole, `${label}, in short stretches`)
  }
  return whole.records?.length ?? 0
}

const titles = ['Évreux', 'œuvre', 'Ελλάδα', 'Привет', '東京', 'naïveté', 'a & b <c>', '"', '😀']

function page(encoding: string, count: number, random: (most: number) => number): string {
  const records = Array.from({ length: count }, (_, index) => {
    const title = Array.from({ length: 1 + random(60) }, () => titles[random(titles.length)])
    const escaped = title.join(' ').replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`)
    const comment = random(8) ? '' : '<!-- between > two -->'
    const status = random(20) ? '' : ' status="deleted"'
    return (
      `${comment}\n<record>\n<header${status}><identifier>oai:x:${index}</identifier>` +
      `<datestamp>2024-01-01</datestamp></header><metadata><w:dc xmlns:w="http://w">` +
      `<dc:title>${escaped}</dc:title><x><![CDATA[</record><record><header>]]></x></w:dc></metadata></record>`
    )
  })
  return (
    `<?xml version="1.0" encoding="${encoding}"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"` +
    ` xmlns:dc="http://purl.org/dc/elements/1.1/"><responseDate>2024-01-01T00:00:00Z</responseDate>` +
    `<request>http://x/</request><ListRecords>${records.join('')}` +
    `<resumptionToken completeListSize="9">a&amp;b</resumptionToken></ListRecords></OAI-PMH>`
  )
}

/** Bytes of a text in an encoding that Node only reads; what it has no bytes for is left out. */
function encoded(text: string, encoding: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text)
  if (encoding === 'utf-16le') return Buffer.from(`\uFEFF${text}`, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()
  const known = bytesOf(encoding)
  return Buffer.concat(Array.from(text).flatMap((character) => known.get(character) ?? []))
}

function bytesOf(encoding: string): Map<string, Buffer> {
  const decoder = new TextDecoder(encoding)
  const known = new Map<string, Buffer>()
  const add = (...bytes: number[]): void => {
    const buffer = Buffer.from(bytes)
    const text = decoder.decode(buffer)
    if (Array.from(text).length === 1 && text !== '\uFFFD' && !known.has(text))
      known.set(text, buffer)
  }
  for (let byte = 0; byte < 256; byte++) add(byte)
  for (let lead = 0x81; lead < 0xff; lead++) {
    for (let trail = 0x40; trail < 0xff; trail++) add(lead, trail)
  }
  return known
}

describe('a page that streams is the same page, wherever it is cut', () => {
  it('in any encoding', async function () {
    this.timeout(60_000)
    const encodings = `utf-8 utf-16le utf-16be iso-8859-1 iso-8859-2 iso-8859-7 iso-8859-15 windows-1251 windows-1252
      koi8-r shift_jis euc-jp gb18030 big5`
    for (const encoding of encodings.split(/\s+/)) {
      const body = encoded(page(encoding, 30, randomFrom(7)), encoding)
      assert.equal(await isTheSame(encoding, body), 30, encoding)
    }
  })

  it('of the real world and of the torture chamber', async function () {
    this.timeout(60_000)
    const folder = needed(sharedFolder('oai-samples'), 'shared/oai-samples', this)
    let records = 0
    for (const place of [folder, join(folder, 'real')]) {
      for (const file of readdirSync(place).filter((each) => each.endsWith('.xml'))) {
        records += await isTheSame(file, readFileSync(join(place, file)))
      }
    }
    for (const file of readdirSync(join(folder, 'torture'))) {
      const { steps } = JSON.parse(readFileSync(join(folder, 'torture', file), 'utf8')) as {
        steps: { base64?: string; body?: string }[]
      }
      for (const { base64, body } of steps) {
        const bytes = base64 ? Buffer.from(base64, 'base64') : Buffer.from(body ?? '')
        records += await isTheSame(file, bytes)
      }
    }
    assert.ok(records > 100, `${records} records`)
  })

  it('with broken records in it', async () => {
    const text = page('utf-8', 40, randomFrom(3))
    const broken = [
      text.replaceAll(/oai:x:(\d*3)</g, 'oai:x:$1\u0001<'),
      text.replace('oai:x:20<', 'oai:x:20<<'),
      text.replaceAll('</dc:title>', ' & </dc:title>'),
      text.replace('<responseDate>', '<responseDate>&'),
      text.replace('</ListRecords>', ''),
    ]
    for (const each of broken) await isTheSame(each.slice(0, 100), Buffer.from(each))
    const lie = Buffer.from(text.replaceAll(/[^\0-\xff]/gu, 'é'), 'latin1')
    assert.equal(await isTheSame('a lie', lie), 40)
  })

  it('with records that hold records', async () => {
    const inner = '<record><header><identifier>inner</identifier></header><metadata/></record>'
    const text = page('utf-8', 20, randomFrom(5)).replaceAll(
      '<w:dc xmlns:w="http://w">',
      `<w:dc xmlns:w="http://w"><bundle>${inner}${inner}</bundle>`,
    )
    for (const stretch of [2000, 2100, 2200, 2300, 2400, 2500, 2600, 2700]) {
      const { records, problems } = await read(Buffer.from(text), undefined, { stretch })
      assert.deepEqual(problems, [], String(stretch))
      assert.deepEqual(
        records.map((each) => each.identifier),
        Array.from({ length: 20 }, (_, index) => `oai:x:${index}`),
      )
    }
  })

  it('or ends too early: whole records are given, and the same ones', async () => {
    const body = Buffer.from(page('utf-8', 60, randomFrom(11)))
    for (let seed = 1; seed <= 40; seed++) {
      const random = randomFrom(seed)
      const length = random(body.length - 20)
      const cut = body.subarray(0, length)
      const ends = [...cut.toString().matchAll(/<\/w:dc><\/metadata><\/record>/g)].length
      const all = { records: 0, problems: 0, diagnosis: '' }
      try {
        const page = await read(
          cut,
          pieces(cut, random),
          { stretch: 3000, margin: 2500 },
          (part) => {
            all.records += part.records.length
            all.problems += part.problems.length
          },
        )
        assert.fail(`read ${page.records.length}`)
      } catch (error) {
        assert.ok(error instanceof Diagnosis, String(error))
        all.diagnosis = error.code
      }
      const expected = { records: ends, problems: 0, diagnosis: 'page-cut' }
      assert.deepEqual(all, expected, `cut at ${length}, seed ${seed}`)
    }
  })

  it('reads text as it stands, whatever piece it came in', async () => {
    const body = encoded(page('utf-8', 5, randomFrom(2)), 'utf-8')
    const { records } = await read(
      body,
      pieces(body, () => 0),
    )
    for (const { metadata } of records) {
      assert.doesNotMatch(textOf(readXml(metadata?.xml.toString() ?? '<a/>')), /\uFFFD/)
    }
  })
})
