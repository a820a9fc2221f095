// Search: the door. Asking is `ctx.engine.search`; here is what feeds the index.
export { documentOf, languageTag } from './document.ts'
export { indexReader, rebuildIndex } from './reader.ts'
