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
