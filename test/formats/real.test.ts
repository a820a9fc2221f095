// The formats on what institutions really publish, through the profiles of the house.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Profile } from '../../schemas/profile.ts'
import type { JsonObject } from '../../schemas/record.ts'
import { convert } from '../../server/deposit/convert.ts'
import { columnsOf, guessMapping } from '../../server/deposit/mapping.ts'
import { openTable } from '../../server/deposit/rows.ts'
import type { Described } from '../../server/formats/format.ts'
import { metsFormat } from '../../server/formats/mets.ts'
import { standardFormats } from '../../server/formats/formats.ts'
import { readMetadata } from '../../server/formats/read.ts'
import { crosswalk, loadProfiles } from '../../server/profiles/profiles.ts'
import { readXml } from '../../schemas/xml-tree.ts'
import { needed, sharedFolder } from '../house.ts'
import { described } from './described.ts'
import { faults } from './valid.ts'

const house = join(import.meta.dirname, '..', '..', 'schemas', 'profiles')
const profiles = loadProfiles([house])

/** Rows spread over a file, as records. */
async function records(path: string, profile: Profile, language?: string): Promise<Described[]> {
  const table = await openTable(path)
  const rows: JsonObject[] = []
  let number = 0
  for await (const { source } of table.rows()) if (number++ % 97 === 0) rows.push(source)
  const mapping = guessMapping(profile, [...new Set(rows.flatMap((row) => columnsOf(row)))])
  return rows.slice(0, 150).flatMap((row, index) => {
    const made = convert(profiles, profile, mapping, row, language)
    if (made.fault) return []
    return [
      described({
        identifier: `oai:museum.example.org:${index}`,
        profile: profile.id,
        metadata: made.metadata,
        dc: crosswalk(profile, made.metadata),
        rights: 'https://creativecommons.org/publicdomain/zero/1.0/',
      }),
    ]
  })
}

describe('real records', function () {
  this.timeout(120_000)
  const collections: [file: string, profile: string, language?: string][] = [
    ['tate.ndjson.gz', 'museum-object', 'en'],
    ['joconde-costumes.ndjson.gz', 'museum-object', 'fr'],
    ['teenie.ndjson.gz', 'photograph', 'en'],
    ['npg.ndjson.gz', 'museum-object', 'en'],
    ['bl-book-images.ndjson.gz', 'dublin-core'],
  ]
  for (const [file, id, language] of collections) {
    it(`of ${file} are valid in each format that they have enough for`, async function () {
      const folder = needed(sharedFolder('data', 'collections'), '../shared/data', this)
      const schemas = needed(sharedFolder('schemas'), '../shared/schemas', this)
      const profile = profiles.get(id)
      const all = await records(join(folder, file), profile, language)
      assert.ok(all.length >= 20, `only ${all.length} rows were read`)
      for (const format of standardFormats) {
        const given = all.filter((record) => format.lacks(record).length === 0)
        if (['oai_dc', 'dcterms', 'mods', 'mets'].includes(format.metadataPrefix))
          assert.equal(given.length, all.length, format.metadataPrefix)
        // Many rows state terms of use of their own, which are no licence that Europeana knows.
        const enough = format.metadataPrefix === 'edm' ? 5 : all.length / 4
        assert.ok(given.length > enough, `${format.metadataPrefix}: ${given.length}`)
        const written = given.map((record) => format.write(record))
        assert.deepEqual(faults(schemas, format, written), [], format.metadataPrefix)
      }
      for (const record of all) {
        const reading = readMetadata(readXml(metsFormat.write(record)), {
          repositoryName: '',
          host: '',
        })
        const { rights, ...own } = reading?.dc ?? {}
        const { rights: stated, ...told } = record.dc
        assert.deepEqual(own, told)
        if (stated) assert.deepEqual(rights, stated)
      }
    })
  }
})
