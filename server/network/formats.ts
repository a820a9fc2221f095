// Which metadata format a source is asked for: the first of an order that it gives, and gives all its records in.
import type { Client } from '../../harvester/client.ts'
import { Diagnosis, reasonOf, type Problem } from '../../harvester/diagnosis.ts'
import { listSize } from '../../harvester/headers.ts'
import { listMetadataFormats, type Identity } from '../../harvester/identify.ts'
import { edm, mets, mods, oaiDatacite, oaiDc } from '../../schemas/oai.ts'
import type { Source } from './entities.ts'
import { writePlan, type Run } from './harvests.ts'

// EDM names pictures and keepers, for which oai_dc has no place.
const usual = [edm, mods, oaiDatacite, oaiDc].map((each) => each.metadataPrefix)
// Bricks give each other METS, for it leaves no record out and nothing of a record.
const ofBricks = [mets.metadataPrefix, ...usual]

/** Whether this is what a CaMPA brick says of itself in Identify. */
export function isBrick(description: unknown): boolean {
  const format =
    description && typeof description === 'object' && 'format' in description
      ? description.format
      : undefined
  return typeof format === 'string' && format.startsWith('CaMPA')
}

export interface Choice {
  /** undefined: it gives none that is wanted. */
  prefix?: string
  offered: string[]
  problems: Problem[]
}

/** A list that is shorter by more than this leaves records out, and not just those that came a moment ago. */
const leastShare = 0.98

/** Formats to ask for, the best one first. */
function orderFor(source: Pick<Source, 'formats'>, { description }: Description): string[] {
  return source.formats ?? (isBrick(description) ? ofBricks : usual)
}

type Description = Pick<Identity, 'description'>

/**
 * Asks which formats there are. Of those that nobody has chosen the first is taken that is not short of records.
 * @param refused what the source offers and does not give
 * @throws Diagnosis
 */
export async function chooseFormat(
  client: Client,
  source: Pick<Source, 'formats' | 'setSpec'>,
  identity: Description,
  signal?: AbortSignal,
  refused = new Set<string>(),
): Promise<Choice> {
  const formats = await listMetadataFormats(client, signal)
  const offered = formats.map((each) => each.metadataPrefix)
  const wanted = orderFor(source, identity).filter(
    (each) => offered.includes(each) && !refused.has(each),
  )
  const [first] = wanted
  const problems: Problem[] = []
  if (source.formats === null && !isBrick(identity.description)) {
    for (const prefix of wanted) {
      if (prefix === oaiDc.metadataPrefix) return { prefix, offered, problems }
      const short = await shortage(client, prefix, source.setSpec, signal)
      if (!short) return { prefix, offered, problems }
      problems.push({ code: 'format-partial', message: short })
    }
  }
  return { ...(first !== undefined && { prefix: first }), offered, problems }
}

/** Why not all records are given in this format. */
async function shortage(
  client: Client,
  prefix: string,
  setSpec: string | null,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const size = async (metadataPrefix: string): Promise<number | undefined> => {
    const request = { metadataPrefix, ...(setSpec !== null && { set: setSpec }) }
    try {
      return await listSize(client, request, signal)
    } catch (error) {
      if (signal?.aborted || !(error instanceof Diagnosis)) throw error
      return undefined
    }
  }
  const [all, some] = [await size(oaiDc.metadataPrefix), await size(prefix)]
  return all !== undefined && some !== undefined && some < all * leastShare
    ? `it has ${some} records in ${prefix} and ${all} in oai_dc`
    : undefined
}

/** Asks for the best format that the source gives now. */
export async function settleFormat(run: Run): Promise<void> {
  const { source, identity, client, notes, signal } = run
  try {
    const { prefix, problems } = await chooseFormat(client, source, identity, signal)
    for (const problem of problems) notes.add(problem)
    if (prefix !== undefined) await changeFormat(run, prefix)
  } catch (error) {
    if (signal.aborted || !(error instanceof Diagnosis)) throw error
    notes.add({ code: 'formats-unread', message: reasonOf(error) })
  }
}

/**
 * After a format was refused that had been offered: the next one. All is listed in it.
 * @returns whether there is one
 */
export async function anotherFormat(run: Run): Promise<boolean> {
  const { ctx, source, identity, client, harvest, signal, refused } = run
  if (source.metadataPrefix !== null) refused.add(source.metadataPrefix)
  const { prefix } = await chooseFormat(client, source, identity, signal, refused)
  if (prefix === undefined) return false
  await changeFormat(run, prefix)
  const all = { metadataPrefix: prefix, from: null, resumptionToken: null, place: null }
  await writePlan(ctx, Object.assign(harvest, all))
  return true
}

async function changeFormat({ ctx, source, notes }: Run, prefix: string): Promise<void> {
  const before = source.metadataPrefix
  if (prefix === before) return
  source.metadataPrefix = prefix
  await ctx.db.query('UPDATE sources SET metadata_prefix = $2 WHERE id = $1', [source.id, prefix])
  const message = `it is asked for ${prefix} now, and was for ${before ?? 'nothing'}`
  notes.add({ code: 'format-changed', message })
}
