// What the pages have in common on which the network is run or joined: their frame, and what came of a form.
import { DomainError } from '../http/errors.ts'
import { breadcrumb, html, refusalText, type Content, type Page, type Visit } from '../web/web.ts'

/** What came of a form: done, or why not. */
export type Said<Deed extends string = string> =
  { kind: 'done'; deed: Deed } | { kind: 'refused'; error: DomainError; typed?: URLSearchParams }

/** What a person can mend is told on the page; the rest goes on to the edge of the house. */
export function refusedBy(error: unknown, typed?: URLSearchParams): Said<never> {
  if (!(error instanceof DomainError)) throw error
  return { kind: 'refused', error, ...(typed && { typed }) }
}

/**
 * @param done a deed in words; undefined: it is none of this page
 * @param refused what comes before the reason
 */
export function saidPart<Deed extends string>(
  { words }: Visit,
  said: Said<Deed> | undefined,
  done: (deed: Deed) => string | undefined,
  refused: string,
): Content {
  if (!said) return ''
  if (said.kind === 'refused') {
    return html`<p class="notice failed" role="alert">
      <b>${refused}</b> ${refusalText(words, said.error)}
    </p>`
  }
  const text = done(said.deed)
  return text && html`<p class="notice" role="status">${text}</p>`
}

interface Opening {
  title: string
  lead: Content
  /** What stands below the lead. */
  more?: Content
  /** The way to it from the network, where that is not its title alone. */
  way?: [Content, string?][]
}

export function framedPage(visit: Visit, opening: Opening, main: Content): Page {
  const { ctx, t } = visit
  const { title, lead, more = '', way = [[title]] } = opening
  return {
    title,
    part: 'network',
    unlisted: true,
    main: html`<div class="wrap network">
      ${breadcrumb(visit, [[t('network.title'), ctx.links.network()], ...way])}
      <div class="intro">
        <h1>${title}</h1>
        <p class="lead">${lead}</p>
        ${more}
      </div>
      ${main}
    </div>`,
  }
}
