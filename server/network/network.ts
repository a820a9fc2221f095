// The door: sources that this brick reads, and reading them.
export { clientFor, userAgent } from './client.ts'
export { framedPage, refusedBy, saidPart, type Said } from './page-frame.ts'
export { forget, keep } from './forgetting.ts'
export { harvestSource, type HarvestOptions } from './run.ts'
export { isBrick } from './formats.ts'
export {
  addSource,
  changeSource,
  findByDoor,
  findSource,
  introduce,
  plainAddress,
  sourceById,
  type Introduction,
  type SourceOptions,
} from './sources.ts'
export { childrenOf, listSources, type SourceSummary } from './summaries.ts'
export type { HarvestReport, Progress } from './report.ts'
export type { Source } from './entities.ts'
export { healthStates } from './health.ts'
export { remedyText, troubleText } from './troubles.ts'
