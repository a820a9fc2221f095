// What the specification says of an image request, written from its text alone: Image API 3.0 and 2.1, section 4. Where it
// leaves the rounding to the server the oracle leaves a pixel.

export interface Expected {
  status: 200 | 400
  /** Of the answer, in pixels. */
  width: number
  height: number
  /** So many more or less are right as well. */
  give: number
}

export interface Limits {
  maxWidth: number
  maxHeight: number
  maxArea: number
}

const refused: Expected = { status: 400, width: 0, height: 0, give: 0 }
const number = /^(\d{1,10}(\.\d{0,20})?|\.\d{1,20})$/

type Box = { width: number; height: number; give: number }

function regionOf(text: string, width: number, height: number): Box | undefined {
  if (text === 'full') return { width, height, give: 0 }
  const side = Math.min(width, height)
  if (text === 'square') return { width: side, height: side, give: 0 }
  const isPercent = text.startsWith('pct:')
  const given = (isPercent ? text.slice(4) : text).split(',')
  if (given.length !== 4 || !given.every((each) => (isPercent ? number : /^\d{1,10}$/).test(each)))
    return undefined
  const [x = 0, y = 0, w = 0, h = 0] = given.map(Number)
  if (w === 0 || h === 0) return undefined
  const [across, down] = isPercent ? [width / 100, height / 100] : [1, 1]
  if (x * across >= width || y * down >= height) return undefined
  return {
    width: Math.min(w * across, width - x * across),
    height: Math.min(h * down, height - y * down),
    give: isPercent ? 1 : 0,
  }
}

function sizeOf(text: string, region: Box, version: 2 | 3, limits: Limits): Box | undefined {
  const isLarger = version === 3 && text.startsWith('^')
  const rest = isLarger ? text.slice(1) : text
  const mayGrow = isLarger || version === 2
  const scaled = (scale: number): Box => ({
    width: Math.max(1, region.width * scale),
    height: Math.max(1, region.height * scale),
    // A pixel of the region is many of a large answer, and more of a long one.
    give:
      1 +
      region.give *
        Math.max(1, scale) *
        (1 + Math.max(region.width / region.height, region.height / region.width)),
  })
  const within = (width: number, height: number, most: number): Box =>
    scaled(
      Math.min(
        width / region.width,
        height / region.height,
        Math.sqrt(limits.maxArea / (region.width * region.height)),
        most,
      ),
    )
  // Not larger than the region, without a word: no more than a rounding is forgiven.
  const grown = (box: Box): boolean =>
    !mayGrow && (box.width > region.width + 1e-9 || box.height > region.height + 1e-9)
  const allowed = (box: Box): Box | undefined => (grown(box) ? undefined : box)
  if (rest === 'max' || (rest === 'full' && version === 2))
    return within(limits.maxWidth, limits.maxHeight, 1)
  if (rest.startsWith('pct:')) {
    const percent = rest.slice(4)
    return number.test(percent) && Number(percent) > 0
      ? allowed(scaled(Number(percent) / 100))
      : undefined
  }
  const isConfined = rest.startsWith('!')
  const [, w = '', h = ''] = /^(\d{0,10}),(\d{0,10})$/.exec(isConfined ? rest.slice(1) : rest) ?? []
  const [width, height] = [Number(w), Number(h)]
  if ((!w && !h) || (w && width === 0) || (h && height === 0)) return undefined
  if (isConfined) {
    if (!w || !h) return undefined
    if (version === 3 && !isLarger && width > region.width && height > region.height)
      return undefined
    return within(
      Math.min(width, limits.maxWidth),
      Math.min(height, limits.maxHeight),
      isLarger ? Infinity : 1,
    )
  }
  if (w && h) return allowed({ width, height, give: 0 })
  return allowed(
    w ? { ...scaled(width / region.width), width } : { ...scaled(height / region.height), height },
  )
}

function turned({ width, height, give }: Box, degrees: number): Box {
  if (degrees % 180 === 0) return { width, height, give }
  if (degrees % 90 === 0) return { width: height, height: width, give }
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
  return {
    width: width * cos + height * sin,
    height: width * sin + height * cos,
    give: give * 2 + 2,
  }
}

/** @param parts region, size, rotation and quality.format, decoded */
export function expected(
  [region = '', size = '', rotation = '', file = '']: string[],
  picture: { width: number; height: number },
  version: 2 | 3,
  limits: Limits,
): Expected | 'either' {
  const cut = regionOf(region, picture.width, picture.height)
  const scaled = cut && sizeOf(size, cut, version, limits)
  const degrees = rotation.startsWith('!') ? rotation.slice(1) : rotation
  const isTurn = number.test(degrees) && Number(degrees) <= 360
  const isFile = /^(default|color|gray|bitonal)\.(jpg|png|webp|gif|tif|avif)$/.test(file)
  if (!scaled || !isTurn || !isFile) {
    // A region in percent is rounded before it is compared.
    const isClose = cut && cut.give > 0 && !scaled && isTurn && isFile
    return isClose ? 'either' : refused
  }
  const answer = turned(scaled, Number(degrees))
  const margin = answer.give + 1
  const isBeyond = (give: number): boolean =>
    [scaled, answer].some(
      ({ width, height }) =>
        width + give > limits.maxWidth ||
        height + give > limits.maxHeight ||
        // Of a sliver the give is more than it is wide.
        Math.max(0, width + give) * Math.max(0, height + give) > limits.maxArea,
    )
  if (isBeyond(-margin)) return refused
  if (isBeyond(margin)) return 'either'
  // Dear formats may have limits of their own.
  if (/gif|avif/.test(file) && answer.width * answer.height > 3_900_000) return 'either'
  return { status: 200, ...answer }
}
