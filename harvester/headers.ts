// Headers without their records (OAI-PMH 2.0, ListIdentifiers): to count a list, and to name what it could not give.
import { attributeOf, childrenOf, childText } from '../schemas/xml-tree.ts'
import type { Answered, Client } from './client.ts'
import { Diagnosis } from './diagnosis.ts'

export interface Header {
  identifier: string
  datestamp: string
  deleted: boolean
}

interface HeaderRequest {
  metadataPrefix: string
  from?: string
  until?: string
  set?: string
}

/**
 * Pages of headers until the end of the list.
 * @throws Diagnosis
 */
export async function* listHeaders(
  client: Client,
  request: HeaderRequest,
  signal?: AbortSignal,
): AsyncGenerator<Header[], void> {
  const seen = new Set<string>()
  let query: Record<string, string> = { verb: 'ListIdentifiers', ...request }
  for (;;) {
    const page = await client.ask(query, signal)
    const headers = headersOf(page)
    if (!headers) return
    yield headers
    const token = page.token?.value
    if (!token) return
    if (seen.has(token) || !headers.length) {
      throw new Diagnosis('token-repeats', 'its list of identifiers would never end')
    }
    seen.add(token)
    query = { verb: 'ListIdentifiers', resumptionToken: token }
  }
}

/** How long a list is, as far as one request can tell. */
export async function listSize(
  client: Client,
  request: HeaderRequest,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const page = await client.ask({ verb: 'ListIdentifiers', ...request }, signal)
  const headers = headersOf(page)
  if (!headers) return 0
  return page.token?.value ? page.token.completeListSize : headers.length
}

/** undefined where nothing matches */
function headersOf(page: Answered): Header[] | undefined {
  const { answer, errors } = page
  if (answer?.name !== 'ListIdentifiers') {
    const [error] = errors
    if (error?.code === 'noRecordsMatch') return undefined
    const said = `${error?.code ?? 'something else'} ${error?.message ?? ''}`.trim()
    throw new Diagnosis('oai-error', `it answers ListIdentifiers with ${said}`)
  }
  return childrenOf(answer, 'header').flatMap((each) => {
    const identifier = childText(each, 'identifier')
    const deleted = attributeOf(each, 'status')?.trim().toLowerCase() === 'deleted'
    return identifier ? { identifier, datestamp: childText(each, 'datestamp') ?? '', deleted } : []
  })
}
