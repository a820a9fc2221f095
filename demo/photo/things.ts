// What is laid over a photograph in its perspective: lamps, trees, wires, benches, tape, birds – and the cat.
import { ring, type Point, type Sheet } from '../sheet.ts'
import { project, type Camera, type Vector } from './lens.ts'

export class Overlay {
  readonly sheet: Sheet
  private readonly camera: Camera
  constructor(sheet: Sheet, camera: Camera) {
    this.sheet = sheet
    this.camera = camera
  }
  at(p: Vector): { x: number; y: number; metre: number } | undefined {
    return project(this.camera, this.sheet.width, this.sheet.height, p)
  }
  private path(points: Vector[], fill: string, stroke: string, metres: number, opacity = 1): void {
    const placed = points.map((p) => this.at(p))
    if (placed.some((p) => !p)) return
    const d = placed.map((p, i) => `${i ? 'L' : 'M'}${p!.x.toFixed(1)} ${p!.y.toFixed(1)}`).join('')
    const width = metres * (placed[0]?.metre ?? 1)
    this.sheet.raw(
      `<path d="${d}${fill === 'none' ? '' : 'Z'}" fill="${fill}" stroke="${stroke}" stroke-width="${width.toFixed(1)}" stroke-linejoin="round" stroke-linecap="round" opacity="${opacity}"/>`,
    )
  }
  face(points: Vector[], fill: string, opacity = 1): void {
    this.path(points, fill, 'none', 0, opacity)
  }
  wire(points: Vector[], colour: string, metres: number, opacity = 1): void {
    this.path(points, 'none', colour, metres, opacity)
  }

  shadow(p: Vector, metres: number, opacity = 0.35): void {
    const q = this.at(p)
    if (!q) return
    const r = metres * q.metre
    this.sheet.raw(
      `<ellipse cx="${q.x.toFixed(1)}" cy="${q.y.toFixed(1)}" rx="${r.toFixed(1)}" ry="${(r * 0.2).toFixed(1)}" fill="#000" opacity="${opacity}"/>`,
    )
  }

  /** A real cat's outline, sitting or walking, a few decimetres tall. */
  cat(p: Vector, colour = '#15141a', walking = false, height = 0.42): void {
    const q = this.at(p)
    if (!q) return
    this.shadow(p, height * 0.5)
    const h = q.metre * height
    const sit =
      'M-.26 0C-.34-.3-.24-.52-.12-.6C-.2-.66-.22-.8-.19-.98L-.08-.87Q0-.9.08-.87L.17-.98C.22-.8.19-.66.1-.58C.2-.46.27-.2.26-.04C.4-.02.5-.08.52-.22C.53-.3.6-.3.6-.2C.58-.02.44.04.24.02Z'
    const walk =
      'M-.62-.42C-.84-.5-.94-.72-.9-.9C-.89-.96-.83-.95-.84-.88C-.85-.7-.74-.56-.58-.54L.3-.54L.36-.66L.38-.8L.46-.7L.56-.72L.63-.82L.66-.66C.68-.56.62-.48.5-.46C.46-.4.42-.36.4-.3L.46 0H.38L.3-.24L.24 0H.16L.2-.28L-.38-.3L-.34 0H-.42L-.5-.24L-.56 0H-.64L-.58-.3Z'
    this.sheet.raw(
      `<g transform="translate(${q.x.toFixed(1)} ${q.y.toFixed(1)}) scale(${h.toFixed(2)})"><path d="${walking ? walk : sit}" fill="${colour}"/>${walking ? '' : '<circle cx="-.07" cy="-.76" r=".022" fill="#d9c34a"/><circle cx=".05" cy="-.76" r=".022" fill="#d9c34a"/>'}</g>`,
    )
  }

  lamp(p: Vector, height = 5.5, on = false): void {
    const q = this.at(p)
    if (!q) return
    this.shadow(p, 0.5, 0.3)
    this.wire([p, [p[0], p[1] + height, p[2]]], '#1b1d22', 0.11)
    const side = p[0] > 0 ? -1 : 1
    this.wire([[p[0], p[1] + height, p[2]], [p[0] + side * 0.5, p[1] + height + 0.25, p[2]], [p[0] + side * 1, p[1] + height + 0.12, p[2]]], '#1b1d22', 0.08) // prettier-ignore
    const head = this.at([p[0] + side, p[1] + height, p[2]])
    if (!head) return
    const r = head.metre
    if (on) {
      const id = `g${Math.round(head.x)}${Math.round(head.y)}`
      this.sheet.raw(
        `<radialGradient id="${id}"><stop offset="0" stop-color="#ffe2a6" stop-opacity=".95"/><stop offset=".12" stop-color="#ffc978" stop-opacity=".5"/><stop offset="1" stop-color="#ffb45a" stop-opacity="0"/></radialGradient><circle cx="${head.x.toFixed(1)}" cy="${head.y.toFixed(1)}" r="${(r * 2.6).toFixed(1)}" fill="url(#${id})"/>`,
      )
    }
    this.sheet.raw(
      `<ellipse cx="${head.x.toFixed(1)}" cy="${head.y.toFixed(1)}" rx="${(r * 0.28).toFixed(1)}" ry="${(r * 0.13).toFixed(1)}" fill="${on ? '#fff3d6' : '#2a2d33'}"/>`,
    )
  }

  /** A plane tree in early spring: branches first, a haze of leaves after. */
  tree(p: Vector, height: number, leaves = '#6f8f4a', density = 60): void {
    const base = this.at(p)
    if (!base) return
    const s = this.sheet
    const px = base.metre
    this.shadow(p, height * 0.24, 0.3)
    const tips: Point[] = []
    let wood = ''
    const grow = (x: number, y: number, angle: number, length: number, depth: number) => {
      const [ex, ey] = [x + Math.cos(angle) * length, y + Math.sin(angle) * length]
      const bend = s.between(-0.12, 0.12) * length
      wood += `<path d="M${x.toFixed(1)} ${y.toFixed(1)}Q${((x + ex) / 2 + bend).toFixed(1)} ${((y + ey) / 2).toFixed(1)} ${ex.toFixed(1)} ${ey.toFixed(1)}" stroke-width="${Math.max(0.7, length * (depth > 2 ? 0.1 : 0.065)).toFixed(1)}"/>`
      if (depth <= 2) tips.push([ex, ey])
      if (depth === 0) return
      const arms = depth === 4 ? 4 : 3
      for (let i = 0; i < arms; i++)
        grow(
          ex,
          ey,
          angle + ((i - (arms - 1) / 2) / arms) * 1.7 + s.between(-0.22, 0.22),
          length * s.between(0.58, 0.76),
          depth - 1,
        )
    }
    grow(base.x, base.y, -Math.PI / 2, px * height * 0.34, px * height > 120 ? 4 : 3)
    s.raw(`<g fill="none" stroke="#2b2521" stroke-linecap="round">${wood}</g>`)
    const dots = [0, 1, 2].map(() => '')
    for (let i = 0; i < density; i++) {
      const [tx, ty] = s.pick(tips)
      const r = px * height * s.between(0.014, 0.045)
      const [x, y] = [tx + s.between(-2.4, 2.4) * r, ty + s.between(-2.4, 2.4) * r]
      dots[i % 3] +=
        `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r.toFixed(1)} ${(r * 0.8).toFixed(1)} 0 1 0 ${(2 * r).toFixed(1)} 0a${r.toFixed(1)} ${(r * 0.8).toFixed(1)} 0 1 0 ${(-2 * r).toFixed(1)} 0`
    }
    dots.forEach((d, i) =>
      s.raw(
        `<path d="${d}" fill="${leaves}" opacity="${[0.5, 0.32, 0.62][i]}" style="${i === 2 ? 'filter:none' : ''}"/>`,
      ),
    )
  }

  pigeons(count: number, low: Vector, high: Vector): void {
    const s = this.sheet
    for (let i = 0; i < count; i++) {
      const p: Vector = [s.between(low[0], high[0]), low[1], s.between(low[2], high[2])]
      const q = this.at(p)
      if (!q) continue
      this.shadow(p, 0.16, 0.4)
      const flip = s.chance(0.5) ? -1 : 1
      s.raw(
        `<path transform="translate(${q.x.toFixed(1)} ${q.y.toFixed(1)}) scale(${(q.metre * 0.3 * flip).toFixed(2)} ${(q.metre * 0.3).toFixed(2)})" d="M-.7-.3C-.4-.7.1-.7.3-.72C.3-1 .55-1 .6-.84L.7-.78L.58-.74C.56-.4.3-.16 0-.15L0 0H-.06L-.08-.16C-.3-.18-.5-.22-.7-.3Z" fill="${s.pick(['#3d4048', '#5b5f69', '#2e3036', '#77716b'])}"/>`,
      )
    }
  }

  gulls(count: number, colour = '#30343c'): void {
    const s = this.sheet
    for (let i = 0; i < count; i++) {
      const [x, y, k] = [
        s.between(s.width * 0.1, s.width * 0.9),
        s.between(s.height * 0.06, s.height * 0.34),
        s.width * s.between(0.004, 0.009),
      ]
      s.raw(
        `<path d="M${(x - k).toFixed(1)} ${(y - k * 0.3).toFixed(1)}Q${(x - k * 0.4).toFixed(1)} ${(y - k * 0.6).toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)}Q${(x + k * 0.4).toFixed(1)} ${(y - k * 0.6).toFixed(1)} ${(x + k).toFixed(1)} ${(y - k * 0.3).toFixed(1)}" fill="none" stroke="${colour}" stroke-width="${(k * 0.16).toFixed(1)}" stroke-linecap="round"/>`,
      )
    }
  }

  /** A notice taped somewhere: x to the right, y upwards from its middle. */
  notice(
    p: Vector,
    w: number,
    h: number,
    lines: string[],
    along: 'x' | 'z' = 'x',
    paper = '#efece2',
    ink = '#33343a',
  ): void {
    const corner = (a: number, b: number): Vector =>
      along === 'x' ? [p[0] + a * w, p[1] + b * h, p[2]] : [p[0], p[1] + b * h, p[2] + a * w]
    this.face([corner(-0.5, 0.5), corner(0.5, 0.5), corner(0.5, -0.5), corner(-0.5, -0.5)], paper)
    const q = this.at(p)
    if (!q) return
    const [left, right] = [this.at(corner(-0.5, 0)), this.at(corner(0.5, 0))]
    const wide = left && right ? Math.abs(right.x - left.x) : w * q.metre
    const size = ((h * q.metre) / (lines.length + 0.8)) * 0.62
    lines.forEach((line, i) => {
      const y = q.y - (h * q.metre) / 2 + size * 1.6 * (i + 1)
      this.sheet.print(q.x, y, line, size, {
        align: 'center',
        stroke: ink,
        weight: 0.14,
        fit: wide * 0.84,
      })
    })
  }

  /** Red and white tape between posts. */
  tape(points: Vector[], height = 0.9): void {
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b] = [points[i]!, points[i + 1]!]
      const steps = 26
      const on = (t: number, y: number): Vector => [
        a[0] + (b[0] - a[0]) * t,
        y - 0.35 * 4 * t * (1 - t) * 0.4,
        a[2] + (b[2] - a[2]) * t,
      ]
      for (let k = 0; k < steps; k++) {
        const [t, u] = [k / steps, (k + 1) / steps]
        this.face(
          [on(t, height + 0.05), on(u, height + 0.05), on(u, height - 0.05), on(t, height - 0.05)],
          k % 2 ? '#e9e6df' : '#c23a2e',
        )
      }
    }
  }

  bench(p: Vector, colour = '#4a3a2c'): void {
    const [x, y, z] = p
    this.shadow(p, 1, 0.3)
    for (const dz of [0, 0.16, 0.32]) this.wire([[x - 0.8, y + 0.45, z + dz], [x + 0.8, y + 0.45, z + dz]], colour, 0.09) // prettier-ignore
    for (const dy of [0.62, 0.78]) this.wire([[x - 0.8, y + dy, z + 0.42], [x + 0.8, y + dy, z + 0.42]], colour, 0.09) // prettier-ignore
    for (const dx of [-0.65, 0.65]) this.wire([[x + dx, y, z], [x + dx, y + 0.45, z]], '#1b1d22', 0.06) // prettier-ignore
  }

  clock(p: Vector, radius: number, hour: number, minute: number): void {
    const q = this.at(p)
    if (!q) return
    const r = radius * q.metre
    const s = this.sheet
    s.raw(
      `<circle cx="${q.x}" cy="${q.y}" r="${r * 1.12}" fill="#22252b"/><circle cx="${q.x}" cy="${q.y}" r="${r}" fill="#f1eee4"/>`,
    )
    for (let i = 0; i < 12; i++) {
      const [c, d] = [Math.cos((i * Math.PI) / 6), Math.sin((i * Math.PI) / 6)]
      s.raw(
        `<path d="M${q.x + c * r * 0.8} ${q.y + d * r * 0.8}L${q.x + c * r * 0.93} ${q.y + d * r * 0.93}" stroke="#22252b" stroke-width="${r * 0.07}"/>`,
      )
    }
    const hand = (turn: number, length: number, width: number) => {
      const a = turn * Math.PI * 2 - Math.PI / 2
      s.raw(
        `<path d="M${q.x} ${q.y}L${q.x + Math.cos(a) * r * length} ${q.y + Math.sin(a) * r * length}" stroke="#22252b" stroke-width="${r * width}" stroke-linecap="round"/>`,
      )
    }
    hand((hour % 12) / 12 + minute / 720, 0.52, 0.11)
    hand(minute / 60, 0.78, 0.07)
  }

  /** Someone far away or behind a pane. */
  figure(p: Vector, height = 1.7, colour = '#1f2229', arms = false): void {
    const q = this.at(p)
    if (!q) return
    const h = q.metre * height
    const up = arms
      ? '<path d="M-.1-.78L-.24-.98M.1-.78L.24-.98" stroke="currentColor" stroke-width=".06" stroke-linecap="round"/>'
      : ''
    this.sheet.raw(
      `<g color="${colour}" fill="${colour}" transform="translate(${q.x.toFixed(1)} ${q.y.toFixed(1)}) scale(${h.toFixed(1)})"><circle cx="0" cy="-.93" r=".07"/><path d="M-.13-.82Q0-.9.13-.82L.11-.44L.08 0H.01L0-.4L-.01 0H-.08L-.11-.44Z"/>${up}</g>`,
    )
  }

  /** A patch of sun flare or window light. */
  disc(x: number, y: number, r: number, colour: string, opacity: number): void {
    const points = ring(x, y, r).map(([a, b]) => `${a.toFixed(0)},${b.toFixed(0)}`)
    this.sheet.raw(`<polygon points="${points.join(' ')}" fill="${colour}" opacity="${opacity}"/>`)
  }
}
