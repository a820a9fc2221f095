import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crosswalk, loadProfiles } from '../../server/profiles/profiles.ts'
import type { Profile } from '../../schemas/profile.ts'

const house = join(import.meta.dirname, '..', '..', 'schemas', 'profiles')

const own: Profile = {
  id: 'songs',
  label: { en: 'Songs' },
  description: { en: 'Songs of the balconies' },
  schema: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: { name: { $ref: 'campa:texts' }, seconds: { $ref: 'campa:quantity' } },
  },
  crosswalk: {
    title: ['name'],
    type: [{ constant: 'Sound', language: 'en' }],
    format: [{ field: 'seconds', template: '{} s' }],
  },
  display: { name: { label: { en: 'Name' }, order: 1 } },
}

describe('profiles', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'campa-profiles-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  const write = (profile: object, name = 'songs'): void =>
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(profile))

  it('come with the house: concept, Dublin Core, museum object, photograph, dataset, what is shared', () => {
    const ids = loadProfiles([house])
      .list()
      .map((each) => each.id)
    assert.deepEqual(ids, [
      'concept',
      'dataset',
      'dublin-core',
      'museum-object',
      'photograph',
      'shared',
    ])
  })

  it('are added by a file, with their schema and crosswalk', () => {
    write(own)
    const profiles = loadProfiles([house, folder])
    const songs = profiles.get('songs')
    assert.deepEqual(profiles.faults(songs, { name: [{ value: 'Bella ciao' }] }), [])
    assert.deepEqual(profiles.faults(songs, { seconds: 'many' }), [
      { pointer: '/name', field: 'name', reason: 'is missing' },
      { pointer: '/seconds', field: 'seconds', reason: 'must be number' },
    ])
    assert.deepEqual(
      crosswalk(songs, { name: [{ value: 'Bella ciao', language: 'it' }], seconds: 91 }),
      {
        title: [{ value: 'Bella ciao', language: 'it' }],
        type: [{ value: 'Sound', language: 'en' }],
        format: [{ value: '91 s' }],
      },
    )
  })

  it('say by a term how a field fills its element, and let one value stand once', () => {
    write({
      ...own,
      crosswalk: {
        title: ['name', { field: 'name', term: 'alternative' }],
        format: [{ field: 'seconds', template: '{} s', term: 'extent' }],
        rights: [{ constant: 'open', language: 'en', term: 'accessRights' }],
      },
    })
    const songs = loadProfiles([folder]).get('songs')
    assert.deepEqual(crosswalk(songs, { name: [{ value: 'Bella ciao' }], seconds: 91 }), {
      title: [{ value: 'Bella ciao', term: 'alternative' }],
      format: [{ value: '91 s', term: 'extent' }],
      rights: [{ value: 'open', language: 'en', term: 'accessRights' }],
    })
  })

  const wrong: [string, object, RegExp][] = [
    [
      'a term that refines another element',
      { ...own, crosswalk: { title: [{ field: 'name', term: 'spatial' }] } },
      /\/crosswalk\/title\/0\/term: "spatial" refines coverage, not title/,
    ],
    [
      'a term that there is not',
      { ...own, crosswalk: { title: [{ field: 'name', term: 'nickname' }] } },
      /\/crosswalk\/title\/0/,
    ],
    [
      'a crosswalk to a field that is not there',
      { ...own, crosswalk: { title: ['nom'] } },
      /\/crosswalk\/title\/0: .*"nom"/,
    ],
    [
      'an element that Dublin Core lacks',
      { ...own, crosswalk: { titel: ['name'] } },
      /\/crosswalk.*titel/,
    ],
    [
      'a schema that is none',
      { ...own, schema: { ...own.schema, required: 'name' } },
      /\/schema.*required/,
    ],
    [
      'a reference to nothing',
      {
        ...own,
        crosswalk: {},
        schema: { type: 'object', properties: { name: { $ref: 'campa:nothing' } } },
      },
      /\/schema.*campa:nothing/,
    ],
    [
      'a display hint for nothing',
      { ...own, display: { other: { label: { en: 'x' }, order: 1 } } },
      /\/display\/other/,
    ],
    ['a missing part', { ...own, label: undefined }, /label/],
    ['another name than its file', { ...own, id: 'chants' }, /\/id.*chants/],
  ]
  for (const [what, profile, message] of wrong) {
    it(`are refused with the pointer to the fault: ${what}`, () => {
      write(profile)
      assert.throws(() => loadProfiles([house, folder]), message)
    })
  }

  it('are refused when they are not JSON, naming the file', () => {
    writeFileSync(join(folder, 'broken.json'), '{"id":')
    assert.throws(() => loadProfiles([folder]), /broken\.json is not JSON/)
  })
})
