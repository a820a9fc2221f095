import assert from 'node:assert/strict'
import fc from 'fast-check'
import { standardFormats } from '../../server/formats/formats.ts'
import { needed, sharedFolder } from '../house.ts'
import { anyPage, described, file } from './described.ts'
import { faults } from './valid.ts'

const schemas = sharedFolder('schemas')

describe('each metadata format', () => {
  for (const format of standardFormats) {
    describe(format.metadataPrefix, () => {
      it('gives a record that says all, valid under the official schema', function () {
        const folder = needed(schemas, '../shared/schemas', this)
        const records = [
          described(),
          described({ files: [file('recto.jpg'), file('verso.jpg')] }),
          described({ files: [file('paper.pdf', { mediaType: 'application/pdf' })], links: {} }),
        ].map((each, index) => ({ ...each, identifier: `${each.identifier}${index}` }))
        for (const record of records) assert.deepEqual(format.lacks(record), [])
        assert.deepEqual(
          faults(
            folder,
            format,
            records.map((each) => format.write(each)),
          ),
          [],
        )
      })

      it('is valid for any record that lacks nothing', function () {
        const folder = needed(schemas, '../shared/schemas', this)
        this.timeout(60_000)
        let written = 0
        fc.assert(
          fc.property(anyPage(30), (records) => {
            const given = records.filter((record) => format.lacks(record).length === 0)
            written += given.length
            if (given.length)
              assert.deepEqual(
                faults(
                  folder,
                  format,
                  given.map((each) => format.write(each)),
                ),
                [],
              )
          }),
          { numRuns: 40 },
        )
        assert.ok(written > 300, `only ${written} records could be given`)
      })
    })
  }
})
