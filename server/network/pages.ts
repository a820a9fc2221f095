// The tree that this brick hangs in: what is above, itself, what it reads, and what those read.
import { levels } from '../../schemas/record.ts'
import {
  html,
  hostOf,
  icon,
  parentUrl,
  safeUrl,
  type Content,
  type Facts,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import type { SourceSummary } from './network.ts'

export function networkPage(
  visit: Visit,
  sources: SourceSummary[],
  own: number,
  facts: Facts | undefined,
): Page {
  const { ctx, t } = visit
  const above = parentUrl(ctx)
  const most = Math.max(1, own, ...sources.map((each) => each.records))
  return {
    title: t('network.title'),
    description: t('network.lead'),
    part: 'network',
    main: html`<div class="wrap">
      <div class="intro">
        <h1>${t('network.title')}</h1>
        <p class="lead">${t('network.lead')}</p>
      </div>
      <ul class="tree">
        ${
          above &&
          html`<li class="node parent">
            <div class="knot">
              <p class="node-name"><a href="${above}">${hostOf(above)}</a></p>
              <p class="soft">${icon('up')}${t('site.above')} – ${t('network.aboveText')}</p>
            </div>
          </li>`
        }
        <li class="node here">
          <div class="knot">
            <p class="badge">${t('network.here')}</p>
            <h2 class="node-name">${ctx.config.name}</h2>
            <p class="soft">
              ${levelName(visit, ctx.config.level)}${ctx.config.operator !== ctx.config.name && ` · ${ctx.config.operator}`}
            </p>
            <p class="figures">
              <a href="${ctx.links.search()}"
                ><b>${visit.words.number(facts?.objects ?? 0)}</b> ${t('network.total')}</a
              >
              <a href="${ctx.links.search({ brick: ctx.config.name })}"
                ><b>${visit.words.number(own)}</b> ${t('network.own')}</a
              >
              <span
                ><b>${visit.words.number(sources.length)}</b>
                ${t('network.sources', { count: sources.length }).replace(/^\S+\s/, '')}</span
              >
            </p>
          </div>
          ${
            sources.length
              ? html`<ul aria-label="${t('network.below')}">
                  ${sources.map((source) => node(visit, source, most))}
                </ul>`
              : empty(visit)
          }
        </li>
      </ul>
    </div>`,
  }
}

function empty({ t }: Visit): Html {
  return html`<div class="node-empty">
    <h2>${t('network.empty')}</h2>
    <p>${t('network.emptyText')}</p>
    <pre tabindex="0"><code>node bin/campa.js source add https://museum.example.org/oai</code></pre>
  </div>`
}

function levelName({ t }: Visit, level: string | undefined): string {
  const known = levels.find((each) => each === level)
  return known ? t(`level.${known}`) : t('level.unknown')
}

function node(visit: Visit, source: SourceSummary, most: number): Html {
  const { ctx, t } = visit
  const home = safeUrl(source.homepage)
  return html`<li class="node" id="collection-${source.collectionSlug}">
    <div class="knot">
      <h3 class="node-name">
        <a href="${ctx.links.collection(source.collectionSlug)}">${source.name}</a>
      </h3>
      <p class="soft">
        ${levelName(visit, source.level)}${
          source.children.length > 0 &&
          ` · ${t('network.children', { count: source.children.length })}`
        }
      </p>
      <p class="share">
        <a href="${ctx.links.search({ collection: source.collectionSlug })}"
          >${t('site.objects', { count: source.records })}</a
        ><span class="meter" style="--h:${share(source.records, most)}"></span>
      </p>
      ${health(visit, source)}
      <p class="onwards">
        ${home && html`<a href="${home}" rel="noopener">${icon('out')}${t('network.site')}</a> `}<a
          href="${safeUrl(source.url) ?? ''}?verb=Identify"
          rel="noopener"
          >${icon('data')}${t('network.oai')}</a
        >
      </p>
    </div>
    ${
      source.children.length > 0 &&
      html`<ul>
        ${source.children.map((child) => leaf(visit, child, most))}
      </ul>`
    }
  </li> `
}

// A square root keeps the small visible beside the large.
const share = (count: number, most: number): string =>
  count ? Math.max(2, Math.sqrt(count / most) * 100).toFixed(0) : '0'

function leaf(visit: Visit, child: SourceSummary['children'][number], most: number): Html {
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
        ><span class="meter" style="--h:${share(child.records, most)}"></span>
      </p>
    </div>
  </li>`
}

/** In words and in shape, never in colour alone. */
function health(visit: Visit, { lastHarvest }: SourceSummary): Html {
  const { t, words, now } = visit
  const state = lastHarvest?.status ?? 'never'
  const when =
    lastHarvest?.endedAt &&
    t(state === 'failed' ? 'network.tried' : 'network.harvested', {
      ago: words.ago(lastHarvest.endedAt, now),
    })
  const changes: Content =
    lastHarvest &&
    state === 'complete' &&
    lastHarvest.added + lastHarvest.changed + lastHarvest.deleted > 0 &&
    t('network.lastChanges', {
      added: words.number(lastHarvest.added),
      changed: words.number(lastHarvest.changed),
      deleted: words.number(lastHarvest.deleted),
    })
  return html`<p class="health ${state}">
    <span class="sign" aria-hidden="true"></span
    ><span
      >${t(`network.${state}`)}${
        when && html`, <time datetime="${lastHarvest?.endedAt?.toISOString()}">${when}</time>`
      }${changes && html` <small>(${changes})</small>`}</span
    >
  </p>`
}
