// The left side of a search: facets, years, and the chips that take a filter away again.
import { facets, type Facet, type SearchResult } from '../engine/engine.ts'
import { html, icon, trusted, type Content, type Html, type Visit } from '../web/web.ts'
import { withChosen, type Labels } from './labels.ts'
import { changed, filterCount, parametersOf, toggled, withoutFilters, type Wish } from './query.ts'

const shown = 7

/** One form: without a script it is sent by its button, with one by every change. */
export function filterForm(visit: Visit, wish: Wish, result: SearchResult, labels: Labels): Html {
  const { ctx, t } = visit
  const counted = withChosen(wish, result.facets)
  return html`<aside id="filters" class="filters" aria-labelledby="filters-title">
    <form action="${ctx.links.search()}" data-filters>
      <header class="drawer-head">
        <h2 id="filters-title">${t('search.filters')}</h2>
        <a class="btn quiet" href="#content" data-drawer-close
          >${icon('close')}<span>${t('action.close')}</span></a
        >
      </header>
      ${wish.text && html`<input type="hidden" name="q" value="${wish.text}" />`}${
        wish.view !== 'wall' && html`<input type="hidden" name="view" value="${wish.view}" />`
      }${wish.sort && html`<input type="hidden" name="sort" value="${wish.sort}" />`}
      ${yearsOf(visit, wish)}
      ${facets.map((facet) => facetOf(visit, wish, facet, counted[facet] ?? [], labels))}
      <fieldset class="facet">
        <legend class="unseen">${t('record.picture')}</legend>
        <label
          ><input
            type="checkbox"
            name="pictured"
            value="1"
            ${wish.pictured && trusted(' checked')}
          /><span class="name">${t('search.pictured')}</span></label
        >
      </fieldset>
      <p class="drawer-foot">
        <button class="btn">
          <span class="unscripted">${t('action.apply')}</span
          ><span class="scripted"
            >${t('search.show', { objects: t('site.objects', { count: result.total }) })}</span
          >
        </button>
      </p>
    </form>
  </aside>`
}

function yearsOf(visit: Visit, wish: Wish): Html {
  const { t } = visit
  const input = (name: 'from' | 'to', label: string): Html =>
    html`<label
      >${label}
      <input
        type="number"
        name="${name}"
        value="${wish[name] ?? ''}"
        min="-9999"
        max="2200"
        step="1"
        inputmode="numeric"
    /></label>`
  return html`<fieldset class="facet span">
    <legend>${t('search.years')}</legend>
    ${input('from', t('search.from'))} ${input('to', t('search.to'))}
  </fieldset>`
}

function facetOf(
  visit: Visit,
  wish: Wish,
  facet: Facet,
  counts: { value: string; count: number }[],
  labels: Labels,
): Content {
  if (!counts.length) return ''
  const [chosen, free] = [
    counts.filter(({ value }) => wish.filters[facet].includes(value)),
    counts.filter(({ value }) => !wish.filters[facet].includes(value)),
  ]
  const first = [...chosen, ...free].slice(0, Math.max(shown, chosen.length))
  const more = [...chosen, ...free].slice(first.length)
  const box = ({ value, count }: { value: string; count: number }): Html =>
    html`<label
      ><input
        type="checkbox"
        name="${facet}"
        value="${value}"
        ${wish.filters[facet].includes(value) && trusted(' checked')}
      /><span class="name">${labels.of(facet, value)}</span
      ><span class="count">${visit.words.number(count)}</span></label
    >`
  return html`<fieldset class="facet">
    <legend>${visit.t(`search.${facet}`)}</legend>
    ${first.map(box)}${
      more.length > 0 &&
      html`<details>
        <summary>${visit.t('action.more')}</summary>
        ${more.map(box)}
      </details>`
    }
  </fieldset> `
}

/** What narrows this search, each taken away by one tap. */
export function chips(visit: Visit, wish: Wish, labels: Labels): Content {
  const { ctx, t } = visit
  if (!filterCount(wish)) return ''
  const chip = (name: Content, rest: Wish): Html =>
    html`<li>
      <a class="chip" href="${ctx.links.search(parametersOf(rest))}"
        ><span class="unseen">${t('search.remove', { name: '' })}</span>${name}${icon('close')}</a
      >
    </li>`
  const all: Html[] = facets.flatMap((facet) =>
    wish.filters[facet].map((value) => chip(labels.of(facet, value), toggled(wish, facet, value))),
  )
  if (wish.from !== undefined || wish.to !== undefined) {
    all.push(chip(spanOf(visit, wish), changed(wish, { from: undefined, to: undefined })))
  }
  if (wish.pictured) all.push(chip(t('search.pictured'), changed(wish, { pictured: false })))
  return html`<ul class="chips" aria-label="${t('search.active')}">
    ${all}${
      all.length > 1 &&
      html`<li>
        <a class="clear" href="${ctx.links.search(parametersOf(withoutFilters(wish)))}"
          >${t('search.removeAll')}</a
        >
      </li>`
    }
  </ul>`
}

function spanOf({ t }: Visit, { from, to }: Wish): string {
  if (from === undefined) return t('search.until', { to: to ?? '' })
  if (to === undefined) return t('search.since', { from })
  return from === to ? String(from) : t('search.span', { from, to })
}
