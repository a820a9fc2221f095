// What was found out is kept for the next time that it is asked for: few at a time, since the words are those of others.

/** @returns `value` */
export function remember<T>(known: Map<string, T>, words: string, value: T, most = 1000): T {
  if (known.size >= most) known.clear()
  known.set(words, value)
  return value
}

/** `find`, which the same words are given to once as a rule; longer ones are not kept. */
export function knowing<T>(
  find: (words: string) => T,
  { most = 1000, longest = 200 } = {},
): (words: string) => T {
  const known = new Map<string, T>()
  return (words) => {
    const value = known.get(words)
    if (value !== undefined || known.has(words)) return value as T
    return words.length > longest ? find(words) : remember(known, words, find(words), most)
  }
}
