import type { Format } from './format.ts'
export const standardFormats: Format[] = []
