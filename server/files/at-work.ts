// The process that opens pictures which nobody vouches for: told what to do, one thing at a time, it answers, and ends with
// whoever asks it. It is niced, and the first that Linux kills when memory is short.
import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import sharp from 'sharp'
import { cutEdges } from './edge.ts'
import { Unfit } from './picture.ts'
import { likenessOf } from './prints.ts'
import { inspect, makePyramid, soughtOf } from './pyramid.ts'

const tasks = { inspect, makePyramid, cutEdges, likenessOf, soughtOf }

export type Tasks = typeof tasks

export interface Asked {
  task: keyof Tasks
  args: unknown[]
}

export type Told =
  | { kind: 'ready' }
  | { kind: 'done'; value: unknown }
  | { kind: 'unfit' | 'failed'; message: string }

const tell = (told: Told): void => void process.send?.(told)

async function work({ task, args }: Asked): Promise<void> {
  try {
    const value = await (tasks[task] as (...given: unknown[]) => Promise<unknown>)(...args)
    tell({ kind: 'done', value })
  } catch (error) {
    tell({ kind: error instanceof Unfit ? 'unfit' : 'failed', message: (error as Error).message })
  }
}

// Ctrl+C, and whoever stops the service, reaches both processes: the one that asks decides.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
// Node would wait for what libvips has begun.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', (asked: Asked) => void work(asked))

// Answers come first, and yet a busy server gets its pictures in.
setPriority(5)
try {
  writeFileSync('/proc/self/oom_score_adj', '1000')
} catch {
  // Not on Linux, or not allowed to: then the kernel decides by size alone.
}
// Each picture is opened by path once, by one thread: how many are worked on is the server's to decide.
sharp.cache(false)
sharp.concurrency(1)
tell({ kind: 'ready' })
