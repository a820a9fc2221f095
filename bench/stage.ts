// A fresh PostgreSQL for a benchmark: DATABASE_URL's, or an embedded one in a temporary folder.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { joinEmbedded } from '../server/db/embedded.ts'

export interface Stage {
  folder: string
  databaseUrl: string
  clear(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'campa-bench-'))
  chmodSync(folder, 0o755)
  const given = process.env['DATABASE_URL']
  const server = given ? undefined : await joinEmbedded(folder)
  await server?.createDatabase('bench')
  return {
    folder,
    databaseUrl: given ?? server?.url('bench') ?? '',
    async clear() {
      await server?.leave()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
