// The tree that this brick hangs in: what is above, itself, what it reads, and what those read; as a map and as a list.
import { levels } from '../../schemas/record.ts'
import {
  html,
  hostOf,
  icon,
  parentUrl,
  safeUrl,
  trusted,
  type Content,
  type Facts,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import { healthStates } from './health.ts'
import { isPlaced, networkMap } from './map.ts'
import { aboutLine, healthLine, levelName, logoOf, onwards, share } from './page-parts.ts'
import type { Child, SourceSummary } from './summaries.ts'
import { chosenFrom, narrows, sorts, wishText, type Wish } from './wish.ts'

/** What the page is made from. */
export interface Network {
  sources: SourceSummary[]
  /** Who keeps what comes through those that are shown, by slug. */
  children: Map<string, Child[]>
  /** Records of this brick's own. */
  own: number
  facts: Facts | undefined
}

const pageLength = 25
/** Bricks below a source that are shown here; its own page has more of them. */
export const mostChildren = 6

/** The sources on the page that is wished for, of all that fit. */
export function shownOn(
  sources: SourceSummary[],
  wish: Wish,
): { chosen: SourceSummary[]; shown: SourceSummary[]; page: number; pages: number } {
  const chosen = chosenFrom(sources, wish)
  const pages = Math.max(1, Math.ceil(chosen.length / pageLength))
  const page = Math.min(wish.page, pages)
  return { chosen, shown: chosen.slice((page - 1) * pageLength, page * pageLength), page, pages }
}

export function networkPage(visit: Visit, network: Network, wish: Wish): Page {
  const { ctx, t } = visit
  const { sources } = network
  return {
    title: t('network.title'),
    description: t('network.lead'),
    part: 'network',
    unlisted: narrows(wish),
    main: html`<div class="wrap network">
      <div class="intro">
        <h1>${t('network.title')}</h1>
        <p class="lead">${t('network.lead')}</p>
      </div>
      <ul class="tree">
        ${above(visit)}
        <li class="node here">${here(visit, network)}</li>
      </ul>
      ${sources.length ? below(visit, network, wish) : empty(visit)}
      <p class="onwards foot-links">
        <a href="${ctx.links.api('network')}">${icon('data')}${t('network.json')}</a
        ><a href="${ctx.links.network('join')}">${icon('plus')}${t('join.title')}</a
        ><a href="${ctx.links.network('operator')}">${icon('lock')}${t('network.forOperator')}</a>
      </p>
    </div>`,
  }
}

function above({ ctx, t }: Visit): Content {
  const url = parentUrl(ctx)
  return (
    url &&
    html`<li class="node parent">
      <div class="knot">
        <p class="node-name"><a href="${url}">${hostOf(url)}</a></p>
        <p class="soft">${icon('up')}${t('site.above')} – ${t('network.aboveText')}</p>
      </div>
    </li>`
  )
}

function here(visit: Visit, { sources, own, facts }: Network): Html {
  const { ctx, t, words } = visit
  const { name, level, operator, place, adminEmail } = ctx.config
  const about = [levelName(visit, level), operator !== name && operator, place?.name]
  return html`<div class="knot">
    <p class="badge">${t('network.here')}</p>
    <h2 class="node-name">${name}</h2>
    <p class="soft">
      ${about.filter(Boolean).join(' · ')} ·
      <a href="mailto:${adminEmail}">${t('network.write')}</a>
    </p>
    <p class="figures">
      <a href="${ctx.links.search()}"
        ><b>${words.number(facts?.objects ?? 0)}</b> ${t('network.total')}</a
      >
      <a href="${ctx.links.search({ brick: name })}"
        ><b>${words.number(own)}</b> ${t('network.own')}</a
      >
      <span
        ><b>${words.number(sources.length)}</b>
        ${t('network.sources', { count: sources.length }).replace(/^\S+\s/, '')}</span
      >
    </p>
  </div>`
}

function empty({ t }: Visit): Html {
  return html`<div class="node-empty">
    <h2>${t('network.empty')}</h2>
    <p>${t('network.emptyText')}</p>
    <pre tabindex="0"><code>node bin/campa.js source add https://museum.example.org/oai</code></pre>
  </div>`
}

function below(visit: Visit, { sources, children }: Network, wish: Wish): Html {
  const { t, words } = visit
  const { chosen, shown, page, pages } = shownOn(sources, wish)
  const largest = Math.max(1, ...sources.map((each) => each.records))
  const found = t('network.found', { count: chosen.length })
  return html`<section aria-labelledby="below">
    <div class="heading">
      <h2 id="below">${t('network.below')}</h2>
      <p class="soft">
        ${chosen.length < sources.length ? t('network.foundOf', { found, all: words.number(sources.length) }) : found}${
          wish.box && ` ${t('network.inBox')}`
        }
      </p>
    </div>
    ${sums(visit, sources, wish)} ${mapPart(visit, sources, chosen, wish)}
    ${sources.length > 5 && filterForm(visit, wish)}
    ${
      shown.length
        ? html`<ul class="tree sources">
            ${shown.map((source) => node(visit, source, children.get(source.slug) ?? [], largest))}
          </ul>`
        : html`<p class="lead">${t('network.nothing')}</p>`
    }
    ${pages > 1 && paging(visit, { ...wish, page }, pages)}
  </section>`
}

const addressOf = ({ ctx }: Visit, wish: Wish): string => ctx.links.network() + wishText(wish)

/** How many are doing how, each a way to those. */
function sums(visit: Visit, sources: SourceSummary[], wish: Wish): Html {
  const { t, words } = visit
  const counted = healthStates.flatMap((state) => {
    const count = sources.filter((each) => each.health.state === state).length
    return count ? [{ state, count }] : []
  })
  return html`<ul class="sums">
    ${counted.toReversed().map(({ state, count }) => {
      const { health, ...rest } = wish
      const chosen = health === state
      const address = addressOf(visit, { ...rest, page: 1, ...(!chosen && { health: state }) })
      return html`<li>
        <a class="health ${state}" href="${address}" ${chosen && trusted('aria-current="true"')}
          ><span class="sign" aria-hidden="true"></span
          ><span><b>${words.number(count)}</b> ${t(`health.name.${state}`)}</span></a
        >
      </li> `
    })}
  </ul>`
}

function mapPart(
  visit: Visit,
  sources: SourceSummary[],
  chosen: SourceSummary[],
  wish: Wish,
): Content {
  const { t } = visit
  const placed = chosen.filter(isPlaced)
  const unplaced = sources.filter((each) => !isPlaced(each)).length
  if (unplaced === sources.length) return ''
  const map = networkMap(visit, placed, (box) => addressOf(visit, { ...wish, box, page: 1 }))
  const { box, ...rest } = wish
  return html`${map}
    <p class="soft map-note">
      ${box && html`<a href="${addressOf(visit, { ...rest, page: 1 })}">${t('network.wholeMap')}</a> `}${
        unplaced > 0 && t('network.unplaced', { count: unplaced })
      }
    </p>`
}

function filterForm(visit: Visit, wish: Wish): Html {
  const { ctx, t } = visit
  const select = (
    name: string,
    label: string,
    options: [value: string, text: string][],
    chosen: string,
  ): Html =>
    html`<p>
      <label for="network-${name}">${label}</label
      ><select id="network-${name}" name="${name}">
        ${options.map(
          ([value, text]) =>
            html`<option value="${value}" ${value === chosen && trusted(' selected')}>
              ${text}
            </option> `,
        )}
      </select>
    </p>`
  const any: [string, string] = ['', t('network.any')]
  const sortNames = {
    name: t('network.byName'),
    records: t('network.byRecords'),
    freshness: t('network.byFreshness'),
    health: t('network.byHealth'),
  }
  return html`<form
    class="narrow"
    action="${ctx.links.network()}"
    role="search"
    aria-label="${t('network.filter')}"
  >
    <p class="wide">
      <label for="network-q">${t('network.words')}</label
      ><input
        id="network-q"
        type="search"
        name="q"
        value="${wish.words}"
        maxlength="200"
        autocomplete="off"
      />
    </p>
    ${select('health', t('network.health'), [any, ...healthStates.map((each): [string, string] => [each, t(`health.name.${each}`)])], wish.health ?? '')}
    ${select('level', t('network.level'), [any, ...([...levels, 'unknown'] as const).map((each): [string, string] => [each, t(`level.${each}`)])], wish.level ?? '')}
    ${select(
      'sort',
      t('network.sort'),
      sorts.map((each) => [each, sortNames[each]]),
      wish.sort,
    )}
    <p class="tools">
      <button class="btn">${t('network.apply')}</button>${
        narrows(wish) &&
        html`<a class="clear" href="${ctx.links.network()}">${t('network.clear')}</a>`
      }
    </p>
  </form>`
}

function paging(visit: Visit, wish: Wish, pages: number): Html {
  const { t } = visit
  const { page } = wish
  const to = (number: number, rel: string, text: string): Html =>
    html`<a class="btn quiet" rel="${rel}" href="${addressOf(visit, { ...wish, page: number })}"
      >${text}</a
    >`
  return html`<nav class="paging" aria-label="${t('network.pageOf', { page, pages })}">
    ${page > 1 && to(page - 1, 'prev', t('network.previous'))}
    <span class="soft">${t('network.pageOf', { page, pages })}</span>
    ${page < pages && to(page + 1, 'next', t('network.next'))}
  </nav>`
}

function node(visit: Visit, source: SourceSummary, children: Child[], largest: number): Html {
  const { ctx, t } = visit
  const { slug, records, childCount } = source
  return html`<li class="node" id="source-${slug}">
    <div class="knot">
      <h3 class="node-name">
        ${logoOf(source)}<a href="${ctx.links.network(slug)}">${source.name}</a>
      </h3>
      <p class="soft">${aboutLine(visit, source)}</p>
      <p class="share">
        <a href="${ctx.links.collection(source.collectionSlug)}"
          >${t('site.objects', { count: records })}</a
        ><span class="meter" style="--h:${share(records, largest)}"></span>
      </p>
      ${healthLine(visit, source)} ${onwards(visit, source)}
    </div>
    ${
      children.length > 0 &&
      html`<ul aria-label="${t('network.children', { count: childCount })}">
        ${children.map((child) => leaf(visit, child, largest))}${
          childCount > children.length &&
          html`<li class="node leaf">
            <p class="knot">
              <a href="${ctx.links.network(slug)}"
                >${t('network.moreChildren', { count: childCount - children.length })}</a
              >
            </p>
          </li>`
        }
      </ul>`
    }
  </li> `
}

/** A brick below a source: what of it is here, and its own site. */
export function leaf(visit: Visit, child: Child, largest: number): Html {
  const { ctx, t } = visit
  const address = safeUrl(child.url)
  return html`<li class="node leaf">
    <div class="knot">
      <p class="node-name">
        ${address ? html`<a href="${address}" rel="noopener">${child.name}</a>` : child.name}
      </p>
      <p class="share">
        <a href="${ctx.links.search({ brick: child.name })}"
          >${t('site.objects', { count: child.records })}</a
        ><span class="meter" style="--h:${share(child.records, largest)}"></span>
      </p>
    </div>
  </li>`
}
