// What a IIIF Image API address says about the picture behind it (Image API 3.0, section 4: size `w,h`).

export interface Pixels {
  width: number
  height: number
}

const whole = /\/full\/(\d{1,6}),(\d{1,6})\/!?\d+(?:\.\d+)?\/[a-z]+\.[a-z0-9]+$/

/** Width and height of the whole picture at this address, where the address states both. */
export function sizeInAddress(address: string | undefined): Pixels | undefined {
  const match = address === undefined ? null : whole.exec(address)
  const [width, height] = [Number(match?.[1]), Number(match?.[2])]
  return match && width > 0 && height > 0 ? { width, height } : undefined
}

/** The picture confined to a square, never enlarged. */
export function confined({ width, height }: Pixels, side: number): Pixels {
  const scale = Math.min(1, side / Math.max(width, height))
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}
