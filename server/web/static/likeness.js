// A picture is sent as soon as it is chosen or dropped, with its progress; what is found takes the place of what was.
const form = document.querySelector('[data-drop]')
const input = document.getElementById('picture')
const progress = form?.querySelector('[data-progress]')
const { largest, tooLarge, sending, looking, failed } = form?.dataset ?? {}

function say(text) {
  progress.textContent = text
}

function send(file) {
  if (file.size > Number(largest)) return say(tooLarge)
  const request = new XMLHttpRequest()
  const body = new FormData()
  body.append('picture', file)
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    say(loaded < total ? `${sending} ${Math.round((100 * loaded) / total)} %` : looking)
  })
  request.addEventListener('load', () => {
    const page = new DOMParser().parseFromString(request.responseText, 'text/html')
    const found = page.getElementById('found')
    if (!found) return say(failed)
    const place = document.getElementById('found')
    place.replaceChildren(...found.childNodes)
    say('')
    place.focus()
  })
  request.addEventListener('error', () => say(failed))
  request.open('POST', form.action)
  say(sending)
  request.send(body)
}

input?.addEventListener('change', () => {
  if (input.files[0]) send(input.files[0])
})
form?.addEventListener('submit', (event) => {
  event.preventDefault()
  if (input.files[0]) send(input.files[0])
})
for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  form?.addEventListener(name, (event) => {
    event.preventDefault()
    form.classList.toggle('over', name === 'dragenter' || name === 'dragover')
  })
}
form?.addEventListener('drop', ({ dataTransfer }) => {
  const [file] = dataTransfer.files
  if (file) send(file)
})
