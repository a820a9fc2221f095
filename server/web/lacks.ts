// What the owner of a record may add, so that it can be given in a metadata format that it is left out of.
import type { Lack } from '../formats/format.ts'
import type { Words } from '../text/text.ts'

/** One sentence for each thing that is missing. */
export const lackSentences = ({ t }: Pick<Words, 't'>, lacks: Lack[]): string[] =>
  lacks.map((lack) => t(`lack.${lack}`))
