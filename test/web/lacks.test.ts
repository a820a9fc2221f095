import assert from 'node:assert/strict'
import { lacks } from '../../server/formats/format.ts'
import { languages, wordsIn } from '../../server/text/text.ts'
import { lackSentences } from '../../server/web/web.ts'

describe('what a record lacks for a format', () => {
  for (const language of languages) {
    it(`is told to its owner in one sentence each, in ${language}`, () => {
      const sentences = lackSentences(wordsIn(language), [...lacks])
      assert.equal(new Set(sentences).size, lacks.length)
      for (const sentence of sentences) assert.match(sentence, /^[A-ZÀ-Ý][^.]{5,160}.*\.$/)
    })
  }
})
