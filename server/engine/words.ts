// What a word is, for both engines: text is cut and folded here, before either of them sees it, so that they agree.
// Case, accents, ligatures and the kind of apostrophe make no difference; stems are the engines' own (French, English).

/** Longer runs of letters are no words that anyone types, and an index refuses them. */
const longest = 100

// Signs of scripts that are written without spaces stand alone and are sought as phrases; so do pictographs.
const wordPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?![©®™])\p{Extended_Pictographic}|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}\p{M}])+/gu

const letters: Record<string, string> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
}
const foreign = /[œæßøłđðþħı]/g

/** Text without case, accents, ligatures and compatibility forms. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(foreign, (letter) => letters[letter] ?? letter)
    .normalize('NFC')
}

/** The words of a text, folded, in order. */
export function wordsOf(text: string): string[] {
  return split(fold(text))
}

/** The words of a text as they are written, in order. */
export function split(text: string): string[] {
  const words = text.toWellFormed().match(wordPattern) ?? []
  return words.map((word) =>
    word.length > longest
      ? word
          .slice(0, longest)
          .toWellFormed()
          .replace(/\ufffd$/, '')
      : word,
  )
}

/**
 * Words that a question is not about. They are in the index (phrases need them) and are left out of a question unless
 * it holds nothing else. Compared with accents: "thé" is tea. Letters are what an apostrophe leaves behind.
 */
export const stopWords: ReadonlySet<string> = new Set(
  `a à au aux avec ce ces cet cette dans de des du elle en et eux il ils je la le les leur leurs lui ma mais me mes mon
  ne nos notre nous on ou où par pas pour qu que qui sa se ses son sur ta te tes ton tu un une vos votre vous
  c d j l m n s t y
  an and are as at be been but by for from had has have he her his i if in into is it its no nor not of or our she so
  such than that the their them then there these they this those to was we were what when which who will with you your`.split(
    /\s+/,
  ),
)
