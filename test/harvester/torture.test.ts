import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { openClient } from '../../harvester/client.ts'
import { Diagnosis } from '../../harvester/diagnosis.ts'
import { harvest, type HarvestPage } from '../../harvester/harvest.ts'
import { identify } from '../../harvester/identify.ts'
import { readXml, textOf } from '../../schemas/xml-tree.ts'
import { freePort, needed, sharedFolder } from '../house.ts'

interface Expectation {
  records?: number
  recordsOr?: number[]
  deleted?: number
  outcome: 'complete' | 'complete-with-warning' | 'failed'
  title?: string
  minSeconds?: number
  maxRequests?: number
}

const cases = sharedFolder('oai-samples', 'torture')
const player = sharedFolder('tools', 'oai', 'replay-server.mjs')

describe('the harvester under torture', () => {
  let server: ChildProcess | undefined
  let port = 0

  before(async function () {
    const folder = needed(cases, 'shared/oai-samples', this)
    port = await freePort()
    const script = needed(player, 'shared/tools/oai', this)
    server = spawn(process.execPath, [script, folder, String(port)])
    await new Promise((ready) => server?.stdout?.once('data', ready))
  })
  after(() => {
    server?.kill()
  })

  const names = cases ? readdirSync(cases).map((file) => basename(file, '.json')) : []
  for (const name of names) {
    const { what, expect } = JSON.parse(
      readFileSync(join(cases ?? '', `${name}.json`), 'utf8'),
    ) as { what: string; expect: Expectation }

    it(`${name}: ${what}`, async () => {
      const client = openClient(`http://127.0.0.1:${port}/${name}/oai`, {
        userAgent: 'CaMPA tests',
        retryMs: 20,
      })
      const pages: HarvestPage[] = []
      let failure: unknown
      const started = Date.now()
      try {
        await identify(client)
        for await (const page of harvest(client, { metadataPrefix: 'oai_dc' })) pages.push(page)
      } catch (error) {
        failure = error
      } finally {
        await client.close()
      }
      const records = pages.flatMap((page) => page.records)
      const problems = pages.flatMap((page) => page.problems)
      const count = new Set(records.map((each) => each.identifier)).size
      if (expect.outcome === 'failed') {
        assert.ok(failure instanceof Diagnosis, `a named diagnosis, not ${String(failure)}`)
      } else {
        assert.equal(failure, undefined)
        const warned = problems.some((each) => each.code !== 'list-restarted')
        assert.equal(warned, expect.outcome === 'complete-with-warning', JSON.stringify(problems))
      }
      if (expect.records !== undefined) {
        assert.ok([expect.records, ...(expect.recordsOr ?? [])].includes(count), `${count} records`)
      }
      if (expect.deleted !== undefined) {
        assert.equal(records.filter((each) => each.deleted).length, expect.deleted)
      }
      if (expect.title !== undefined) {
        assert.equal(textOf(readXml(records[0]?.metadata?.xml.toString() ?? '')), expect.title)
      }
      if (expect.minSeconds !== undefined) {
        assert.ok(Date.now() - started >= expect.minSeconds * 1000, 'Retry-After was not obeyed')
      }
      if (expect.maxRequests !== undefined) {
        const log = await fetch(`http://127.0.0.1:${port}/${name}/log`)
        assert.ok(((await log.json()) as unknown[]).length <= expect.maxRequests)
      }
      for (const { metadata } of records) {
        if (metadata) assert.equal(readXml(metadata.xml.toString()).namespace, metadata.namespace)
      }
    })
  }
})
