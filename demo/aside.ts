// Draws in a process of its own: the bricks that start meanwhile keep their event loop, and glibc keeps two arenas of
// memory instead of one a thread (peak RSS 342 MB instead of 560).
import { fork } from 'node:child_process'
import { extname, join } from 'node:path'
import type { SampleCollection, SampleOptions } from './samples.ts'

export interface Asked {
  directory: string
  only?: number
}

export type Told =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'done'; samples: SampleCollection[] }
  | { kind: 'failed'; message: string }

/** As `makeSamples` of samples.ts, and ends with the reason of its signal. */
export async function makeSamples(
  directory: string,
  { onProgress, only, signal }: SampleOptions & { signal?: AbortSignal } = {},
): Promise<SampleCollection[]> {
  const ending = extname(import.meta.filename)
  const child = fork(join(import.meta.dirname, `draw-aside${ending}`), {
    // By its address: Node looks for a bare name in the folder that the command was given in.
    execArgv: ending === '.ts' ? ['--import', import.meta.resolve('tsx')] : [],
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
  })
  try {
    return await new Promise<SampleCollection[]>((done, failed) => {
      const stop = (): void => failed(signal?.reason as Error)
      signal?.addEventListener('abort', stop, { once: true })
      if (signal?.aborted) stop()
      child.once('error', failed)
      child.once('exit', (code, by) => failed(new Error(`drawing ended with ${by ?? code}`)))
      child.on('message', (told: Told) => {
        if (told.kind === 'progress') onProgress?.(told.done, told.total)
        else if (told.kind === 'done') done(told.samples)
        else failed(new Error(told.message))
      })
      child.send({ directory, ...(only !== undefined && { only }) } satisfies Asked)
    })
  } finally {
    child.removeAllListeners('exit')
    child.kill()
  }
}
