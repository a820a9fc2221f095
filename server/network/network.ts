// The door of the network. (A placeholder until the harvest is merged: the shape is agreed, the answer is empty.)
import type { Context } from '../context.ts'

export interface SourceSummary {
  slug: string
  name: string
  url: string
  homepage?: string
  level?: string
  records: number
  lastHarvest?: {
    endedAt: Date | null
    status: 'running' | 'complete' | 'failed'
    added: number
    changed: number
    deleted: number
  }
  collectionSlug: string
  children: { name: string; url?: string; records: number }[]
}

export async function listSources(_ctx: Context): Promise<SourceSummary[]> {
  return []
}
