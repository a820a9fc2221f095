// What the records of a list stand in: the start tags around them, with prefixes that they inherit, and the end tags.
import { readElement, type Scope, type XmlElement } from '../schemas/xml-tree.ts'
import type { Problem } from './diagnosis.ts'
import { PlainReader, unjudged } from './plain.ts'
import { isProblem, readRecord, type HarvestedRecord } from './record.ts'
import { faultOf, type Fault } from './well-formed.ts'

export interface Read {
  records: HarvestedRecord[]
  problems: Problem[]
}

export class Envelope {
  private readonly before: Buffer
  private readonly after: Buffer
  private readonly scope: Scope
  private readonly plain: PlainReader

  /**
   * @param text of the page, in which the elements stand
   * @param after end tags of both
   */
  constructor(text: string, root: XmlElement, list: XmlElement, after: string) {
    const tags = [root, list].map((each) => text.slice(each.start, each.innerStart))
    const name = text.slice(list.start + 1, list.nameEnd)
    this.before = Buffer.from(tags.join(''))
    this.after = Buffer.from(after)
    this.scope = list.scope
    const prefix = name.slice(0, name.indexOf(':') + 1)
    this.plain = new PlainReader(prefix, list.scope, (xml) => !this.faultIn(Buffer.from(xml)))
  }

  /**
   * What is wrong with a part of the list.
   * @param isEnd whether it holds the end tags
   */
  faultIn(part: Buffer, isEnd = false): Fault | undefined {
    const parts = isEnd ? [this.before, part] : [this.before, part, this.after]
    const fault = faultOf(Buffer.concat(parts))
    return fault && { ...fault, at: Math.max(0, fault.at - this.before.length) }
  }

  /**
   * Reads the records that a part begins with as long as they are so simple that nobody need judge them.
   * @returns how many bytes they have
   */
  readFlat(bytes: Buffer, into: Read): number {
    const part = unjudged(bytes)
    let at = part ? part.text.search(/[^ \t\r\n]/) : -1
    if (!part || at < 0) return 0
    for (;;) {
      const met = this.plain.readFlat(part, at)
      if (!met) return at
      take(met.read, into)
      at = met.end
    }
  }

  /**
   * Reads a part of the list that is well-formed, up to the end of the list.
   * @returns elements that are no records
   */
  read(text: string, into: Read): XmlElement[] {
    const others: XmlElement[] = []
    for (let at = next(text, 0); at >= 0;) {
      const plain = this.plain.read(text, at)
      let read = plain?.read
      let end = plain?.end
      if (!plain) {
        // Its tree is let go at once: a stretch of 1,000 would be 100,000 objects.
        const element = readElement(text, at, this.scope)
        end = element.end
        if (element.name === 'record') read = readRecord(element, text)
        else others.push(element)
      }
      if (read) take(read, into)
      at = next(text, end ?? text.length)
    }
    return others
  }
}

function take(read: HarvestedRecord | Problem, { records, problems }: Read): void {
  if (isProblem(read)) problems.push(read)
  else records.push(read)
}

/** Where the next element begins; -1 where the list ends before. */
function next(text: string, from: number): number {
  for (let at = text.indexOf('<', from); at >= 0; at = text.indexOf('<', at)) {
    const close = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : undefined
    if (!close) return text.startsWith('</', at) ? -1 : at
    at = text.indexOf(close, at) + close.length
  }
  return -1
}
