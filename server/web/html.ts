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
  let text = strings[0] ?? ''
  contents.forEach((content, index) => {
    text += render(content) + (strings[index + 1] ?? '')
  })
  return new Html(text)
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
