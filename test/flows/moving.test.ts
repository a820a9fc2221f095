import assert from 'node:assert/strict'
import type { RunningBrick } from '../../server/brick.ts'
import { keepUp } from '../../server/hierarchy/hierarchy.ts'
import { decide, listRequests } from '../../server/hierarchy/joining.ts'
import { join, leave, standingOf } from '../../server/hierarchy/parent.ts'
import { forgetDue } from '../../server/network/forgetting.ts'
import { addSource, findByDoor, harvestSource } from '../../server/network/network.ts'
import { findByIdentifier, save } from '../../server/records/records.ts'
import { brick, collection, draft } from '../house.ts'

const day = 86_400_000

describe('a museum that moves from one region to another', function () {
  this.timeout(60_000)
  let museum: RunningBrick
  let north: RunningBrick
  let south: RunningBrick
  let root: RunningBrick
  let identifiers: string[] = []

  before(async () => {
    const local = { childrenNetworks: ['127.0.0.0/8'] }
    ;[museum, north, south, root] = await Promise.all([
      brick({ ...local, name: 'Museum', level: 'museum' }),
      brick({ ...local, name: 'North', level: 'regional' }),
      brick({ ...local, name: 'South', level: 'regional' }),
      brick({ ...local, name: 'Root', level: 'international' }),
    ])
    const shelf = await collection(museum.ctx)
    const saved = await save(
      museum.ctx,
      Array.from({ length: 5 }, (_, index) => draft(shelf, String(index))),
    )
    identifiers = saved.map((each) => each.identifier).toSorted()
    for (const each of [north, south]) await addSource(root.ctx, each.ctx.links.oai())
  })
  after(() => Promise.all([museum, north, south, root].map((each) => each.close())))

  const joins = async (parent: RunningBrick): Promise<void> => {
    await join(museum.ctx, parent.ctx.config.baseUrl)
    const [request] = await listRequests(parent.ctx)
    await decide(parent.ctx, request?.id ?? 0, 'taken')
    await keepUp(museum.ctx, undefined, true)
    assert.equal((await standingOf(museum.ctx)).state, 'child')
  }
  const reads = async (reader: RunningBrick, source: RunningBrick): Promise<string[]> => {
    const found = await findByDoor(reader.ctx, source.ctx.links.oai())
    const report = await harvestSource(reader.ctx, found ?? assert.fail())
    assert.equal(report.status, 'complete')
    return report.problems.map((each) => each.code)
  }
  /** What a visitor of the root has, each as often as it is there. */
  const shown = async (): Promise<string[]> => {
    const rows = await root.ctx.db.query<{ identifier: string }>(
      `SELECT identifier FROM records WHERE status = 'published' ORDER BY identifier`,
    )
    return rows.map((each) => each.identifier)
  }
  const wayOf = async (): Promise<string[]> =>
    ((await findByIdentifier(root.ctx, identifiers[0] ?? ''))?.origins ?? []).map(
      (each) => each.baseUrl,
    )

  it('is at the root once, through the first', async () => {
    await joins(north)
    await reads(north, museum)
    await reads(root, north)
    assert.deepEqual(await shown(), identifiers)
    assert.deepEqual(await wayOf(), [north.ctx.links.oai(), museum.ctx.links.oai()])
  })

  it('stays there once while both have it', async () => {
    await leave(museum.ctx)
    await joins(south)
    await reads(south, museum)
    assert.deepEqual(await reads(root, south), ['kept-elsewhere'])
    await reads(root, north)
    assert.deepEqual(await shown(), identifiers)
    assert.equal((await wayOf())[0], north.ctx.links.oai())
  })

  // A deletion holds at once: only the other source can tell whether its copy has merely not heard of it.
  it('comes through the second when the first lets it go after a week, and is away only until that is asked', async () => {
    north.ctx.clock = () => new Date(Date.now() + 8 * day)
    await forgetDue(north.ctx, new AbortController().signal)
    await reads(root, north)
    assert.deepEqual(await shown(), [])
    const due = (await findByDoor(root.ctx, south.ctx.links.oai()))?.nextRunAt
    assert.ok(due && due <= new Date(), 'the second is asked at once')
    await reads(root, south)
    assert.deepEqual(await shown(), identifiers)
    assert.deepEqual(await wayOf(), [south.ctx.links.oai(), museum.ctx.links.oai()])
    assert.equal((await findByDoor(root.ctx, north.ctx.links.oai()))?.records, 0)
    assert.deepEqual(await reads(root, north), [])
    assert.deepEqual(await shown(), identifiers)
  })
})
