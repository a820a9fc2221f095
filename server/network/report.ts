// What a harvest tells: counts, and its problems by kind with a few examples each, however many there were.
import type { Problem, ProblemCode } from '../../harvester/diagnosis.ts'
import type { JsonObject } from '../../schemas/record.ts'

export interface Noted {
  code: ProblemCode | 'diagnosis'
  count: number
  examples: { message: string; identifier?: string }[]
}

export interface Progress {
  pages: number
  records: number
  added: number
  changed: number
  unchanged: number
  deleted: number
  refused: number
  /** As the source announced it. */
  completeListSize?: number
}

export interface HarvestReport extends Progress {
  source: string
  /** `stopped`: it goes on where it is at the next run. */
  status: 'complete' | 'failed' | 'stopped'
  /** It went on where an earlier run had stopped. */
  resumed: boolean
  /** It asked for what changed since then; absent: for all. */
  from?: string
  /** Why it failed: a code to sort by and a sentence for the operator. */
  diagnosis?: { code: string; message: string }
  problems: Noted[]
  seconds: number
}

const examples = 5
const longestMessage = 500

const refusals: ProblemCode[] = [
  'record-not-well-formed',
  'record-without-header',
  'record-without-metadata',
  'record-too-large',
  'metadata-unread',
]

/** After one of these a list is not known to be complete: what seems to be missing may be there. */
const gaps: ProblemCode[] = [
  'record-without-header',
  'fewer-than-announced',
  'list-ended-early',
  'dates-lost',
]

export const isRefusal = (problem: Problem): boolean => refusals.includes(problem.code)

export class Notes {
  private readonly byCode = new Map<string, Noted>()

  constructor(earlier: JsonObject[] | null = null) {
    for (const each of (earlier ?? []) as unknown as Noted[]) this.byCode.set(each.code, each)
  }

  add({ code, message, identifier }: Omit<Problem, 'code'> & { code: Noted['code'] }): void {
    const noted = this.byCode.get(code) ?? { code, count: 0, examples: [] }
    noted.count++
    if (noted.examples.length < examples) {
      const shown = message.slice(0, longestMessage)
      noted.examples.push({ message: shown, ...(identifier !== undefined && { identifier }) })
    }
    this.byCode.set(code, noted)
  }

  has(code: ProblemCode): boolean {
    return this.byCode.has(code)
  }

  /** @param isCounted the operator knows how long the list is */
  hasGap(isCounted: boolean): boolean {
    return gaps.some((code) => this.has(code) && !(isCounted && code === 'fewer-than-announced'))
  }

  count(code: string): number {
    return this.byCode.get(code)?.count ?? 0
  }

  get list(): Noted[] {
    return [...this.byCode.values()]
  }
}
