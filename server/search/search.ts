// Search: the door. Asking is `ctx.engine.search`; here is what feeds the index, and what the words of an address mean.
export { documentOf, languageTag } from './document.ts'
export { limits, queryOf, readWish, sorts } from './query.ts'
export { indexLag, indexReader, rebuildIndex } from './reader.ts'
