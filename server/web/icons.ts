// One set of icons, drawn on a grid of 20 with a line of 1.6; each stands beside a word, so none speaks for itself.
import { trusted, type Html } from './html.ts'

const shapes = {
  search: '<circle cx="8.5" cy="8.5" r="5.5"/><path d="m13 13 4.5 4.5"/>',
  zoomIn: '<circle cx="8.5" cy="8.5" r="5.5"/><path d="m13 13 4.5 4.5M8.5 6v5M6 8.5h5"/>',
  zoomOut: '<circle cx="8.5" cy="8.5" r="5.5"/><path d="m13 13 4.5 4.5M6 8.5h5"/>',
  whole: '<rect x="2.5" y="4.5" width="15" height="11"/><path d="M6 8v4h8V8z"/>',
  full: '<path d="M2.5 7V2.5H7M13 2.5h4.5V7M17.5 13v4.5H13M7 17.5H2.5V13"/>',
  download: '<path d="M10 2.5v10M6 9l4 4 4-4M3 17.5h14"/>',
  quote: '<path d="M8 5C5 6 3.5 8 3.5 11v4H8v-4.5H5.5M17 5c-3 1-4.5 3-4.5 6v4H17v-4.5h-2.5"/>',
  share: '<path d="M10 12.5v-10M6.5 6 10 2.5 13.5 6M5 9.5H3.5v8h13v-8H15"/>',
  panels: '<rect x="2.5" y="3.5" width="15" height="13"/><path d="M8 3.5v13M8 10h9.5"/>',
  out: '<path d="M8 4H3.5v12.5H16V12M11.5 3.5h5v5M16.5 3.5 9.5 10.5"/>',
  filters: '<path d="M2.5 5.5h15M5.5 10h9M8.5 14.5h3"/>',
  close: '<path d="m5 5 10 10M15 5 5 15"/>',
  up: '<path d="M10 17V4M5 8.5 10 3.5l5 5"/>',
  right: '<path d="M3 10h13M11.5 5.5 16 10l-4.5 4.5"/>',
  key: '<rect x="2" y="5" width="16" height="10.5"/><path d="M5 8.5h.01M8.3 8.5h.01M11.6 8.5h.01M15 8.5h.01M6 12h8"/>',
  lock: '<rect x="4" y="9" width="12" height="8.5"/><path d="M6.5 9V6a3.5 3.5 0 0 1 7 0v3"/>',
  data: '<path d="m6.5 5.5-4 4.5 4 4.5M13.5 5.5l4 4.5-4 4.5M11.5 3.5l-3 13"/>',
  again: '<path d="M16 10a6 6 0 1 1-2-4.5M16.5 2.5v4h-4"/>',
  pause: '<path d="M6.5 4v12M13.5 4v12"/>',
  go: '<path d="m5.5 3.5 10 6.5-10 6.5z"/>',
  plus: '<path d="M10 3.5v13M3.5 10h13"/>',
  grid: '<path d="M2.5 3.5h8v6h-8zM13 3.5h4.5v6H13zM2.5 12H7v4.5H2.5zM9.5 12h8v4.5h-8z"/>',
  list: '<path d="M2.5 4.5H6V8H2.5zM2.5 12H6v3.5H2.5zM9 6.2h8.5M9 13.8h8.5"/>',
}

export type Icon = keyof typeof shapes

export function icon(name: Icon): Html {
  return trusted(
    `<svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6">${shapes[name]}</svg>`,
  )
}

/** Three bricks: the mark of CaMPA. */
export const mark: Html = trusted(
  '<svg class="mark" viewBox="0 0 34 34" width="34" height="34" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2"><path d="M1 19h14v14H1zM19 19h14v14H19zM10 1h14v14H10z"/></svg>',
)
