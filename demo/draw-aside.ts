// The process that draws: asked once, it tells how far it is and what it made. It ends with whoever asked.
import type { Asked, Told } from './aside.ts'
import { makeSamples } from './samples.ts'

const tell = (told: Told): void => void process.send?.(told)

// Ctrl+C reaches both processes; whoever asked decides.
process.on('SIGINT', () => undefined)
process.once('disconnect', () => process.exit(1))
process.once('message', ({ directory, only }: Asked) => {
  makeSamples(directory, {
    onProgress: (done, total) => tell({ kind: 'progress', done, total }),
    ...(only !== undefined && { only }),
  }).then(
    (samples) => tell({ kind: 'done', samples }),
    (error: unknown) =>
      tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  )
})
