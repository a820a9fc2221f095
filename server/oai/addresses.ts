// Where the door's answers are: for programs and people, as XML only, and one from another.
import type { Verb } from '../../schemas/oai.ts'
import type { Context } from '../context.ts'

export type Asked = { verb?: Verb | undefined } & Record<string, string | undefined>

function withArguments(address: string, { verb, ...others }: Asked): string {
  const query = new URLSearchParams(verb && { verb })
  for (const [name, value] of Object.entries(others)) if (value) query.set(name, value)
  // A colon may stand in a query as it is (RFC 3986, section 3.4), and identifiers and sets are full of them.
  const text = query.toString().replace(/%3A/g, ':')
  return text ? `${address}?${text}` : address
}

/** XML for a program, a page for a person. */
export const doorAddress = (ctx: Context, asked: Asked = {}): string =>
  withArguments(ctx.links.oai(), asked)

/** The same answer, XML for everybody. */
export const xmlAddress = (ctx: Context, asked: Asked = {}): string =>
  withArguments(`${ctx.links.oai()}.xml`, asked)

export const tryAddress = (ctx: Context): string => `${ctx.links.oai()}/try`

/** The pages of records, by OAI identifier; a harvested one has a page here too. */
export async function recordPages(
  ctx: Context,
  identifiers: string[],
): Promise<Map<string, string>> {
  if (!identifiers.length) return new Map()
  const rows = await ctx.db.query<{ id: number; identifier: string }>(
    'SELECT id, identifier FROM records WHERE identifier = ANY($1) AND sequence IS NOT NULL',
    [identifiers],
  )
  return new Map(rows.map(({ id, identifier }) => [identifier, ctx.links.record(String(id))]))
}
