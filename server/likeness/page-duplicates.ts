// For the operator: pictures that are here twice, side by side, with the records that hold them.
import {
  breadcrumb,
  html,
  langOf,
  ownPicture,
  shortened,
  titleOf,
  type Content,
  type Html,
  type Page,
  type Visit,
} from '../web/web.ts'
import type { Duplicates, Held } from './duplicates.ts'

/** Beyond these the page would be long. */
const mostGroups = 100

export function duplicatesPage(visit: Visit, groups: Duplicates[]): Page {
  const { ctx, t } = visit
  return {
    title: t('duplicates.title'),
    unlisted: true,
    main: html`<div class="wrap likeness">
      ${breadcrumb(visit, [
        [t('likeness.title'), ctx.links.searchByImage()],
        [t('duplicates.title')],
      ])}
      <div class="intro">
        <h1>${t('duplicates.title')}</h1>
        <p class="lead">${t('duplicates.lead')}</p>
      </div>
      ${
        groups.length
          ? (['exact', 'near'] as const).map((kind) => part(visit, kind, groups))
          : html`<p>${t('duplicates.none')}</p>`
      }
    </div>`,
  }
}

function part(visit: Visit, kind: Duplicates['kind'], all: Duplicates[]): Content {
  const { t } = visit
  const groups = all.filter((each) => each.kind === kind)
  if (!groups.length) return ''
  return html`<section class="part" aria-labelledby="${kind}">
    <h2 id="${kind}">${t(`duplicates.${kind}`, { count: groups.length })}</h2>
    <p class="soft">${t(`duplicates.${kind}Text`)}</p>
    <ol class="groups">
      ${groups.slice(0, mostGroups).map(
        ({ pictures }) =>
          html`<li>
            <ul class="matches">
              ${pictures.map((each) => pictureOf(visit, each))}
            </ul>
          </li>`,
      )}
    </ol>
    ${groups.length > mostGroups && html`<p class="soft">${t('duplicates.more', { count: groups.length - mostGroups })}</p>`}
  </section>`
}

function pictureOf(visit: Visit, { image, width, height, records }: Held): Html {
  const { ctx, t, words } = visit
  const { src } = ownPicture(ctx, image, { width, height }, 150)
  return html`<li>
    <img src="${src}" height="150" alt="" loading="lazy" decoding="async" />
    <p>
      <small class="soft"
        >${t('duplicates.size', { width: words.number(width), height: words.number(height) })}</small
      >
    </p>
    ${records.map(({ id, title }) => {
      const said = titleOf(visit, title)
      return html`<p>
        <a href="${ctx.links.record(id)}" ${langOf(visit, said)}>${shortened(said.value, 110)}</a>
      </p>`
    })}
  </li>`
}
