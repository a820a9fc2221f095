// Taking a large picture in, against sharp's bare conversion to the same pyramid, in turn on the same file.
//
//   npm run bench -- ingest [WIDTH HEIGHT] [--rounds N]
//
// What opens the picture is measured by itself (the bound is on it), and with the server, which hashes and copies.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { pino } from 'pino'
import sharp from 'sharp'
import { loadConfig, type Config } from '../config/config.ts'
import { openBrick, type Brick } from '../server/brick.ts'
import { ingest } from '../server/files/files.ts'
import { pyramidKey } from '../server/files/store.ts'
import { cpuOf, peakOf } from './meter.ts'
import { median, openStage, type Stage } from './stage.ts'

interface Cost {
  cpu: number
  peakMegabytes: number
  seconds: number
}

export async function benchIngest(args: string[]): Promise<void> {
  const [width = 20_000, height = 15_000] = args
    .slice(0, args.includes('--rounds') ? args.indexOf('--rounds') : undefined)
    .map(Number)
  const rounds = args.includes('--rounds') ? Number(args[args.indexOf('--rounds') + 1]) : 3
  const stage = await openStage()
  const brick = await openBrick(configOf(stage), pino({ level: 'warn' }))
  try {
    const picture = join(stage.folder, 'picture.jpg')
    await draw(picture, width, height)
    say(`${width} × ${height} pixels, ${megabytes(statSync(picture).size)} MB of JPEG`)
    const ratios: Record<'opener' | 'all', number[]> = { opener: [], all: [] }
    let peak = 0
    for (let round = 1; round <= rounds; round++) {
      const bare = await bareConversion(picture, join(stage.folder, 'bare.tif'))
      const ours = await wholeIngest(brick, picture)
      ratios.opener.push(ours.opener.cpu / bare.cpu)
      ratios.all.push((ours.opener.cpu + ours.server) / bare.cpu)
      peak = Math.max(peak, ours.opener.peakMegabytes)
      say(
        `round ${round}: bare ${told(bare)}; the process that opens it ${told(ours.opener)}; the server ${ours.server.toFixed(2)} s of CPU`,
      )
    }
    say(
      `CPU of what opens it / bare: ${median(ratios.opener).toFixed(2)}; with the server: ${median(ratios.all).toFixed(2)} (medians of ${rounds}); peak RSS of what opens it ${peak} MB`,
    )
  } finally {
    await brick.close()
    await stage.clear()
  }
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
const told = ({ cpu, peakMegabytes, seconds }: Cost): string =>
  `${cpu.toFixed(2)} s of CPU, ${peakMegabytes} MB, ${seconds.toFixed(1)} s`

const configOf = (stage: Stage): Config =>
  loadConfig(
    {},
    {
      baseUrl: 'http://127.0.0.1:8080',
      databaseUrl: stage.databaseUrl,
      databaseSchema: 'ingest_bench',
      dataDir: join(stage.folder, 'data'),
      domain: 'brick.example.org',
      logLevel: 'warn',
    },
  )

/** As busy as a photograph: waves of all lengths and some noise, laid side by side, so that it is never in memory as a whole. */
async function draw(path: string, width: number, height: number): Promise<void> {
  const side = 1000
  const tile = Buffer.alloc(side * side * 3)
  for (let at = 0; at < tile.length; at++) {
    const [x, y] = [Math.floor(at / 3) % side, Math.floor(at / 3 / side)]
    const waves = [3, 7, 19, 53].map((length, index) =>
      Math.sin(((x * length + y * (index + 2)) * 2 * Math.PI) / side + (at % 3)),
    )
    const sum = waves.reduce((all, each) => all + each, 0)
    tile[at] = 128 + sum * 22 + Math.random() * 24 - 12
  }
  const input = await sharp(tile, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer()
  await sharp({
    create: { width, height, channels: 3, background: '#808080' },
    limitInputPixels: false,
  })
    .composite([{ input, tile: true, gravity: 'northwest' }])
    .jpeg({ quality: 90, optimiseCoding: false })
    .toFile(path)
}

async function bareConversion(picture: string, target: string): Promise<Cost> {
  const began = performance.now()
  const script = resolve(import.meta.dirname, `ingest-bare${extname(import.meta.filename)}`)
  const child = fork(script, [picture, target], {
    execArgv: process.execArgv,
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const [said] = (await Promise.race([once(child, 'message'), ended])) as unknown[]
  if (said !== 'done') throw new Error(`the bare conversion ended with ${String(said)}`)
  const cost = { cpu: cpuOf(child.pid), peakMegabytes: peakOf(child.pid) }
  child.disconnect()
  await ended
  rmSync(target)
  return { ...cost, seconds: (performance.now() - began) / 1000 }
}

async function wholeIngest(
  { ctx }: Brick,
  picture: string,
): Promise<{ opener: Cost; server: number }> {
  const began = performance.now()
  const before = process.cpuUsage()
  // It may end at any time, so it is looked at while it works: of each process what was seen last.
  const seen = new Map<number, Omit<Cost, 'seconds'>>()
  const look = setInterval(() => {
    for (const pid of openers()) {
      try {
        seen.set(pid, { cpu: cpuOf(pid), peakMegabytes: peakOf(pid) })
      } catch {
        // It has ended since.
      }
    }
  }, 200)
  const { image = '', sha256 } = await ingest(ctx, picture, { name: 'picture.jpg' })
  clearInterval(look)
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  for (const pid of openers()) {
    seen.set(pid, { cpu: cpuOf(pid), peakMegabytes: peakOf(pid) })
    process.kill(pid, 'SIGKILL')
  }
  // So that the next round takes it in anew.
  rmSync(join(ctx.config.dataDir, 'files', pyramidKey(image)))
  await ctx.db.query('DELETE FROM images')
  await ctx.db.query('DELETE FROM files WHERE sha256 = $1', [sha256])
  const costs = [...seen.values()]
  return {
    opener: {
      cpu: costs.reduce((sum, { cpu }) => sum + cpu, 0),
      peakMegabytes: Math.max(...costs.map((each) => each.peakMegabytes)),
      seconds,
    },
    server: (user + system) / 1e6,
  }
}

/** The processes that open pictures for this one. */
const openers = (): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('files/at-work.')) return false
        return new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(
          readFileSync(`/proc/${pid}/status`, 'latin1'),
        )
      } catch {
        return false
      }
    })
