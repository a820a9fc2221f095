// The record's picture becomes one to zoom into: OpenSeadragon in place, fetched only where there is an image service.
const stage = document.getElementById('stage')
const data = JSON.parse(document.getElementById('stage-data')?.textContent ?? 'null')

let viewer
let current = 0

const script = (address) =>
  new Promise((loaded, failed) => {
    const element = document.createElement('script')
    element.src = address
    element.onload = loaded
    element.onerror = failed
    document.head.append(element)
  })

const sourceOf = (shot) => shot.info ?? { type: 'image', url: shot.src }

let starting

function start() {
  starting ??= open().catch(() => {
    // The service does not answer: the picture stays as it is.
    starting = undefined
    settle(false)
  })
  return starting
}

async function open() {
  if (!window.OpenSeadragon) await script(data.script)
  const place = document.getElementById('viewer')
  const height = stage.querySelector('.frame').getBoundingClientRect().height
  place.style.height = `${Math.round(Math.max(height, innerHeight * 0.5))}px`
  place.style.position = 'absolute'
  place.style.inset = '0 0 auto'
  place.style.visibility = 'hidden'
  place.hidden = false
  viewer = window.OpenSeadragon({
    element: place,
    tileSources: sourceOf(data.shots[current]),
    drawer: 'canvas',
    crossOriginPolicy: 'Anonymous',
    showNavigationControl: false,
    visibilityRatio: 0.6,
    maxZoomPixelRatio: 2,
    animationTime: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 0.6,
    // The wheel belongs to the page, until somebody asks for the picture.
    gestureSettingsMouse: { scrollToZoom: false, clickToZoom: true },
    preserveViewport: false,
  })
  viewer.canvas.setAttribute('role', 'img')
  viewer.canvas.setAttribute('aria-label', data.label)
  viewer.addHandler('canvas-scroll', (event) => {
    if (document.fullscreenElement) return
    // Otherwise the wheel scrolls the page; with Ctrl it zooms the picture, as it does everywhere.
    event.preventDefault = event.originalEvent.ctrlKey
    if (!event.originalEvent.ctrlKey) return
    const point = viewer.viewport.pointFromPixel(event.position, true)
    viewer.viewport.zoomBy(event.scroll > 0 ? 1.25 : 0.8, point)
    viewer.viewport.applyConstraints()
  })
  await new Promise((ready, failed) => {
    viewer.addOnceHandler('tile-drawn', ready)
    viewer.addOnceHandler('open-failed', failed)
    viewer.addOnceHandler('tile-load-failed', failed)
  })
  settle(true)
}

function settle(works) {
  const place = document.getElementById('viewer')
  const frame = stage.querySelector('.frame')
  place.removeAttribute('style')
  if (works) place.style.height = `${Math.round(Math.max(frame.offsetHeight, innerHeight * 0.5))}px`
  place.hidden = !works
  frame.hidden = works
  frame.style.display = works ? 'none' : ''
  document.getElementById('zoom-tools').hidden = !works
  const starter = document.querySelector('[data-zoom-start]')
  if (starter) starter.hidden = works
  if (!works) {
    viewer?.destroy()
    viewer = undefined
    starter?.remove()
  }
}

async function zoom(how) {
  await start()
  if (!viewer) return
  const { viewport } = viewer
  if (how === 'in') viewport.zoomBy(1.6)
  if (how === 'out') viewport.zoomBy(1 / 1.6)
  if (how === 'whole') viewport.goHome()
  viewport.applyConstraints()
  if (how === 'full') {
    if (document.fullscreenElement) await document.exitFullscreen()
    else await stage.requestFullscreen?.()
  }
}

async function choose(link) {
  current = Number(link.dataset.shot)
  for (const each of stage.querySelectorAll('[data-shot]')) each.removeAttribute('aria-current')
  link.setAttribute('aria-current', 'true')
  const shot = data.shots[current]
  if (!shot.info && !viewer) {
    const image = stage.querySelector('.frame img')
    image.removeAttribute('srcset')
    image.src = shot.src
    return
  }
  await start()
  viewer?.open(sourceOf(shot))
}

if (stage && data) {
  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return
    const button = event.target.closest('[data-zoom], [data-zoom-start]')
    const link = event.target.closest('[data-shot]')
    if (button) void zoom(button.dataset.zoom ?? 'in')
    else if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      void choose(link)
    } else if (event.target.closest('.frame') && data.shots[current].info) void start()
  })
  document.addEventListener('fullscreenchange', () => {
    if (viewer) {
      viewer.gestureSettingsMouse.scrollToZoom = document.fullscreenElement === stage
    }
  })
  // With a mouse the viewer can take its place at once; a finger that scrolls past must not be caught by it.
  if (data.shots[0].info && matchMedia('(pointer: fine)').matches) {
    const soon = window.requestIdleCallback ?? ((work) => setTimeout(work, 200))
    soon(() => void start())
  }
}

document.querySelector('[data-cite]')?.addEventListener('click', () => {
  const text = document.getElementById('citation')
  if (text) getSelection()?.selectAllChildren(text)
})
