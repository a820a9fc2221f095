// Search and walls: arrows move through the objects; filters, order and more results come without leaving the page.
// Everything here also works without it, by plain links and forms.
const found = () => document.getElementById('found')

/* arrows */

const tiles = () => [...document.querySelectorAll('#results .tile')]

function beside(from, key) {
  const all = tiles()
  const at = all.indexOf(from)
  if (key === 'ArrowRight') return all[at + 1]
  if (key === 'ArrowLeft') return all[at - 1]
  const box = from.getBoundingClientRect()
  const middle = box.left + box.width / 2
  const below = key === 'ArrowDown'
  const others = all
    .map((tile) => ({ tile, box: tile.getBoundingClientRect() }))
    .filter(({ box: each }) => (below ? each.top > box.top + 8 : each.top < box.top - 8))
  const row = others.reduce(
    (nearest, { box: each }) => (below ? Math.min(nearest, each.top) : Math.max(nearest, each.top)),
    below ? Infinity : -Infinity,
  )
  const distance = ({ box: each }) => Math.abs(each.left + each.width / 2 - middle)
  return others
    .filter(({ box: each }) => Math.abs(each.top - row) < 8)
    .toSorted((a, b) => distance(a) - distance(b))[0]?.tile
}

document.addEventListener('keydown', (event) => {
  if (!event.key.startsWith('Arrow') || event.ctrlKey || event.metaKey || event.altKey) return
  const { target } = event
  const tile = target instanceof Element ? target.closest('#results .tile') : null
  const next = tile
    ? beside(tile, event.key)
    : target?.id === 'q' && event.key === 'ArrowDown'
      ? tiles()[0]
      : undefined
  if (!next) return
  event.preventDefault()
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
})

/* pictures of other bricks whose size nobody has told: they take their true proportions once they are here */

function measure(scope) {
  for (const image of scope.querySelectorAll('img[data-unmeasured]')) {
    const fit = () => {
      const ratio = image.naturalWidth / image.naturalHeight
      if (!Number.isFinite(ratio)) return
      image.removeAttribute('data-unmeasured')
      image.closest('li').style.setProperty('--r', Math.min(2.6, Math.max(0.55, ratio)).toFixed(4))
    }
    if (image.complete) fit()
    else image.addEventListener('load', fit, { once: true })
  }
}

/* the wall of the day ends with a whole row */

function trim(wall) {
  const items = [...wall.children]
  for (const item of items) item.hidden = false
  const last = items.at(-1)?.offsetTop
  const row = items.filter((item) => item.offsetTop === last)
  const end = row.at(-1)?.getBoundingClientRect().right ?? 0
  const whole = end > wall.getBoundingClientRect().right - 2
  if (!whole && row.length < items.length) for (const item of row) item.hidden = true
}

function keepTrimmed(wall) {
  let width = 0
  new ResizeObserver(() => {
    if (wall.clientWidth === width) return
    width = wall.clientWidth
    trim(wall)
  }).observe(wall)
  wall.addEventListener('load', () => trim(wall), { capture: true })
}

measure(document)
const hung = document.querySelector('.hung > .wall')
if (hung) keepTrimmed(hung)

/* the drawer of a phone */

function draw(open) {
  document.documentElement.classList.toggle('drawn', open)
  if (open) document.querySelector('[data-drawer-close]')?.focus()
  else document.querySelector('[data-drawer]')?.focus()
}

/* results without leaving the page */

let latest = 0

async function load(address) {
  const mine = ++latest
  const response = await fetch(address, { headers: { Accept: 'text/html' } })
  if (!response.ok) throw new Error(String(response.status))
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  return mine === latest ? page : undefined
}

// The same control in the new page gets the focus back, so that a keyboard does not begin at the top again.
function selectorOf(element) {
  if (!(element instanceof HTMLElement)) return undefined
  if (element.id) return `#${CSS.escape(element.id)}`
  if (!element.name) return undefined
  const value = element.type === 'checkbox' ? `[value="${CSS.escape(element.value)}"]` : ''
  return `[name="${CSS.escape(element.name)}"]:not([type='hidden'])${value}`
}

async function show(address, { push = true } = {}) {
  const area = found()
  area.setAttribute('aria-busy', 'true')
  try {
    const page = await load(address)
    const fresh = page?.getElementById('found')
    if (!page || !fresh) return
    const focus = selectorOf(document.activeElement)
    const drawer = document.querySelector('.filters')?.scrollTop
    const open = [...area.querySelectorAll('.facet')].map(
      (facet) => facet.querySelector('details')?.open,
    )
    area.replaceWith(fresh)
    measure(fresh)
    fresh.querySelectorAll('.facet').forEach((facet, index) => {
      const details = facet.querySelector('details')
      if (details && open[index]) details.open = true
    })
    const filters = document.querySelector('.filters')
    if (filters && drawer) filters.scrollTop = drawer
    document.title = page.title
    document.getElementById('heard').textContent = page.getElementById('heard').textContent
    if (push) history.pushState(null, '', address)
    if (focus) fresh.querySelector(focus)?.focus({ preventScroll: true })
  } catch {
    location.assign(address)
  } finally {
    found()?.removeAttribute('aria-busy')
  }
}

async function more(link) {
  try {
    const page = await load(link.href)
    const wall = document.querySelector('#results > .wall, #results > .list')
    const added = [
      ...(page?.querySelectorAll('#results > .wall > li, #results > .list > li') ?? []),
    ]
    if (!page || !wall || !added.length) return location.assign(link.href)
    wall.append(...added)
    measure(wall)
    const next = page.querySelector('[data-more]')
    if (next) link.href = next.href
    else link.closest('.paging').remove()
    added[0].querySelector('a').focus({ preventScroll: true })
  } catch {
    location.assign(link.href)
  }
}

const addressOf = (form) => {
  const data = new FormData(form)
  const parameters = new URLSearchParams([...data].filter(([, value]) => value !== ''))
  return `${form.action}?${parameters}`
}

if (found()) {
  document.addEventListener('change', (event) => {
    const form = event.target.closest?.('[data-filters], [data-sort]')
    if (form) void show(addressOf(form))
  })
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('[data-filters]')) return
    event.preventDefault()
    if (document.documentElement.classList.contains('drawn')) draw(false)
    else void show(addressOf(event.target))
  })
  document.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button > 0) return
    if (!(event.target instanceof Element)) return
    const link = event.target.closest('a')
    if (!link) return
    if (link.matches('[data-drawer]')) draw(true)
    else if (link.matches('[data-drawer-close]')) draw(false)
    else if (link.matches('[data-more]')) void more(link)
    else if (link.matches('.chip, .clear, .views a, .bars a')) void show(link.href)
    else return
    event.preventDefault()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && document.documentElement.classList.contains('drawn')) draw(false)
  })
  addEventListener('popstate', () => void show(location.href, { push: false }))
}
