// Pictures for the tests, drawn here: a window with a rainbow, any size.
import sharp from 'sharp'

export async function painting(width: number, height: number, path: string): Promise<void> {
  const bands = ['#d7263d', '#f46036', '#f4d35e', '#2e933c', '#1b6ca8', '#5f4b8b']
  const arcs = bands.map(
    (colour, index) =>
      `<circle cx="500" cy="700" r="${480 - index * 45}" fill="none" stroke="${colour}" stroke-width="44"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 1000 700" preserveAspectRatio="none">
    <rect width="1000" height="700" fill="#cfe8f5"/>${arcs.join('')}
    <rect y="640" width="1000" height="60" fill="#6b4f3a"/>
    <path d="M500 0V700M0 350H1000" stroke="#fff" stroke-width="26"/>
    <rect x="8" y="8" width="984" height="684" fill="none" stroke="#8a5a2b" stroke-width="16"/></svg>`
  await sharp(Buffer.from(svg)).toFile(path)
}
