// Pictures that nobody vouches for are opened in processes of their own, kept for several of them. What takes too long or
// too much memory, or crashes its decoder, takes its process down and is refused; the server and other pictures go on.
import { fork, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Asked, Tasks, Told } from './at-work.ts'
import { Unfit } from './picture.ts'

export interface Limits {
  /** Of a core, for a picture of so many pixels. */
  seconds(pixels: number): number
  /** Of memory, of the whole process. */
  megabytes: number
  /** What a process is asked before another takes its place. */
  asked: number
}

export interface Workshop {
  /**
   * @param pixels of the picture, 0 where they are not known yet
   * @throws Unfit
   */
  run<Task extends keyof Tasks>(
    task: Task,
    pixels: number,
    ...args: Parameters<Tasks[Task]>
  ): ReturnType<Tasks[Task]>
}

interface Hand {
  child: ChildProcess
  asked: number
  isReady: boolean
  /** Ends it when nothing has been asked for a while. */
  rest?: NodeJS.Timeout
}

class Crash extends Error {}

const watchEvery = 100
const restFor = 30_000
// Above this at rest a process has kept what it should have given back.
const mostAtRest = 300
// Others are at work on the same cores: what is refused has had its share of one, and this many times as long.
const patience = 20

export function openWorkshop(limits: Limits): Workshop {
  const idle: Hand[] = []

  function leave(hand: Hand): void {
    const at = idle.indexOf(hand)
    if (at >= 0) idle.splice(at, 1)
    hand.child.kill('SIGKILL')
  }

  function putToRest(hand: Hand): void {
    const { megabytes } = spentBy(hand.child.pid)
    if (hand.asked >= limits.asked || megabytes > mostAtRest) return leave(hand)
    hand.rest = setTimeout(leave, restFor, hand).unref()
    idle.push(hand)
  }

  function take(): Hand {
    const rested = idle.pop()
    if (rested) {
      clearTimeout(rested.rest)
      return rested
    }
    const hand = { child: start(), asked: 0, isReady: false }
    hand.child.once('exit', () => leave(hand))
    return hand
  }

  async function run(asked: Asked, pixels: number): Promise<unknown> {
    // Once more in a fresh process: what crashed may have been an earlier picture's doing, or somebody's kill.
    for (let tries = 1; ; tries++) {
      const hand = take()
      try {
        const value = await ask(hand, asked, limits, pixels)
        putToRest(hand)
        return value
      } catch (error) {
        const { killed, exitCode, signalCode } = hand.child
        if (!killed && exitCode === null && signalCode === null) putToRest(hand)
        if (!(error instanceof Crash)) throw error
        if (tries === 2) {
          throw new Unfit(
            `makes the program that reads pictures crash (${error.message}): save it again as plain TIFF, PNG or JPEG and retry`,
            { cause: error },
          )
        }
      }
    }
  }

  return {
    run: <Task extends keyof Tasks>(task: Task, pixels: number, ...args: unknown[]) =>
      run({ task, args }, pixels) as ReturnType<Tasks[Task]>,
  }
}

/** What runs the sources where they are not built; by its address, since Node looks for a bare name in the working folder. */
const translator = (): string =>
  pathToFileURL(createRequire(import.meta.filename).resolve('tsx')).href

function start(): ChildProcess {
  const ending = extname(import.meta.filename)
  const child = fork(join(import.meta.dirname, `at-work${ending}`), {
    execArgv: ending === '.ts' ? ['--import', translator()] : [],
    // None of the server's secrets. Two arenas of memory, not one a thread: freed memory goes back.
    env: { MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  // Whoever waits for an answer keeps the server running, a process at rest does not.
  child.unref()
  child.channel?.unref()
  return child
}

async function ask(hand: Hand, asked: Asked, limits: Limits, pixels: number): Promise<unknown> {
  const { child } = hand
  hand.asked += 1
  const listeners = new AbortController()
  try {
    return await new Promise((done, failed) => {
      const send = (): void => void child.send(asked, () => undefined)
      const onMessage = (told: Told): void => {
        if (told.kind === 'ready') {
          hand.isReady = true
          send()
        } else if (told.kind === 'done') done(told.value)
        else if (told.kind === 'unfit') failed(new Unfit(told.message))
        else failed(new Error(told.message))
      }
      const onExit = (code: number | null, signal: string | null): void =>
        failed(
          hand.isReady
            ? new Crash(signal ?? `exit code ${code}`)
            : new Error(`the process that reads pictures did not start (${signal ?? code})`),
        )
      child.on('message', onMessage)
      child.once('exit', onExit)
      child.once('error', failed)
      const watch = setInterval(watcher(child, limits, pixels, failed), watchEvery)
      listeners.signal.addEventListener('abort', () => {
        clearInterval(watch)
        child.off('message', onMessage).off('exit', onExit).off('error', failed)
      })
      if (hand.isReady) send()
    })
  } finally {
    listeners.abort()
  }
}

/** Kills the process when it is beyond its limits. */
function watcher(
  child: ChildProcess,
  limits: Limits,
  pixels: number,
  failed: (reason: Unfit) => void,
): () => void {
  const seconds = limits.seconds(pixels)
  const before = spentBy(child.pid)
  const began = performance.now()
  return () => {
    const spent = spentBy(child.pid)
    const late = performance.now() - began > seconds * patience * 1000
    const problem =
      spent.megabytes > limits.megabytes
        ? `takes more than ${limits.megabytes} MB of memory to read: save it as a tiled TIFF or a plain (baseline) JPEG and retry`
        : late || spent.seconds - before.seconds > seconds
          ? `takes longer to read than a picture of its size should: save it again as plain TIFF, PNG or JPEG and retry`
          : undefined
    if (!problem) return
    child.kill('SIGKILL')
    failed(new Unfit(problem))
  }
}

/** Seconds of a core so far, and megabytes now, as Linux counts them; elsewhere nothing, and only time on the wall is kept. */
function spentBy(pid: number | undefined): { seconds: number; megabytes: number } {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [user = 0, system = 0] = line
      .slice(line.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number)
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    return { seconds: (user + system) / 100, megabytes: kilobytes / 1024 }
  } catch {
    return { seconds: 0, megabytes: 0 }
  }
}

// A pixel of a photograph costs 30 ns: ten times as much is not a picture but an attack, or a decoder that does not end.
export const shop = openWorkshop({
  seconds: (pixels) => 20 + 0.3e-6 * pixels,
  megabytes: 1500,
  asked: 200,
})
