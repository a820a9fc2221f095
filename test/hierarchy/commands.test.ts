// The commands as an operator types them, beside two bricks that run.
import assert from 'node:assert/strict'
import type { RunningBrick } from '../../server/brick.ts'
import { listReceived } from '../../server/hierarchy/hierarchy.ts'
import { campa, type Ended } from '../command.ts'
import { brick } from '../house.ts'
import { openPost, type Post } from '../mail/post.ts'

const run = ({ ctx }: RunningBrick, ...args: string[]): Promise<Ended> => {
  const { dataDir, databaseUrl, databaseSchema, baseUrl, domain, name, children } = ctx.config
  return campa(dataDir, args, {
    DATABASE_URL: databaseUrl ?? '',
    CAMPA_DATABASE_SCHEMA: databaseSchema,
    CAMPA_DATA_DIR: dataDir,
    CAMPA_BASE_URL: baseUrl,
    CAMPA_DOMAIN: domain,
    CAMPA_NAME: name,
    CAMPA_CHILDREN: children,
  }).ended
}

describe('the commands of the hierarchy', function () {
  this.timeout(120_000)
  let post: Post
  let above: RunningBrick
  let below: RunningBrick

  before(async () => {
    post = await openPost()
    above = await brick({
      name: 'Above',
      children: 'confirmed',
      childrenNetworks: ['127.0.0.0/8'],
      smtpUrl: post.url,
      mailFrom: 'above@example.org',
    })
    below = await brick({ name: 'Below', adminEmail: 'below@example.org' })
  })
  after(async () => {
    await Promise.all([above.close(), below.close()])
    await post.close()
  })

  it('announce, join, read and leave', async () => {
    const said = await run(
      above,
      'announce',
      '--en',
      'Version 2 is out. Update.',
      '--release',
      '2.0.0',
    )
    assert.match(said.out, /^Announced: tag:/, said.err)
    const joined = await run(below, 'join', above.ctx.config.baseUrl)
    assert.match(joined.out, /Above has sent a mail to below@example\.org/, joined.err)
    const link = /http:\S+\/network\/join\/[\w-]+/.exec(post.received[0]?.text ?? '')?.[0] ?? ''
    assert.equal((await fetch(link, { method: 'POST' })).status, 200)
    const read = await run(below, 'above', '--check')
    assert.match(
      read.out,
      /^child\thttp:\S+\tAbove\nannouncement\tVersion 2 is out\tAbove\tnew\t/,
      read.err,
    )
    assert.equal((await listReceived(below.ctx)).length, 1)
    const left = await run(below, 'leave')
    assert.equal(left.out, 'This brick has left Above.\n', left.err)
  })

  it('say in one line what is wrong', async () => {
    const wrong = await Promise.all([
      run(below, 'leave'),
      run(above, 'share', 'profile', 'museum-object'),
    ])
    for (const { code, out, err } of wrong) {
      assert.deepEqual([code, out], [1, ''], err)
      assert.equal(err.trim().split('\n').length, 1, err)
    }
  })
})
