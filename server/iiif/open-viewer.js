// Opens Mirador on what the page says. A file of its own, since the page's policy lets no script stand in it.
const settings = JSON.parse(document.getElementById('settings').textContent)
const place = document.getElementById('viewer')
if (globalThis.Mirador) {
  globalThis.Mirador.viewer({
    id: 'viewer',
    language: settings.language,
    themes: {
      light: { palette: { primary: { main: settings.accent } } },
      dark: { palette: { primary: { main: settings.accent } } },
    },
    selectedTheme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
    windows: [{ manifestId: settings.manifest, maximized: true }],
    window: {
      allowClose: false,
      allowFullscreen: true,
      allowMaximize: false,
      sideBarOpen: matchMedia('(min-width: 60em)').matches,
      defaultSideBarPanel: 'info',
    },
    // WebGL refuses pictures of another brick, complains, and falls back to this.
    osdConfig: { drawer: 'canvas' },
    workspaceControlPanel: { enabled: false },
  })
} else {
  place.hidden = true
  document.getElementById('missing').hidden = false
}
