// One record by its identifier (OAI-PMH 2.0, GetRecord).
import type { Client } from './client.ts'
import { Diagnosis, reasonOf, type Problem } from './diagnosis.ts'
import type { HarvestedRecord } from './record.ts'

/** `gone`: the source does not know it, or says that it is deleted. */
export type Single = { record: HarvestedRecord } | { gone: true } | { problem: Problem }

/** These are of the source, not of the record. */
const ofSource = new Set(['unreachable', 'busy', 'address-refused', 'timeout', 'connection-cut'])

/** @throws Diagnosis when the source cannot be asked for any record */
export async function getRecord(
  client: Client,
  { identifier, metadataPrefix }: { identifier: string; metadataPrefix: string },
  signal?: AbortSignal,
): Promise<Single> {
  const lost = (message: string, cause?: Diagnosis): Single => ({
    problem: {
      code: 'record-lost',
      message,
      identifier,
      ...(cause?.evidence && { evidence: cause.evidence }),
    },
  })
  try {
    const query = { verb: 'GetRecord', identifier, metadataPrefix }
    let found: Single | undefined
    for await (const { records, problems, end } of client.list(query, signal, 2)) {
      const record = records.find((each) => each.identifier === identifier)
      const [problem] = problems.filter((each) => each.identifier === identifier)
      if (record) found ??= record.deleted ? { gone: true } : { record }
      else if (problem) found ??= lost(problem.message)
      const [error] = end?.errors ?? []
      if (error?.code === 'idDoesNotExist') return { gone: true }
      if (error) found ??= lost(`it refuses with ${error.code} ${error.message}`.trim())
    }
    return found ?? lost('it answers with another record, or none')
  } catch (error) {
    if (signal?.aborted || !(error instanceof Diagnosis) || ofSource.has(error.code)) throw error
    return lost(reasonOf(error), error)
  }
}
