// The typographer's part of writing: apostrophes, and the spaces that French keeps before a high mark of punctuation.
// (Lexique des règles typographiques en usage à l'Imprimerie nationale, "Ponctuation".)

const thin = '\u202F'
const wide = '\u00A0'

/** Plain typing as it is printed; placeholders such as {{name}} stay as they are. */
export function typeset(text: string, language: 'fr' | 'en'): string {
  const printed = text.replace(/(?<=[\p{L}\p{N}}])'(?=\p{L})/gu, '’')
  if (language === 'en') return printed
  return printed
    .replace(/ (?=[;!?])/g, thin)
    .replace(/ (?=[:»])/g, wide)
    .replace(/« /g, `«${wide}`)
    .replace(/ –/g, `${wide}–`)
}
