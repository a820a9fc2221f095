// The first page: real objects first, then the doors to all the others. An empty brick says what to do next.
import {
  html,
  icon,
  searchBox,
  sentence,
  wall,
  yearBar,
  type Content,
  type Facts,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import type { Overview } from './daily.ts'
import type { Labels } from './labels.ts'

export function homePage(
  visit: Visit,
  { everything, wall: objects }: Overview,
  labels: Labels,
  facts: Facts | undefined,
): Page {
  const { ctx, t } = visit
  const { name } = ctx.config
  const lead = leadOf(visit, everything.total, facts)
  return {
    title: name,
    description: lead,
    scripts: ['search.js'],
    main: html`<div class="wrap hero">
        <h1>${name}</h1>
        <p class="lead">${lead}</p>
        ${searchBox(visit, '')}
      </div>
      <section id="results" class="full hung" aria-labelledby="wall-title">
        <div class="heading">
          <h2 id="wall-title">${t('home.wall')}</h2>
          <p class="soft">${t('home.wallNote')}</p>
        </div>
        ${wall(visit, objects, { height: 250, keepers: (facts?.bricks ?? 1) > 1, eager: 4 })}
        <p class="paging">
          <a class="btn" href="${ctx.links.search()}"
            >${t('home.all', {
              objects: t('site.objects', { count: everything.total }),
            })}${icon('right')}</a
          >
        </p>
      </section>
      ${doors(visit, everything, labels)}`,
  }
}

function leadOf({ ctx, t }: Visit, total: number, facts: Facts | undefined): string {
  const words = {
    objects: t('site.objects', { count: total }),
    collections: t('site.collectionCount', { count: facts?.collections ?? 0 }),
    operator: ctx.config.operator,
  }
  const bricks = facts?.bricks ?? 0
  return bricks > 1
    ? t('home.leadNetwork', { ...words, bricks: t('site.brickCount', { count: bricks }) })
    : t('home.lead', words)
}

function doors(visit: Visit, everything: Overview['everything'], labels: Labels): Html {
  const { ctx, t, words } = visit
  const { facets, histogram } = everything
  const rows = (name: 'collection' | 'brick', addressOf: (value: string) => string): Content =>
    html`<ul class="rows">
      ${(facets[name] ?? []).slice(0, 6).map(
        ({ value, count }) =>
          html`<li>
            <a href="${addressOf(value)}">${labels.of(name, value)}</a>
            <span class="count">${words.number(count)}</span>
          </li>`,
      )}
    </ul>`
  const bar = yearBar(visit, histogram, {}, ({ from, to }) =>
    ctx.links.search({ from: String(from), to: String(to) }),
  )
  return html`<div class="wrap doors">
    ${
      bar &&
      html`<section class="door wide">
        <h2>${t('home.byTime')}</h2>
        ${bar}
      </section>`
    }
    ${
      (facets.keyword ?? []).length > 0 &&
      html`<section class="door">
        <h2>${t('home.byWord')}</h2>
        ${keywords(visit, facets.keyword ?? [])}
      </section>`
    }
    ${
      (facets.collection ?? []).length > 0 &&
      html`<section class="door">
        <h2>${t('home.byCollection')}</h2>
        ${rows('collection', (slug) => ctx.links.collection(slug))}
        <p>
          <a class="onward" href="${ctx.links.collections()}"
            >${t('home.allCollections')}${icon('right')}</a
          >
        </p>
      </section>`
    }
    <section class="door">
      <h2>${t('home.byBrick')}</h2>
      ${rows('brick', (brick) => ctx.links.search({ brick }))}
      <p>
        <a class="onward" href="${ctx.links.network()}"
          >${t('home.wholeNetwork')}${icon('right')}</a
        >
      </p>
    </section>
  </div>`
}

// The more often, the larger: an overview at a glance, and the counts for those who read.
function keywords(visit: Visit, counts: { value: string; count: number }[]): Html {
  const shown = counts.slice(0, 18)
  const highest = Math.max(...shown.map((each) => each.count))
  return html`<p class="cloud">
    ${shown
      .toSorted((a, b) => a.value.localeCompare(b.value, visit.language))
      .map(
        ({ value, count }) =>
          html`<a
            href="${visit.ctx.links.search({ keyword: value })}"
            style="--w:${(count / highest).toFixed(2)}"
            >${value} <small>${visit.words.number(count)}</small></a
          > `,
      )}
  </p>`
}

const commands = {
  import: 'node bin/campa.js import objects.csv --collection drawings --images pictures',
  source: 'node bin/campa.js source add https://museum.example.org/oai',
  demo: 'npm run demo',
}

/** What an empty brick shows: the next step, with the exact words to type. */
export function firstRunPage(visit: Visit): Page {
  const { ctx, t } = visit
  const settings = [
    `CAMPA_NAME="${ctx.config.name === 'CaMPA' ? 'Museum of Memory' : ctx.config.name}"`,
    `CAMPA_OPERATOR="${ctx.config.operator === 'CaMPA' ? 'City of Example' : ctx.config.operator}"`,
    `CAMPA_LEVEL=${ctx.config.level}`,
    `CAMPA_ADMIN_EMAIL=${ctx.config.adminEmail}`,
    `CAMPA_BASE_URL=${ctx.config.baseUrl}`,
    `CAMPA_ACCENT="${ctx.config.accent}"`,
  ].join('\n')
  return {
    title: ctx.config.name,
    unlisted: true,
    main: html`<div class="wrap first">
      <h1>${t('first.title')}</h1>
      <p class="lead">${t('first.lead')}</p>
      <ol class="steps">
        ${step(visit, t('first.import'), sentence(visit, 'first.importText', { dryRun: html`<code>--dry-run</code>` }), commands.import)}
        ${step(visit, t('first.source'), t('first.sourceText'), commands.source)}
        ${step(visit, t('first.name'), sentence(visit, 'first.nameText', { file: html`<code>campa.env</code>` }), settings)}
        ${step(visit, t('first.demo'), t('first.demoText'), commands.demo)}
      </ol>
      <p class="soft">${t('first.done')}</p>
    </div>`,
  }
}

function step(visit: Visit, title: string, text: Content, command: string): Html {
  return html`<li>
    <h2>${title}</h2>
    <p>${text}</p>
    <div class="command">
      <pre tabindex="0"><code>${command}</code></pre>
      <button
        class="btn quiet scripted"
        type="button"
        data-copy="${command}"
        data-done="${visit.t('action.copied')}"
      >
        ${visit.t('action.copy')}
      </button>
    </div>
  </li>`
}
