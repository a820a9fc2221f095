// The door: sources that this brick reads, and reading them.
export { harvestSource, type HarvestOptions } from './run.ts'
export { addSource, changeSource, findSource, type SourceOptions } from './sources.ts'
export { listSources, type SourceSummary } from './summaries.ts'
export type { HarvestReport, Progress } from './report.ts'
export type { Source } from './entities.ts'
