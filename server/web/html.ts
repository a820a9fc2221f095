// HTML as a value: what is put into a template is escaped unless it is HTML already.

export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

export type Content = Html | string | number | false | null | undefined | Content[]

const special = /[&<>"']/g
const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(special, (character) => entities[character] ?? '')
}

function render(content: Content): string {
  if (content instanceof Html) return content.text
  if (Array.isArray(content)) return content.map(render).join('')
  if (content === false || content === null || content === undefined) return ''
  return escapeHtml(String(content))
}

/** Template literal tag: html`<p title="${title}">${paragraphs}</p>`; attributes must be quoted. */
export function html(strings: TemplateStringsArray, ...contents: Content[]): Html {
  const parts = flushLeft(strings)
  let text = parts[0] ?? ''
  contents.forEach((content, index) => {
    text += render(content) + (parts[index + 1] ?? '')
  })
  return new Html(text)
}

const flushed = new WeakMap<TemplateStringsArray, string[]>()

// Indentation is for us; a fifth of a page would be spaces.
function flushLeft(strings: TemplateStringsArray): string[] {
  const known = flushed.get(strings)
  if (known) return known
  const parts = strings.map((part) => part.replace(/\s*\n\s*/g, '\n'))
  flushed.set(strings, parts)
  return parts
}

/** HTML that we wrote ourselves; never for what came from outside. */
export const trusted = (text: string): Html => new Html(text)

/** JSON for a <script> element: cannot end the element or open a comment. */
export function scriptJson(value: unknown): Html {
  return new Html(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  )
}

/** Only addresses that a browser may follow from a page: no javascript:, data: and the like. */
export function safeUrl(address: string | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined
  return ['http:', 'https:'].includes(new URL(address).protocol) ? address : undefined
}
