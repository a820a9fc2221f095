// Pictures that do not look like each other, drawn here by chance, the same for the same number.
import { join } from 'node:path'
import sharp from 'sharp'
import { randomFrom } from '../../demo/random.ts'

export async function scene(folder: string, name: string, seed: number): Promise<string> {
  const random = randomFrom(seed)
  const any = (most: number): number => Math.round(random() * most)
  const colour = (): string => `rgb(${any(255)},${any(255)},${any(255)})`
  const shapes = Array.from({ length: 14 }, () =>
    random() < 0.5
      ? `<circle cx="${any(800)}" cy="${any(600)}" r="${20 + any(160)}" fill="${colour()}"/>`
      : `<rect x="${any(700)}" y="${any(500)}" width="${40 + any(300)}" height="${40 + any(200)}" fill="${colour()}"/>`,
  )
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="800" height="600" fill="${colour()}"/>${shapes.join('')}</svg>`
  const path = join(folder, name)
  await sharp(Buffer.from(drawn)).png().toFile(path)
  return path
}
