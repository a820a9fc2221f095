// Every page: keys, copying, and an address without the choice of language.
const here = new URL(location.href)
if (here.searchParams.has('lang')) {
  here.searchParams.delete('lang')
  history.replaceState(history.state, '', here)
}

const keys = document.getElementById('keys')

const typing = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  if (typing(event.target)) return
  if (event.key === '/') {
    const box = document.getElementById('q')
    if (box) {
      event.preventDefault()
      box.focus()
      box.select()
    }
  } else if (event.key === '?' && keys && !keys.open) {
    event.preventDefault()
    keys.showModal()
  }
})

/** Says in the button itself that it is done, for two seconds. */
function done(button) {
  const word = button.querySelector('span') ?? button
  const before = word.textContent
  if (before === button.dataset.done) return
  word.textContent = button.dataset.done
  setTimeout(() => (word.textContent = before), 2000)
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Not a secure context (a brick tried on the local network): the older way still works there.
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
}

document.addEventListener('click', async (event) => {
  if (!(event.target instanceof Element)) return
  if (event.target.closest('[data-keys]')) return keys?.showModal()
  const copier = event.target.closest('[data-copy]')
  if (copier) {
    await copy(copier.dataset.copy)
    done(copier)
  }
  const sharer = event.target.closest('[data-share]')
  if (!sharer) return
  const { share: url, title } = sharer.dataset
  if (navigator.share && matchMedia('(pointer: coarse)').matches) {
    await navigator.share({ url, title }).catch(() => undefined)
  } else {
    await copy(url)
    done(sharer)
  }
})
