// robots.txt (RFC 9309): what a host wants of programs that come by themselves, with the pause that many of them add.
import type { Stranger } from './addresses.ts'
import { Diagnosis } from './diagnosis.ts'
import { openAnswer, openConnection, usualLimits } from './request.ts'

export interface Robots {
  /** Seconds between two requests. */
  crawlDelay?: number
  rules: { allow: boolean; path: string }[]
}

/** What a robots.txt says to this program: the lines that name it, or those for all where none does. */
export function readRobots(text: string, product: string): Robots {
  const groups = groupsOf(text)
  const mine = groups.filter(({ agents }) => agents.includes(product.toLowerCase()))
  const meant = mine.length ? mine : groups.filter(({ agents }) => agents.includes('*'))
  const delays = meant.flatMap((each) => each.crawlDelay ?? [])
  return {
    rules: meant.flatMap((each) => each.rules),
    ...(delays.length && { crawlDelay: Math.max(...delays) }),
  }
}

interface Group extends Robots {
  agents: string[]
}

function groupsOf(text: string): Group[] {
  const groups: Group[] = []
  let naming = false
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, name, value] = /^\s*([a-z-]+)\s*:\s*([^#]*?)\s*(?:#.*)?$/i.exec(line) ?? []
    if (name === undefined || value === undefined) continue
    const key = name.toLowerCase()
    if (key === 'user-agent') {
      if (!naming) groups.push({ agents: [], rules: [] })
      groups.at(-1)?.agents.push(value.toLowerCase())
    }
    naming = key === 'user-agent'
    const group = groups.at(-1)
    if (!group) continue
    if ((key === 'allow' || key === 'disallow') && value)
      group.rules.push({ allow: key === 'allow', path: value })
    if (key === 'crawl-delay' && Number(value) > 0) group.crawlDelay = Number(value)
  }
  return groups
}

/** The longest rule that fits decides; of two of one length the one that allows. */
export function allows({ rules }: Robots, path: string): boolean {
  const fitting = rules
    .filter((rule) => fits(rule.path, path))
    .toSorted((a, b) => b.path.length - a.path.length || Number(b.allow) - Number(a.allow))
  return fitting[0]?.allow ?? true
}

// `*` stands for anything, `$` at the end for the end. Matched piece by piece, for a pattern from elsewhere must not
// become a regular expression that never ends.
function fits(pattern: string, path: string): boolean {
  const ends = pattern.endsWith('$')
  const pieces = (ends ? pattern.slice(0, -1) : pattern).split('*').map(normal)
  const [first = '', ...others] = pieces
  const given = normal(path)
  if (!given.startsWith(first)) return false
  let at = first.length
  for (const [index, piece] of others.entries()) {
    const last = index === others.length - 1
    const found = ends && last ? given.length - piece.length : given.indexOf(piece, at)
    if (found < at || !given.startsWith(piece, found)) return false
    at = found + piece.length
  }
  return ends ? at === given.length : true
}

/** One way to write what may be written with and without percent signs. */
function normal(path: string): string {
  try {
    return encodeURI(decodeURI(path))
  } catch {
    return path
  }
}

const longest = 500 * 1024
const patience = { connectMs: 10_000, headersMs: 10_000, bodyMs: 10_000, totalMs: 20_000 }

/**
 * The robots.txt of the host of this address: empty where there is none.
 * @throws Diagnosis when the host does not say
 */
export async function fetchRobots(
  url: string,
  userAgent: string,
  signal: AbortSignal,
  stranger?: Stranger,
): Promise<string> {
  const typed = new URL(url)
  const headers = { 'user-agent': userAgent }
  const connection = openConnection(typed, headers, { ...usualLimits, ...patience }, stranger)
  try {
    const address = `${typed.origin}/robots.txt`
    const { status, body } = await openAnswer(connection, address, longest, signal)
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(chunk)
    if (status >= 500)
      throw new Diagnosis('http-status', `its robots.txt is answered with ${status}`)
    return status < 300 ? Buffer.concat(chunks).toString() : ''
  } finally {
    await connection.agent.destroy()
  }
}
