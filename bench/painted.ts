// A large picture for benchmarks: gradients, blots and grain, as much for an encoder to do as in a photograph.
import sharp from 'sharp'

/** @param target a JPEG */
export async function painted(width: number, height: number, target: string): Promise<void> {
  const [across, down] = [Math.ceil(width / 8), Math.ceil(height / 8)]
  const pixels = Buffer.alloc(across * down * 3)
  let state = 7
  const random = (): number =>
    ((state = Math.imul(state, 1_664_525) + 1_013_904_223) >>> 8) / 2 ** 24
  const blots = Array.from({ length: 60 }, () => [
    random() * across,
    random() * down,
    30 + random() * 200,
    random() * 255,
    random() * 255,
    random() * 255,
  ])
  for (let y = 0, at = 0; y < down; y++) {
    for (let x = 0; x < across; x++, at += 3) {
      let [red, green, blue] = [(x / across) * 255, (y / down) * 255, 128]
      for (const [cx = 0, cy = 0, radius = 1, r = 0, g = 0, b = 0] of blots) {
        const near = 1 - Math.hypot(x - cx, y - cy) / radius
        if (near > 0)
          [red, green, blue] = [mix(red, r, near), mix(green, g, near), mix(blue, b, near)]
      }
      const grain = (random() - 0.5) * 24
      pixels[at] = clamp(red + grain)
      pixels[at + 1] = clamp(green + grain)
      pixels[at + 2] = clamp(blue + grain)
    }
  }
  const grain = await sharp({
    create: {
      width: 512,
      height: 512,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 18 },
    },
  })
    .png()
    .toBuffer()
  await sharp(pixels, { raw: { width: across, height: down, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .composite([{ input: grain, tile: true, blend: 'soft-light' }])
    .jpeg({ quality: 92 })
    .toFile(target)
}

const mix = (from: number, to: number, part: number): number => from + (to - from) * part
const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)))
