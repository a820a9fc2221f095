// A harvest under way: what is said of it comes anew every few seconds, and the whole page once it is over.
const every = 3000
const place = document.querySelector('[data-refresh="yes"]')

async function refresh() {
  if (document.hidden) return
  const response = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(
    () => null,
  )
  if (!response?.ok) return
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const fresh = page.querySelector('[data-refresh]')
  if (fresh?.dataset.refresh !== 'yes') return location.reload()
  place.replaceChildren(...fresh.childNodes)
}

if (place) setInterval(() => void refresh(), every)
