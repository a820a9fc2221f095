// A fresh PostgreSQL for a benchmark: DATABASE_URL's, or an embedded one in a temporary folder.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { joinTemporary } from '../server/db/embedded.ts'

export interface Stage {
  folder: string
  databaseUrl: string
  clear(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const given = process.env['DATABASE_URL']
  if (given) {
    const folder = mkdtempSync(join(tmpdir(), 'campa-bench-'))
    const clear = async (): Promise<void> => rmSync(folder, { recursive: true, force: true })
    return { folder, databaseUrl: given, clear }
  }
  const server = await joinTemporary('campa-bench')
  await server.createDatabase('bench')
  return { folder: server.folder, databaseUrl: server.url('bench'), clear: () => server.leave() }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** By their names: Elasticsearch deletes nothing by a pattern. */
export async function forgetIndexes(url: string | undefined, prefix: string): Promise<void> {
  if (!url) return
  const list = await fetch(`${url}/_cat/indices/${prefix}*?h=index`)
  for (const name of (await list.text()).split(/\s+/).filter(Boolean))
    await fetch(`${url}/${name}`, { method: 'DELETE' })
}
