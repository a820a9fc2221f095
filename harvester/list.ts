// One list of records as a loop over its pages: it hides the tokens and notices their dangers (OAI-PMH 2.0, section 3.5).
import type { Client, Part } from './client.ts'
import { Diagnosis, type DiagnosisCode, type Problem } from './diagnosis.ts'
import type { PageEnd } from './page.ts'
import type { HarvestedRecord } from './record.ts'

/** A page of a list, or a part of a long one. */
export interface ListPage {
  /** The list begins here. */
  first: boolean
  /** The page ends here. */
  last: boolean
  /** The list ends here. */
  done: boolean
  /** It was given before, by an attempt at this page that broke off. */
  again: boolean
  responseDate?: string
  records: HarvestedRecord[]
  /** With it the list goes on after this page; absent on the last one, and where it must not be used again. */
  token?: string
  completeListSize?: number
  problems: Problem[]
}

const mostEmptyPages = 20

/**
 * Pages of ListRecords until the end, long ones in parts. The list is complete when the iteration ends without throwing.
 * @param query of the first page, or with the token where to go on
 * @throws Diagnosis
 */
export async function* walk(
  client: Client,
  query: Record<string, string>,
  signal?: AbortSignal,
  attempts?: number,
): AsyncGenerator<ListPage, void> {
  let asked: Record<string, string> = { verb: 'ListRecords', ...query }
  let token = query['resumptionToken']
  const watch = new Watch(token)
  for (;;) {
    let end: PageEnd | undefined
    let parts = 0
    let rest: Part | undefined
    for await (const part of client.list(asked, signal, attempts)) {
      watch.count(part)
      if (part.end) {
        end = part.end
        rest = part
      } else {
        yield listPage(part, { first: token === undefined && parts++ === 0, done: false }, [])
      }
    }
    if (!end || !rest) return
    const isEmpty = hasError(end, 'noRecordsMatch')
    if (isRefused(end) && !isEmpty) throw withEvidence(refusal(end, token), client, asked, end)
    const next = end.token?.value || undefined
    const fault = watch.see(end, token, next)
    const noted = watch.endedBy(next)
    if (isEmpty && token !== undefined) {
      noted.push({ code: 'list-ended-early', message: 'a token was answered with noRecordsMatch' })
    }
    const first = token === undefined && parts === 0
    const place = { first, done: next === undefined, token: fault ? undefined : next }
    yield listPage(rest, place, noted)
    if (fault) throw withEvidence(fault, client, asked, end)
    if (!next) return
    token = next
    asked = { verb: 'ListRecords', resumptionToken: next }
  }
}

/** Where nothing was wrong with the page itself there is its address, and its end, where its token stands. */
function withEvidence(
  fault: Diagnosis,
  client: Client,
  asked: Record<string, string>,
  { last }: PageEnd,
): Diagnosis {
  const url = new URL(client.url)
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  fault.evidence = { bytes: last, url: url.href }
  return fault
}

const isRefused = ({ errors, answer, isList }: PageEnd): boolean =>
  errors.length > 0 && !answer && !isList

const hasError = (end: PageEnd, code: string): boolean =>
  isRefused(end) && end.errors.some((each) => each.code === code)

const named: Record<string, DiagnosisCode> = {
  badArgument: 'argument-refused',
  badResumptionToken: 'token-dead',
  cannotDisseminateFormat: 'format-refused',
}

function refusal({ errors: [first] }: PageEnd, token: string | undefined): Diagnosis {
  const { code = '', message = '' } = first ?? {}
  // Some call a token that they no longer know a bad argument.
  if (token !== undefined && (code === 'badResumptionToken' || code === 'badArgument')) {
    return new Diagnosis(
      'token-dead',
      `its tokens die before they are used: ${message || 'badResumptionToken'}`,
    )
  }
  return new Diagnosis(
    named[code] ?? 'oai-error',
    `it refuses with ${code || 'an error'}${message ? `: ${message}` : ''}`,
  )
}

function listPage(
  part: Part,
  { first, done, token }: { first: boolean; done: boolean; token?: string | undefined },
  noted: Problem[],
): ListPage {
  const { records, responseDate, end, again } = part
  const size = end?.token?.completeListSize
  return {
    first: first && !again,
    last: end !== undefined,
    done,
    again,
    records,
    problems: [...noted, ...part.problems],
    ...(responseDate && { responseDate }),
    ...(token && { token }),
    ...(size !== undefined && { completeListSize: size }),
  }
}

/** One that was refused has come, too. */
const isRecord = ({ code, identifier }: Problem): boolean =>
  code === 'record-without-header' || (code !== 'characters-replaced' && identifier !== undefined)

/** A list may be longer than it said, for records come while it is read; but not like this. */
const mostBeyond = 1000

/** Notices lists that never end, in constant memory. */
class Watch {
  private readonly isWhole: boolean
  private steps = 0
  // Brent: what is remembered moves on at powers of two, so that any cycle meets it.
  private rememberedToken: string | undefined
  private rememberedPage: string | undefined
  private lastPage: string | undefined
  private ends: [first: string, last: string] | undefined
  private empty = 0
  private records = 0
  private size: number | undefined

  constructor(token: string | undefined) {
    this.isWhole = token === undefined
  }

  count({ records, problems, again }: Part): void {
    const [first, last] = [records[0], records.at(-1)]
    if (first && last) this.ends = [this.ends?.[0] ?? first.identifier, last.identifier]
    if (!again) this.records += records.length + problems.filter(isRecord).length
  }

  /** At the end of a page. */
  see(end: PageEnd, token: string | undefined, next: string | undefined): Diagnosis | undefined {
    this.size = end.token?.completeListSize ?? this.size
    this.empty = this.ends ? 0 : this.empty + 1
    // Pages are known by how they begin and end.
    const page = this.ends?.join('\n')
    const seen = page !== undefined && (page === this.lastPage || page === this.rememberedPage)
    this.ends = undefined
    if (next === undefined) return undefined
    const isToken = next === token || next === this.rememberedToken
    if (isToken) {
      const message = 'the same token comes again: the list would never end'
      return new Diagnosis('token-repeats', message, { hopeless: seen })
    }
    if (seen) return new Diagnosis('identical-pages', 'the same page comes again and again')
    if (this.empty > mostEmptyPages) {
      return new Diagnosis('empty-pages', `${this.empty} pages in a row hold no record`)
    }
    if (this.size && this.records > this.size * 2 + mostBeyond) {
      const message = `${this.size} records were announced, ${this.records} came, and there is no end`
      return new Diagnosis('endless', message)
    }
    this.steps++
    this.lastPage = page
    if (Number.isInteger(Math.log2(this.steps))) {
      this.rememberedToken = next
      this.rememberedPage = page
    }
    return undefined
  }

  /** What is to be said of a list that ends here. */
  endedBy(next: string | undefined): Problem[] {
    if (next !== undefined || !this.isWhole || this.records >= (this.size ?? 0)) return []
    const message = `${this.size} records were announced and ${this.records} came`
    return [{ code: 'fewer-than-announced', message }]
  }
}
