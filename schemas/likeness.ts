// What a picture looks like, in few words: what travels upwards with its record, so that a picture is found by a picture.

/** 64 bits as 16 hexadecimal digits. */
export type Print = string

/** A picture that is looked for. */
export type Sought = Pick<Likeness, 'prints' | 'dhash'>

/** A picture that is found. */
export interface Look extends Sought {
  /** Of the file that it came in. */
  sha256?: string
  pixels?: string
}

/** A record of more pictures is found by these. */
export const mostLooks = 64

export interface Colour {
  /** `#rrggbb` */
  colour: string
  /** Of the picture, in percent. */
  share: number
}

export interface Likeness {
  /** Perceptual hashes: of the whole picture, and of its middle (server/files/prints.ts). */
  prints: Print[]
  /** Difference hash of the whole. */
  dhash: Print
  /** SHA-256 of the decoded pixels of the largest level of its pyramid that has at most four megapixels. */
  pixels: string
  /** Those that are most of it, at most five, the most frequent first. */
  colours: Colour[]
  /** A blurred picture in some twenty characters: https://blurha.sh */
  blurhash: string
}

export const isPrint = (text: string): boolean => /^[0-9a-f]{16}$/.test(text)

/** How many bits differ. */
export function distance(one: Print, other: Print): number {
  let differing = 0
  for (const at of [0, 8]) {
    let left = (parseInt(one.slice(at, at + 8), 16) ^ parseInt(other.slice(at, at + 8), 16)) >>> 0
    for (; left; left &= left - 1) differing++
  }
  return differing
}
