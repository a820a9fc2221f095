// The page where a picture is shown to find where it is kept: the form, and what was found, the same picture first.
import { DomainError } from '../http/errors.ts'
import {
  html,
  icon,
  langOf,
  pictureOf,
  refusalText,
  safeUrl,
  shortened,
  titleOf,
  type Content,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import { kinds, type Kind, type Match } from './find.ts'
import { largest } from './upload.ts'

export type Shown =
  | { kind: 'empty' }
  | { kind: 'found'; matches: Match[] }
  | { kind: 'refused'; status: number; error: DomainError }

export function likenessPage(visit: Visit, shown: Shown): Page {
  const { t } = visit
  return {
    title: t('likeness.title'),
    description: t('likeness.lead'),
    part: 'search',
    scripts: ['likeness.js'],
    unlisted: shown.kind !== 'empty',
    ...(shown.kind === 'refused' && { status: shown.status }),
    main: html`<div class="wrap likeness">
      <div class="intro">
        <h1>${t('likeness.title')}</h1>
        <p class="lead">${t('likeness.lead')}</p>
      </div>
      ${form(visit)}
      <div id="found" tabindex="-1">${answerTo(visit, shown)}</div>
    </div>`,
  }
}

function form(visit: Visit): Html {
  const { ctx, t, words } = visit
  const size = words.bytes(largest)
  return html`<form
    class="drop"
    method="post"
    enctype="multipart/form-data"
    action="${ctx.links.searchByImage()}"
    data-drop
    data-largest="${largest}"
    data-too-large="${t('likeness.tooLarge', { size })}"
    data-sending="${t('likeness.sending')}"
    data-looking="${t('likeness.looking')}"
    data-failed="${t('likeness.failed')}"
  >
    <label for="picture">${t('likeness.choose')}</label>
    <input
      id="picture"
      type="file"
      name="picture"
      accept="image/*"
      required
      aria-describedby="picture-note"
    />
    <p class="soft" id="picture-note">
      ${t('likeness.note', { size })} <span class="scripted">${t('likeness.drop')}</span>
    </p>
    <button class="btn">${icon('search')}<span>${t('likeness.find')}</span></button>
    <p class="progress" role="status" aria-live="polite" data-progress></p>
  </form>`
}

function answerTo(visit: Visit, shown: Shown): Content {
  const { t, words } = visit
  if (shown.kind === 'empty') return how(visit)
  if (shown.kind === 'refused') {
    return html`<div class="nothing" role="alert">
      <h2>${t('likeness.refused')}</h2>
      <p>${refusalText(words, shown.error)}</p>
    </div>`
  }
  const { matches } = shown
  if (!matches.length) {
    return html`<div class="nothing">
      <h2>${t('likeness.nothing')}</h2>
      <p class="lead">${t('likeness.nothingText')}</p>
      <p><a class="onward" href="${visit.ctx.links.search()}">${t('error.search')}</a></p>
    </div>`
  }
  return kinds.map((kind) => part(visit, kind, matches))
}

function how({ t }: Visit): Html {
  return html`<section class="text">
    <h2>${t('likeness.how')}</h2>
    <p>${t('likeness.howText')}</p>
  </section>`
}

function part(visit: Visit, kind: Kind, all: Match[]): Content {
  const matches = all.filter((each) => each.kind === kind)
  if (!matches.length) return ''
  const { t } = visit
  return html`<section class="part" aria-labelledby="${kind}">
    <h2 id="${kind}">${t(`likeness.${kind}`, { count: matches.length })}</h2>
    <p class="soft">${t(`likeness.${kind}Text`)}</p>
    <ul class="matches">
      ${matches.map((match) => card(visit, match))}
    </ul>
  </section>`
}

function card(visit: Visit, { document }: Match): Html {
  const { ctx, t } = visit
  const title = titleOf(visit, document.title)
  const picture = pictureOf(ctx, document, 210)
  const there = safeUrl(document.links.homepage)
  const here = ctx.links.record(document.id)
  return html`<li>
    <a class="tile" href="${here}"
      >${
        picture &&
        html`<img src="${picture.src}" height="210" alt="" loading="lazy" decoding="async" />`
      }<b${langOf(visit, title)}>${shortened(title.value, 110)}</b></a
    >
    <p>
      ${
        there && there !== here
          ? html`<a href="${there}" rel="noopener"
              >${t('record.goThere', { name: document.keeper.name })}${icon('out')}</a
            >`
          : document.keeper.name
      }
    </p>
  </li>`
}
