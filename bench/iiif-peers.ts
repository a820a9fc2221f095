// Image servers that others wrote, on the same pyramid: those that this machine has.
//
//   IIPImage        Debian's iipimage-server, behind nginx
//   Cantaloupe      CANTALOUPE_JAR names the jar of a release
//   iiif-processor  IIIF_PROCESSOR names a folder in which `npm install iiif-processor` was run
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { freePort } from '../server/db/embedded.ts'

export interface Contender {
  name: string
  port: number
  pid: number | undefined
  /** The address of a request that is written after the image's own. */
  path: (request: string) => string
}

export interface Peers {
  peers: Contender[]
  /** What is not here, and what it would need. */
  missing: string[]
}

const iipsrv = '/usr/lib/iipimage-server/iipsrv.fcgi'

/** Those that listen at a port of their own; IIPImage needs nginx before it. */
export async function startPeers(
  folder: string,
  pyramid: string,
  children: ChildProcess[],
): Promise<Peers> {
  const all: Peers = { peers: [], missing: [] }
  const jar = process.env['CANTALOUPE_JAR']
  if (jar) all.peers.push(await startCantaloupe(folder, pyramid, jar, children))
  else all.missing.push('Cantaloupe (CANTALOUPE_JAR does not name its jar)')
  const processor = process.env['IIIF_PROCESSOR']
  if (processor) all.peers.push(await startProcessor(pyramid, processor, children))
  else all.missing.push('iiif-processor (IIIF_PROCESSOR does not name a folder that has it)')
  return all
}

async function startCantaloupe(
  folder: string,
  pyramid: string,
  jar: string,
  children: ChildProcess[],
): Promise<Contender> {
  const port = await freePort()
  const settings = join(folder, 'cantaloupe.properties')
  writeFileSync(
    settings,
    `http.enabled = true
http.host = 127.0.0.1
http.port = ${port}
https.enabled = false
endpoint.iiif.3.enabled = true
source.static = FilesystemSource
FilesystemSource.lookup_strategy = BasicLookupStrategy
FilesystemSource.BasicLookupStrategy.path_prefix = ${dirname(pyramid)}/
processor.selection_strategy = ManualSelectionStrategy
processor.ManualSelectionStrategy.fallback = Java2dProcessor
cache.server.derivative.enabled = false
log.application.level = warn
`,
  )
  const java = ['-Xmx2g', `-Dcantaloupe.config=${settings}`, '-jar', resolve(jar)]
  const child = spawn('java', java, { stdio: 'ignore', cwd: folder })
  children.push(child)
  const image = `/iiif/3/${encodeURIComponent(basename(pyramid))}`
  return { name: 'Cantaloupe', port, pid: child.pid, path: (request) => `${image}/${request}` }
}

async function startProcessor(
  pyramid: string,
  installed: string,
  children: ChildProcess[],
): Promise<Contender> {
  const port = await freePort()
  const program = join(import.meta.dirname, 'iiif-processor.ts')
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', program, String(port), pyramid, resolve(installed)],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  children.push(child)
  return {
    name: 'iiif-processor',
    port,
    pid: child.pid,
    path: (request) => `/iiif/3/picture/${request}`,
  }
}

/** Undefined where it is not installed. */
export function startIip(
  behind: number,
  before: number,
  pyramid: string,
  children: ChildProcess[],
): Contender | undefined {
  if (!existsSync(iipsrv)) return undefined
  const child = spawn(iipsrv, ['--bind', `127.0.0.1:${behind}`, '--backlog', '1024'], {
    stdio: 'ignore',
    env: {
      FILESYSTEM_PREFIX: '',
      JPEG_QUALITY: '82',
      MAX_IMAGE_CACHE_SIZE: '0',
      MAX_CVT: '20000',
      OMP_NUM_THREADS: '1',
      URI_MAP: 'iiif=>IIIF',
      VERBOSITY: '0',
      LOGFILE: '/dev/null',
      BASE_URL: `http://127.0.0.1:${before}/iiif/`,
    },
  })
  children.push(child)
  const image = `/iiif/${encodeURIComponent(pyramid)}`
  return {
    name: 'IIPImage',
    port: before,
    pid: child.pid,
    path: (request) => `${image}/${request}`,
  }
}
