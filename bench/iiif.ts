// Images against their limits and peers, in turn on the same picture and the same requests: nginx on the same tiles cut
// beforehand (the limit), a constant answered by node:http, and the peers that are installed (iiif-peers.ts).
//
//   npm run bench -- iiif [ROUNDS] [SECONDS] [SCENE]
//
// wrk asks, and nginx is needed.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import type { Config } from '../config/config.ts'
import { openBrick } from '../server/brick.ts'
import { ensureCollection } from '../server/collections/collections.ts'
import { freePort } from '../server/db/embedded.ts'
import { imageById, ingest, type Image } from '../server/files/files.ts'
import { pyramidKey } from '../server/files/store.ts'
import { save } from '../server/records/records.ts'
import { startIip, startPeers, type Contender } from './iiif-peers.ts'
import { cpuOf, peakOf } from './meter.ts'
import { painted } from './painted.ts'
import { configOf, start } from './served.ts'
import { median, openStage, type Stage } from './stage.ts'

const [width, height] = [8000, 6000]
/** Any server can draw it. */
const small = 'full/200,/0/default.jpg'
const tile = 512

interface Ran {
  rate: number
  p99: number
  /** Milliseconds of a core for each answer. */
  cpu: number
}

interface Scene {
  name: string
  requests: string[]
  connections: number
  contenders: Contender[]
}

const say = (text: string): void => void process.stdout.write(`${text}\n`)

export async function benchIiif([rounds = '5', seconds = '4', only]: string[]): Promise<void> {
  const stage = await openStage()
  const children: ChildProcess[] = []
  try {
    // What is drawn is to be drawn each time.
    const config = await configOf(stage, 'iiif_bench', { imageCacheMegabytes: 0 })
    const { image, path } = await paint(stage, config)
    const ours = start(stage, config, { CAMPA_IMAGE_CACHE_MB: '0' })
    children.push(ours)
    const base = `/iiif/image/3/${image.id}`
    const us: Contender = {
      name: 'CaMPA',
      port: config.port,
      pid: ours.pid,
      path: (request) => `${base}/${request}`,
    }
    await answering(us, 'info.json')
    const tiles = tilesOf(image)
    const nginx = await serveFiles(stage, us, tiles, path, children)
    const constant = await serveConstant(us)
    const [limit, ...peers] = nginx
    if (!limit) throw new Error('nginx is not there')
    const scenes: Scene[] = [
      { name: 'tiles', requests: tiles, connections: 16, contenders: [limit, us, ...peers] },
      {
        name: 'info.json',
        requests: ['info.json'],
        connections: 16,
        contenders: [constant.contender, us],
      },
      ...decoded(image).map(([name, requests]) => ({
        name,
        requests,
        connections: 8,
        contenders: [...peers, us],
      })),
    ]
    const length = [Number(rounds), Number(seconds)] as const
    for (const scene of scenes)
      if (!only || scene.name === only) await compare(stage, scene, ...length)
    if (!only || only === 'beside') await besideOthers(stage, us, tiles, ...length)
    say(`peak RSS of CaMPA: ${peakOf(ours.pid)} MB`)
    constant.server.close()
  } finally {
    for (const child of children) child.kill('SIGTERM')
    await stage.clear()
  }
}

/** A picture in a record that everybody may see. */
async function paint(stage: Stage, config: Config): Promise<{ image: Image; path: string }> {
  const source = join(stage.folder, 'painted.jpg')
  await painted(width, height, source)
  const { ctx, close } = await openBrick(config, pino({ level: 'warn' }))
  try {
    const file = await ingest(ctx, source, { name: 'painted.jpg' })
    const { id } = await ensureCollection(ctx, {
      slug: 'bench',
      title: { en: 'Bench' },
      profile: 'dublin-core',
    })
    await save(ctx, [
      {
        collectionId: id,
        key: 'painted',
        profile: 'dublin-core',
        status: 'published',
        visibility: 'open',
        source: {},
        metadata: {},
        dc: { title: [{ value: 'Painted' }] },
        files: [file],
      },
    ])
    const image = await imageById(ctx, file.image ?? '')
    if (!image) throw new Error('no image was made')
    return { image, path: resolve(join(ctx.config.dataDir, 'files', pyramidKey(image.id))) }
  } finally {
    await close()
  }
}

async function answering({ port, path }: Contender, request: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}${path(request)}`)
      if (answer.ok) return void (await answer.arrayBuffer())
    } catch {
      // Not yet.
    }
    if (tries > 300) throw new Error(`nothing answers at port ${port}`)
    await sleep(100)
  }
}

/** All tiles of all levels, as a viewer asks for them by Image API 3, in an order without one. */
function tilesOf({ levels }: Image): string[] {
  const all = levels.flatMap((_, level) => {
    const side = tile * 2 ** level
    const columns = Array.from({ length: Math.ceil(width / side) }, (__, column) => column * side)
    const rows = Array.from({ length: Math.ceil(height / side) }, (__, row) => row * side)
    return columns.flatMap((x) =>
      rows.map((y) => {
        const [w, h] = [Math.min(side, width - x), Math.min(side, height - y)]
        return `${x},${y},${w},${h}/${Math.ceil(w / 2 ** level)},${Math.ceil(h / 2 ** level)}/0/default.jpg`
      }),
    )
  })
  return shuffled(all)
}

function shuffled<T>(list: T[]): T[] {
  let state = 42
  return list
    .map((each): [number, T] => [(state = Math.imul(state, 1_664_525) + 1_013_904_223), each])
    .toSorted(([a], [b]) => a - b)
    .map(([, each]) => each)
}

/** What must be decoded, by the kind of request. */
function decoded({ width, height }: Image): [string, string[]][] {
  const many = <T>(make: (index: number) => T): T[] =>
    Array.from({ length: 200 }, (_, i) => make(i))
  const at = (index: number, room: number): number => (index * 7919) % room
  return [
    ['thumbnail', many((i) => `full/${200 + (i % 250)},/0/default.jpg`)],
    [
      'region',
      many(
        (i) => `${at(i, width - 2100)},${at(i * 3, height - 2100)},2100,2100/700,/0/default.jpg`,
      ),
    ],
    [
      'rotation',
      many((i) => `${at(i, width - 1024)},${at(i * 3, height - 1024)},1024,1024/512,/90/gray.jpg`),
    ],
  ]
}

/** nginx on tiles cut beforehand, and the peers. */
async function serveFiles(
  stage: Stage,
  us: Contender,
  tiles: string[],
  pyramid: string,
  children: ChildProcess[],
): Promise<Contender[]> {
  const root = join(stage.folder, 'nginx')
  mkdirSync(join(root, 'static'), { recursive: true })
  for (const request of tiles) {
    const answer = await fetch(`http://127.0.0.1:${us.port}${us.path(request)}`)
    const file = join(root, 'static', fileOf(request))
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
  }
  const [port, before, behind] = [await freePort(), await freePort(), await freePort()]
  writeFileSync(join(root, 'nginx.conf'), nginxSettings(root, port, before, behind))
  const nginx = spawn('nginx', ['-p', root, '-c', join(root, 'nginx.conf'), '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  children.push(nginx)
  const limit: Contender = {
    name: 'nginx',
    port,
    pid: nginx.pid,
    path: (request) => `/${fileOf(request)}`,
  }
  await answering(limit, tiles[0] ?? '')
  const { peers, missing } = await startPeers(stage.folder, pyramid, children)
  const iip = startIip(behind, before, pyramid, children)
  for (const each of iip ? missing : ['IIPImage (iipimage-server is not installed)', ...missing])
    say(`left out: ${each}`)
  const all = iip ? [iip, ...peers] : peers
  for (const peer of all) await answering(peer, small)
  return [limit, ...all]
}

const fileOf = (request: string): string => request.replaceAll(/[/,]/g, '_')

const nginxSettings = (root: string, port: number, before: number, behind: number): string =>
  `worker_processes 2; pid ${root}/pid; error_log ${root}/error;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; keepalive_requests 1000000; types { image/jpeg jpg; }
  open_file_cache max=20000 inactive=600s; open_file_cache_valid 600s;
  client_body_temp_path ${root}/t; proxy_temp_path ${root}/t; fastcgi_temp_path ${root}/t;
  uwsgi_temp_path ${root}/t; scgi_temp_path ${root}/t;
  server { listen 127.0.0.1:${port}; root ${root}/static; }
  server { listen 127.0.0.1:${before}; location / { fastcgi_pass 127.0.0.1:${behind};
    fastcgi_param REQUEST_METHOD $request_method; fastcgi_param REQUEST_URI $request_uri;
    fastcgi_param QUERY_STRING $query_string; fastcgi_param SERVER_PROTOCOL $server_protocol; } }
}
`

/** The same bytes as our info.json from memory, by node:http and nothing else. */
async function serveConstant(us: Contender): Promise<{ contender: Contender; server: Server }> {
  const answer = await fetch(`http://127.0.0.1:${us.port}${us.path('info.json')}`)
  const body = Buffer.from(await answer.arrayBuffer())
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json')
    response.setHeader('Content-Length', body.length)
    response.end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const contender = { name: 'a constant', port, pid: process.pid, path: () => '/' }
  return { contender, server }
}

async function compare(
  stage: Stage,
  { name, requests, connections, contenders }: Scene,
  rounds: number,
  seconds: number,
): Promise<void> {
  const results = new Map<string, Ran[]>()
  for (const each of contenders) await ask(stage, each, requests, connections, 1)
  for (let round = 0; round < rounds; round++) {
    for (const each of contenders) {
      const ran = await ask(stage, each, requests, connections, seconds)
      results.set(each.name, [...(results.get(each.name) ?? []), ran])
    }
  }
  const [ours = [], ...others] = [results.get('CaMPA'), ...results.values()]
  for (const [other, ran] of results) {
    const of = (what: (each: Ran) => number): string => median(ran.map(what)).toPrecision(3)
    say(
      `${name}, ${other}: ${of((each) => each.rate)}/s, ${of((each) => each.cpu)} ms of a core each, p99 ${of((each) => each.p99)} ms`,
    )
    if (other === 'CaMPA') continue
    const ratio = (what: (each: Ran) => number): string =>
      median(ours.map((each, round) => what(each) / what(ran[round] ?? each))).toPrecision(3)
    say(
      `${name}, CaMPA / ${other}: ${ratio((each) => each.rate)} in rate, ${ratio((each) => each.cpu)} in processor time`,
    )
  }
  if (!others.length) say(`${name}: nobody to compare with`)
}

/** Tiles alone, and while eight clients ask for pictures of 12 megapixels that nobody has drawn yet. */
async function besideOthers(
  stage: Stage,
  us: Contender,
  tiles: string[],
  rounds: number,
  seconds: number,
): Promise<void> {
  const large = Array.from({ length: 400 }, (_, i) => `full/${4000 - i},/0/default.jpg`)
  const ratios: number[] = []
  for (let round = 0; round < rounds; round++) {
    const alone = await ask(stage, us, tiles, 4, seconds)
    const [beside] = await Promise.all([
      sleep(500).then(() => ask(stage, us, tiles, 4, seconds)),
      ask(stage, us, large, 8, seconds + 1),
    ])
    ratios.push(beside.p99 / alone.p99)
    say(`tiles: p99 ${alone.p99} ms alone, ${beside.p99} ms beside 12 megapixels`)
  }
  say(`tiles beside 12 megapixels / alone: ${median(ratios).toPrecision(3)} in p99`)
}

const script = `
local list, i = {}, 0
function init(args)
  for l in io.lines(args[1]) do list[#list + 1] = l end
end
function request()
  i = i % #list + 1
  return wrk.format("GET", list[i])
end
function done(s, la, rq)
  io.write(string.format('{"rate":%f,"p99":%f,"failed":%d,"count":%d}',
    s.requests / (s.duration / 1e6), la:percentile(99) / 1000,
    s.errors.status + s.errors.connect + s.errors.read, s.requests))
end
`

async function ask(
  stage: Stage,
  { name, port, pid, path }: Contender,
  requests: string[],
  connections: number,
  seconds: number,
): Promise<Ran> {
  const lua = join(stage.folder, 'ask.lua')
  const list = join(stage.folder, `${name}-${connections}.txt`)
  writeFileSync(lua, script)
  writeFileSync(list, `${requests.map(path).join('\n')}\n`)
  const before = cpuOf(pid)
  const said = await new Promise<string>((done, failed) => {
    const wrk = spawn('wrk', [
      '-t1',
      `-c${connections}`,
      `-d${seconds}s`,
      '--timeout',
      '30s',
      '-s',
      lua,
      `http://127.0.0.1:${port}`,
      '--',
      list,
    ])
    let text = ''
    wrk.stdout.on('data', (part: Buffer) => (text += part.toString()))
    wrk.once('error', failed)
    wrk.once('close', () => done(text))
  })
  const cpu = cpuOf(pid) - before
  const { rate, p99, failed, count } = JSON.parse(said.slice(said.indexOf('{'))) as {
    rate: number
    p99: number
    failed: number
    count: number
  }
  if (failed) throw new Error(`${name}: ${failed} of ${count} answers failed`)
  return { rate, p99, cpu: (cpu * 1000) / count }
}
