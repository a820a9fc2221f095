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

/** The words of a text, folded, in order: `split(fold(text))`, in one pass where the text is plain. */
export function wordsOf(text: string): string[] {
  const words: string[] = []
  let start = -1
  let isWritten = true
  for (let at = 0; at <= text.length; at++) {
    // The end is where a word ends, too.
    const kind = at < text.length ? kindOf(text.charCodeAt(at)) : 'apart'
    if (kind === 'odd') return split(fold(text))
    if (kind === 'letter' || kind === 'folded') {
      if (start < 0) start = at
      if (kind === 'folded') isWritten = false
      continue
    }
    if (start >= 0) {
      const word = isWritten ? text.slice(start, at) : folded(text, start, at)
      words.push(word.length > longest ? word.slice(0, longest) : word)
    }
    if (kind === 'sign') words.push(text.charAt(at))
    start = -1
    isWritten = true
  }
  return words
}

/**
 * What a character is by itself, whatever stands beside it: what is no part of a word, a letter as it is indexed, one
 * that is folded to another form, a sign that stands alone. The others are odd: marks, which belong to the letter before
 * them, what falls into several words, and all that is rare.
 */
type Kind = 'apart' | 'letter' | 'folded' | 'sign' | 'odd'

// Latin, Cyrillic, punctuation, kana and Han. In all of them only marks change their neighbours.
const plain = [
  [0, 0x24f],
  [0x400, 0x52f],
  [0x2000, 0x206f],
  [0x3000, 0x30ff],
  [0x4e00, 0x9fff],
] as const

// Looked at when they are met first.
const beyond = 0xa000
const kinds = Array.from({ length: beyond }, (): Kind | undefined => undefined)
const forms = Array.from({ length: beyond }, () => '')

function kindOf(code: number): Kind {
  if (code >= beyond) return 'odd'
  return (kinds[code] ??= look(code))
}

function look(code: number): Kind {
  const letter = String.fromCharCode(code)
  if (!plain.some(([from, to]) => code >= from && code <= to) || /\p{M}/u.test(letter)) return 'odd'
  const form = fold(letter)
  const [word, ...others] = split(form)
  if (word === undefined) return 'apart'
  if (others.length || word !== form) return 'odd'
  forms[code] = form
  const standsAlone = split(form + form).length > 1
  if (standsAlone) return form === letter ? 'sign' : 'odd'
  return form === letter ? 'letter' : 'folded'
}

function folded(text: string, start: number, end: number): string {
  let word = ''
  for (let at = start; at < end; at++) word += forms[text.charCodeAt(at)]
  return word
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
