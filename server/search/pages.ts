// The page of results.
import type { SearchDocument, SearchResult } from '../engine/engine.ts'
import {
  html,
  icon,
  list,
  searchBox,
  trusted,
  wall,
  yearBar,
  type Content,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import { chips, filterForm } from './filters.ts'
import type { Labels } from './labels.ts'
import { changed, filterCount, parametersOf, sortOf, sorts, views, type Wish } from './query.ts'

/** What is offered where nothing was found. */
export interface Nearest {
  wishes: { wish: Wish; total: number }[]
  keywords: string[]
  objects: SearchDocument[]
}

export function searchPage(
  visit: Visit,
  wish: Wish,
  result: SearchResult,
  labels: Labels,
  nearest: Nearest | undefined,
): Page {
  const { ctx, t } = visit
  const title = wish.text ? t('search.titleFor', { text: wish.text }) : t('search.titleAll')
  return {
    title: wish.text || filterCount(wish) ? `${title} – ${t('search.title')}` : title,
    part: 'search',
    scripts: ['search.js'],
    unlisted: filterCount(wish) > 0 || wish.after !== undefined || wish.text !== '',
    head: pagingOf(visit, wish, result),
    main: html`<div class="wrap search">
      <h1 class="unseen">${title}</h1>
      ${searchBox(visit, wish.text, carried(wish))}
      <p class="by-image"><a href="${ctx.links.searchByImage()}">${t('likeness.link')}</a></p>
      <div id="found">
        ${nearest ? nothing(visit, wish, labels, nearest) : found(visit, wish, result, labels)}
      </div>
      <p class="unseen" role="status" id="heard">${t('site.objects', { count: result.total })}</p>
    </div>`,
  }
  function pagingOf(_: Visit, from: Wish, { next }: SearchResult): Content {
    return (
      next &&
      html`<link
        rel="next"
        href="${ctx.links.search(parametersOf(changed(from, { after: next })))}"
      /> `
    )
  }
}

// A new word keeps the view, and looks everywhere again.
const carried = (wish: Wish): Content =>
  wish.view !== 'wall' && html`<input type="hidden" name="view" value="${wish.view}" />`

function found(visit: Visit, wish: Wish, result: SearchResult, labels: Labels): Html {
  const { t } = visit
  return html`<div class="bar">
      <p class="total"><strong>${t('site.objects', { count: result.total })}</strong></p>
      <a class="btn quiet drawer-open" href="#filters" data-drawer
        >${icon('filters')}<span
          >${
            filterCount(wish)
              ? t('search.filtersCount', { count: filterCount(wish) })
              : t('search.filters')
          }</span
        ></a
      >
      ${sortForm(visit, wish)} ${viewSwitch(visit, wish)}
    </div>
    ${chips(visit, wish, labels)}
    <a class="skip" href="#results">${t('site.skipResults')}</a>
    <div class="cols">
      ${filterForm(visit, wish, result, labels)}
      <section id="results" tabindex="-1" aria-label="${t('search.results')}">
        ${yearBar(visit, result.histogram, wish, (bin) =>
          visit.ctx.links.search(parametersOf(changed(wish, { from: bin.from, to: bin.to }))),
        )}
        ${
          wish.view === 'list'
            ? list(visit, result.hits)
            : wall(visit, result.hits, { height: 210, eager: wish.after ? 0 : 3 })
        }
        ${paging(visit, wish, result)}
      </section>
    </div>`
}

function sortForm(visit: Visit, wish: Wish): Html {
  const { ctx, t } = visit
  const { sort: _, after: __, ...rest } = parametersOf(wish)
  return html`<form class="sort" action="${ctx.links.search()}" data-sort>
    ${Object.entries(rest).flatMap(([name, value]) =>
      [value].flat().map((each) => html`<input type="hidden" name="${name}" value="${each}" />`),
    )}<label for="sort">${t('search.sort')}</label>
    <select id="sort" name="sort">
      ${sorts
        .filter((each) => each !== 'relevance' || wish.text)
        .map(
          (each) =>
            html`<option value="${each}" ${each === sortOf(wish) && trusted(' selected')}>
              ${t(`search.${each}`)}
            </option>`,
        )}</select
    ><button class="btn quiet unscripted">${t('action.apply')}</button>
  </form>`
}

function viewSwitch(visit: Visit, wish: Wish): Html {
  const { ctx, t } = visit
  return html`<nav class="views" aria-label="${t('search.view')}">
    ${views.map(
      (view) =>
        html`<a
          href="${ctx.links.search(parametersOf(changed(wish, { view })))}"
          ${view === wish.view && trusted(' aria-current="true"')}
          >${icon(view === 'wall' ? 'grid' : 'list')}<span>${t(`search.${view}`)}</span></a
        >`,
    )}
  </nav>`
}

function paging(visit: Visit, wish: Wish, { next }: SearchResult): Content {
  const { ctx, t } = visit
  if (!next && !wish.after) return ''
  return html`<p class="paging" id="paging">
    ${
      next &&
      html`<a
        class="btn"
        href="${ctx.links.search(parametersOf(changed(wish, { after: next })))}"
        rel="next"
        data-more
        >${t('action.more')}</a
      >`
    }${
      wish.after &&
      html`<a class="btn quiet" href="${ctx.links.search(parametersOf(changed(wish, {})))}"
        >${t('search.first')}</a
      >`
    }
  </p>`
}

function nothing(visit: Visit, wish: Wish, labels: Labels, nearest: Nearest): Html {
  const { ctx, t } = visit
  const nameOf = (near: Wish): string => {
    if (!near.text) return t('search.allWithout')
    return near.text === wish.text
      ? t('search.without', { text: near.text })
      : t('search.just', { text: near.text })
  }
  return html`${chips(visit, wish, labels)}
    <div class="nothing">
      <h2>${wish.text ? t('search.nothingFor', { text: wish.text }) : t('search.nothing')}</h2>
      <p class="lead">
        ${filterCount(wish) ? t('search.nothingFilters') : t('search.nothingWords')}
      </p>
      ${
        nearest.wishes.length > 0 &&
        html`<h3>${t('search.nearest')}</h3>
          <ul class="near">
            ${nearest.wishes.map(
              ({ wish: near, total }) =>
                html`<li>
                  <a href="${ctx.links.search(parametersOf(near))}">${nameOf(near)}</a>
                  <span class="soft">${t('site.objects', { count: total })}</span>
                </li>`,
            )}
          </ul>`
      }
      ${
        nearest.keywords.length > 0 &&
        html`<h3>${t('search.popular')}</h3>
          <p class="tags">
            ${nearest.keywords.map(
              (keyword) =>
                html`<a class="tag" href="${ctx.links.search({ keyword })}">${keyword}</a> `,
            )}
          </p>`
      }
    </div>
    ${
      nearest.objects.length > 0 &&
      html`<section id="results" aria-label="${t('search.lookAround')}">
        <h3 class="beside">${t('search.lookAround')}</h3>
        ${wall(visit, nearest.objects, { height: 170 })}
      </section>`
    }`
}
