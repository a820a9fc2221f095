// The command line as a user meets it: a process of its own, in a folder of its own, with none of our settings.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const program = resolve(import.meta.dirname, '..', 'bin', 'campa.js')

export interface Ended {
  code: number | null
  out: string
  err: string
}

export interface Command {
  pid: number
  /** Waits for words on standard output. */
  said(pattern: RegExp, patience?: number): Promise<RegExpExecArray>
  kill(signal: NodeJS.Signals): void
  ended: Promise<Ended>
}

/** Starts `campa` in this folder; `settings` are all that it knows of CaMPA. */
export function campa(
  folder: string,
  args: string[],
  settings: Record<string, string> = {},
): Command {
  const env: NodeJS.ProcessEnv = { ...process.env, ...settings }
  for (const name of ['DATABASE_URL', 'ELASTICSEARCH_URL', 'NO_COLOR', 'FORCE_COLOR'])
    if (settings[name] === undefined) delete env[name]
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const ended = new Promise<Ended>((done) => {
    child.once('close', (code) => done({ code, out, err }))
  })
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    async said(pattern, patience = 60_000) {
      const until = Date.now() + patience
      for (;;) {
        const found = pattern.exec(out)
        if (found) return found
        const over = child.exitCode !== null || child.signalCode !== null || Date.now() > until
        assert.ok(!over, `campa ${args.join(' ')} did not say ${pattern}:\n${out}\n${err}`)
        await new Promise((done) => setTimeout(done, 50))
      }
    },
  }
}

/** A folder that PostgreSQL's own user may pass. */
export function passableFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `campa-${name}-`))
  chmodSync(folder, 0o755)
  return folder
}

/** The first of so many free ports in a row. */
export async function freePorts(count: number): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const first = 20_000 + Math.floor(Math.random() * 10_000)
    const free = await Promise.all(
      Array.from({ length: count }, (_, index) => isFree(first + index)),
    )
    if (free.every(Boolean)) return first
  }
  throw new Error(`no ${count} free ports in a row`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const free = await new Promise<boolean>((done) => {
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => done(true))
  })
  await new Promise((done) => server.close(done))
  return free
}

/** Process number of the PostgreSQL of a data folder, while it runs. */
export function postgresOf(dataDir: string): number | undefined {
  try {
    const pid = Number(
      readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0],
    )
    return isAlive(pid) ? pid : undefined
  } catch {
    return undefined
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
