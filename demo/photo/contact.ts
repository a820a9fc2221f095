// A contact sheet: strips of film with their frames, and the photographer's red pencil.
import type { Pixels } from '../develop.ts'
import { randomFrom } from '../random.ts'
import { ring, type Sheet } from '../sheet.ts'
import { expose } from './lens.ts'
import { Overlay } from './things.ts'
import { places, type Hour } from './views.ts'

const rolls = [
  places.street,
  places.square,
  places.avenue,
  places.quay,
  places.station,
  places.playground,
  places.motorway,
  places.beach,
]
const hours: Hour[] = ['noon', 'grey', 'dawn', 'evening', 'noon']
const columns = 6
const rows = 6

/** The frames are exposed small, like everything on a contact sheet; `sheet` gets what is drawn over them. */
export function contactSheet(seed: number, width: number, height: number, sheet: Sheet): Pixels {
  const random = randomFrom(seed)
  const data = new Uint8Array(width * height * 3).fill(14)
  const k = sheet.width / width
  const [cw, ch] = [width / (columns + 0.3), height / (rows + 0.25)]
  const frame = { w: Math.floor(cw * 0.94), h: Math.floor(ch * 0.72) }
  for (let i = 0; i < rows * columns; i++) {
    const x = Math.floor(cw * 0.17 + cw * (i % columns))
    const y = Math.floor(ch * 0.24 + ch * Math.floor(i / columns))
    const view = rolls[Math.floor(i / 4.5) % rolls.length]!({
      seed: seed + i * 7,
      hour: hours[i % hours.length]!,
      ratio: 1.5,
      side: random() * 1.6 - 0.8,
    })
    view.camera.at[0] += random() - 0.5
    view.camera.yaw += (random() - 0.5) * 0.12
    const shot = expose(view.world, view.camera, frame.w, frame.h)
    for (let p = 0; p < shot.data.length; p += 3) {
      const grey = 0.3 * shot.data[p]! + 0.59 * shot.data[p + 1]! + 0.11 * shot.data[p + 2]!
      shot.data.fill(grey, p, p + 3)
    }
    for (let row = 0; row < frame.h; row++)
      data.set(
        shot.data.subarray(row * frame.w * 3, (row + 1) * frame.w * 3),
        ((y + row) * width + x) * 3,
      )
    edge(sheet, i, x * k, y * k, frame.w * k, frame.h * k)
    if (i === 22) {
      const place = new Overlay(sheet, view.camera)
      sheet.raw(
        `<g transform="translate(${x * k} ${y * k}) scale(${(frame.w * k) / sheet.width} ${(frame.h * k) / sheet.height})">`,
      )
      place.cat([0.4, view.camera.at[1] - 1.6, 8], '#0b0b0d', true)
      sheet.raw('</g>')
      const oval = ring(
        (x + frame.w / 2) * k,
        (y + frame.h / 2) * k,
        frame.w * k * 0.55,
        frame.h * k * 0.6,
        -0.4,
        6.2,
        18,
      )
      sheet.curve(oval, { stroke: '#d23a2c', weight: 12, roughness: 2 })
      sheet.write((x + frame.w * 0.6) * k, (y + frame.h * 0.34) * k, 'lui !', 40, {
        stroke: '#d23a2c',
        wobble: 0.6,
      })
    }
  }
  return { data, width, height }
}

function edge(sheet: Sheet, i: number, x: number, y: number, w: number, h: number): void {
  sheet.print(x + w * 0.03, y - h * 0.05, `${i + 1}`, h * 0.07, { stroke: '#d9c79a', weight: 0.14 })
  sheet.print(x + w * 0.5, y - h * 0.05, `${i + 1} A`, h * 0.06, {
    stroke: '#d9c79a',
    weight: 0.14,
  })
  for (let n = 0; n < 8; n++) {
    for (const dy of [-0.225, 1.035]) {
      sheet.raw(
        `<rect x="${(x + w * (0.03 + n * 0.127)).toFixed(1)}" y="${(y + h * dy).toFixed(1)}" width="${(w * 0.055).toFixed(1)}" height="${(h * 0.09).toFixed(1)}" rx="4" fill="#e9e6df"/>`,
      )
    }
  }
}
