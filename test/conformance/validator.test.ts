import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { RunningBrick } from '../../server/brick.ts'
import { ensureCollection } from '../../server/collections/collections.ts'
import { addSource, harvestSource } from '../../server/network/network.ts'
import { save, withdraw } from '../../server/records/records.ts'
import { brick, collection, draft } from '../house.ts'

// The validator that openarchives.org runs (HTTP::OAIPMH::Validator) is not ours to ship.
const checkout = process.env['OAI_VALIDATOR']

describe(`the validator of openarchives.org${checkout ? '' : ' (not run: OAI_VALIDATOR names no checkout of it)'}`, function () {
  this.timeout(120_000)
  // A skipped test is a failed one in CI, where nobody promises this tool.
  if (!checkout) {
    if (process.env['CI'] !== 'true') it('finds every brick compliant')
    return
  }

  const leaf = async (sets: boolean): Promise<RunningBrick> => {
    const made = await brick({ adminEmail: 'registrar@museum.example.com', oaiPageSize: 40 })
    const { id: drawings } = await ensureCollection(made.ctx, {
      slug: 'drawings',
      title: { en: 'Drawings' },
      profile: 'dublin-core',
      visibility: sets ? 'open' : 'closed',
    })
    const april = sets ? await collection(made.ctx, 'april', drawings) : drawings
    const saved = await save(
      made.ctx,
      Array.from({ length: 107 }, (_, index) => draft(index % 2 ? april : drawings, `d${index}`)),
    )
    await withdraw(
      made.ctx,
      saved.slice(3, 6).map((each) => each.identifier),
    )
    return made
  }

  const judged = async (made: RunningBrick): Promise<void> => {
    const verdict = await validate(checkout, made.ctx.links.oai())
    assert.match(verdict, /Validation status.*is COMPLIANT/, verdict)
    assert.doesNotMatch(verdict, /^FAIL/m)
    if (process.env['TEST_LOG']) process.stdout.write(verdict)
  }

  it('finds a brick with nested sets compliant', async () => {
    const made = await leaf(true)
    await judged(made).finally(() => made.close())
  })

  it('finds a brick without sets compliant', async () => {
    const made = await leaf(false)
    await judged(made).finally(() => made.close())
  })

  it('finds a brick compliant that hands on what it harvested', async () => {
    const below = await leaf(true)
    const above = await brick({
      level: 'national',
      adminEmail: 'registrar@nation.example.com',
      oaiPageSize: 40,
    })
    try {
      const source = await addSource(above.ctx, below.ctx.config.baseUrl, { slug: 'museum' })
      assert.equal((await harvestSource(above.ctx, source)).status, 'complete')
      await judged(above)
    } finally {
      await above.close()
      await below.close()
    }
  })
})

/** What the validator writes about a base URL. */
async function validate(folder: string, url: string): Promise<string> {
  const child = spawn('perl', ['-Ilib', 'oaipmh-validator.pl', url], { cwd: folder })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await new Promise((done) => child.once('close', done))
  return said
}
