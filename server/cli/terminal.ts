// How commands speak: a bar on a terminal, plain lines elsewhere.
import { SingleBar } from 'cli-progress'

export interface ProgressLine {
  update(done: number, note: string): void
  stop(): void
}

/** @param total in the unit of `update`; 0 where it is not known */
export function progressLine(label: string, total: number): ProgressLine {
  return process.stderr.isTTY ? bar(label, total) : lines(label, total)
}

function bar(label: string, total: number): ProgressLine {
  const format = total > 0 ? `${label} [{bar}] {percentage}% {note}` : `${label} {note}`
  const made = new SingleBar({
    format,
    hideCursor: true,
    clearOnComplete: false,
    stream: process.stderr,
  })
  made.start(total || 1, 0, { note: '' })
  return {
    update: (done, note) => made.update(Math.min(done, total || 1), { note }),
    stop: () => made.stop(),
  }
}

const every = 5000

function lines(label: string, total: number): ProgressLine {
  let last = Date.now()
  return {
    update(done, note) {
      if (Date.now() - last < every) return
      last = Date.now()
      const share = total > 0 ? ` ${Math.floor((100 * done) / total)} %` : ''
      process.stderr.write(`${label}${share} ${note}\n`)
    },
    stop: () => undefined,
  }
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`)

export const complain = (text: string): void => void process.stderr.write(`${text}\n`)

/** `1,234` */
export const count = (value: number): string => value.toLocaleString('en-GB')

/**
 * Aborts at the first SIGINT or SIGTERM; a later one ends the process at once. Under npm one Ctrl+C arrives twice, from the
 * terminal and from npm: what follows within a second is the same one.
 */
export function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  let first = 0
  const stop = (): void => {
    if (first === 0) {
      first = Date.now()
      stopping.abort(new Error('Stopped.'))
    } else if (Date.now() - first > 1000) process.exit(1)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return stopping.signal
}

/** Waits until it is aborted. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((done) => signal.addEventListener('abort', done, { once: true }))
}
