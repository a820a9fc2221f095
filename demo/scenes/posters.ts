// Posters: flat shapes and block letters, from the town hall's press to the paper taped on a shop door.
import { bird, cat, crocodile, fish, teddy } from '../animals.ts'
import { heart, note, star } from '../props.ts'
import { ring, type Letters, type Point, type Sheet } from '../sheet.ts'

const flat = (fill: string) => ({ fill, bare: true, flat: true })
const centre = (stroke: string, more: Letters = {}): Letters => ({
  align: 'center',
  stroke,
  ...more,
})

function ground(s: Sheet, colour: string): void {
  s.rect(-10, -10, s.width + 20, s.height + 20, flat(colour))
}
function imprint(s: Sheet, colour: string, text = 'Ville de Sainte-Colombe-sur-Orge'): void {
  s.print(
    s.width / 2,
    s.height * 0.965,
    text,
    s.width * 0.018,
    centre(colour, { weight: 0.13, fit: s.width * 0.8 }),
  )
}

/** A house that is a padlock; the key is inside. */
export function stayHome(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#e8452c')
  s.polygon([[W * 0.12, H * 0.42], [W * 0.5, H * 0.12], [W * 0.88, H * 0.42], [W * 0.88, H * 0.74], [W * 0.12, H * 0.74]], flat('#fbf3e2')) // prettier-ignore
  s.rect(W * 0.7, H * 0.14, W * 0.09, H * 0.16, flat('#fbf3e2'))
  s.circle(W * 0.5, H * 0.46, W * 0.16, flat('#1d2a44'))
  s.polygon([[W * 0.47, H * 0.47], [W * 0.53, H * 0.47], [W * 0.57, H * 0.64], [W * 0.43, H * 0.64]], flat('#1d2a44')) // prettier-ignore
  s.circle(W * 0.5, H * 0.455, W * 0.055, flat('#f7c41f'))
  for (const side of [-1, 1]) s.dot(W * 0.5 + side * W * 0.011, H * 0.452, W * 0.005, '#1d2a44')
  cat(s, W * 0.77, H * 0.74, H * 0.09, '#1d2a44')
  s.print(W / 2, H * 0.85, 'RESTEZ', W * 0.12, centre('#fbf3e2', { weight: 0.23, fit: W * 0.84 }))
  s.print(W / 2, H * 0.925, 'chez vous', W * 0.062, centre('#f7c41f', { weight: 0.18 }))
  imprint(s, '#fbf3e2')
}

/** Ten fingers and their bubbles. */
export function washHands(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#bfe0ea')
  for (const [side, skin] of [
    [-1, '#e9b48c'],
    [1, '#8a5634'],
  ] as const) {
    // prettier-ignore
    s.turned(W * (0.5 + side * 0.16), H * 0.5, side * -16, () => {
      const x = W * (0.5 + side * 0.16)
      s.rect(x - W * 0.085, H * 0.58, W * 0.17, H * 0.5, flat(side < 0 ? '#e8452c' : '#1f6f8b'))
      s.ellipse(x, H * 0.52, W * 0.24, H * 0.18, flat(skin))
      for (let i = 0; i < 4; i++) s.raw(`<rect x="${x - W * 0.115 + i * W * 0.061}" y="${H * (0.34 + Math.abs(i - 1.4) * 0.016)}" width="${W * 0.05}" height="${H * 0.2}" rx="${W * 0.025}" fill="${skin}"/>`)
      s.turned(x - side * W * 0.1, H * 0.55, side * -38, () => s.raw(`<rect x="${x - side * W * 0.1 - W * 0.027}" y="${H * 0.43}" width="${W * 0.054}" height="${H * 0.13}" rx="${W * 0.027}" fill="${skin}"/>`))
    })
  }
  s.turned(W * 0.5, H * 0.47, -9, () => {
    s.raw(
      `<rect x="${W * 0.36}" y="${H * 0.42}" width="${W * 0.28}" height="${H * 0.1}" rx="${W * 0.04}" fill="#f7b7cf"/>`,
    )
    s.print(W * 0.5, H * 0.485, 'savon', W * 0.045, centre('#c24e86', { weight: 0.17 }))
  })
  for (let i = 0; i < 46; i++) {
    const d = s.between(10, W * 0.07)
    const [x, y] = [s.between(W * 0.1, W * 0.9), s.between(H * 0.26, H * 0.72)]
    s.raw(
      `<circle cx="${x}" cy="${y}" r="${d / 2}" fill="#fff" opacity=".62"/><circle cx="${x - d * 0.14}" cy="${y - d * 0.14}" r="${d * 0.1}" fill="#fff"/>`,
    )
  }
  s.print(W / 2, H * 0.12, 'LAVEZ-VOUS', W * 0.1, centre('#12405a', { weight: 0.2, fit: W * 0.86 }))
  s.print(
    W / 2,
    H * 0.22,
    'LES MAINS',
    W * 0.12,
    centre('#e8452c', { weight: 0.22, fit: W * 0.86 }),
  )
  s.print(
    W / 2,
    H * 0.275,
    'trente secondes, le temps d’une chanson',
    W * 0.034,
    centre('#12405a', { weight: 0.14, fit: W * 0.84 }),
  )
  imprint(s, '#12405a')
}

/** MERCI, and each letter thanks someone. */
export function thankYou(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#f7efe0')
  const rows: [string, string, string][] = [
    ['M', '#e8452c', 'médecins, infirmières, aides-soignants'],
    ['E', '#f2b90f', 'éboueurs, égoutiers, électriciens'],
    ['R', '#1f8f6a', 'routiers, livreurs, rayonnistes'],
    ['C', '#2f6fc0', 'caissières, couturières, cuisiniers'],
    ['I', '#6a4fb3', 'institutrices, instituteurs, inconnus'],
  ]
  rows.forEach(([letter, colour, names], i) => {
    const y = H * (0.2 + i * 0.17)
    s.rect(W * 0.08, y - H * 0.135, W * 0.26, H * 0.15, flat(colour))
    s.print(
      W * 0.21,
      y - H * 0.005,
      letter,
      H * 0.115,
      centre('#f7efe0', { weight: 0.2, cap: 'square' }),
    )
    s.print(W * 0.39, y - H * 0.035, names, W * 0.036, {
      stroke: colour,
      weight: 0.15,
      fit: W * 0.53,
    })
    s.rect(W * 0.39, y - H * 0.005, W * 0.53, H * 0.005, flat(colour))
  })
  heart(s, W * 0.86, H * 0.075, W * 0.06, '#e8452c')
  cat(s, W * 0.84, H * 0.876, H * 0.04, '#6a4fb3')
  imprint(s, '#1d2a44')
}

/** The paper on the shop's door. */
export function closedShop(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#8e9aa0')
  for (let i = 0; i < 7; i++)
    s.raw(
      `<path d="M${W * (i * 0.2 - 0.3)} ${H}L${W * (i * 0.2 + 0.1)} 0h${W * 0.05}L${W * (i * 0.2 - 0.25)} ${H}Z" fill="#fff" opacity=".09"/>`,
    )
  s.turned(W / 2, H / 2, -2.2, () => {
    s.rect(W * 0.115, H * 0.115, W * 0.79, H * 0.79, flat('#5f686d'))
    s.rect(W * 0.1, H * 0.1, W * 0.79, H * 0.79, flat('#fdfbf4'))
    s.write(W / 2, H * 0.24, 'Fermé', H * 0.1, centre('#c8322b', { weight: 15, wobble: 0.3 }))
    s.write(
      W / 2,
      H * 0.335,
      'jusqu’à nouvel ordre',
      H * 0.05,
      centre('#1d2a44', { fit: W * 0.7, wobble: 0.35 }),
    )
    s.line(W * 0.2, H * 0.38, W * 0.78, H * 0.38, { stroke: '#c8322b', weight: 5 })
    s.write(
      W / 2,
      H * 0.45,
      'Closed until further notice',
      H * 0.033,
      centre('#1d2a44', { fit: W * 0.7, wobble: 0.35 }),
    )
    const lines = ['Pour les livres déjà commandés :', 'sonnez deux fois, reculez trois pas.', 'Pour le reste : relisez.', '', 'Prenez soin de vous. — Odile'] // prettier-ignore
    lines.forEach((line, i) =>
      s.write(W * 0.18, H * (0.54 + i * 0.058), line, H * 0.03, {
        stroke: '#2c4fa0',
        wobble: 0.4,
        fit: W * 0.64,
      }),
    )
    cat(s, W * 0.8, H * 0.885, H * 0.07, '#2b2a2e')
    for (const [x, y] of [[0.13, 0.1], [0.86, 0.1], [0.13, 0.89], [0.86, 0.89]] as const) s.turned(W * x, H * y, x < 0.5 === y < 0.5 ? -40 : 40, () => s.raw(`<rect x="${W * x - 70}" y="${H * y - 22}" width="140" height="44" fill="#e8d9a0" opacity=".75"/>`)) // prettier-ignore
  })
}

/** The museum has put on its shoes. */
export function museumComes(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#1f4f4a')
  s.rect(0, H * 0.78, W, H * 0.3, flat('#e9b44c'))
  const [x, y, w, h] = [W * 0.2, H * 0.16, W * 0.6, H * 0.5]
  for (const side of [-1, 1]) {
    s.lines([[W * 0.5 + side * W * 0.1, y + h], [W * 0.5 + side * W * 0.16, H * 0.76], [W * 0.5 + side * W * 0.13, H * 0.84]], { stroke: '#f7efe0', weight: W * 0.018 }) // prettier-ignore
    s.blob([[W * 0.5 + side * W * 0.11, H * 0.835], [W * 0.5 + side * W * 0.13 + W * 0.12, H * 0.83], [W * 0.5 + side * W * 0.13 + W * 0.13, H * 0.865], [W * 0.5 + side * W * 0.11, H * 0.865]], flat('#c8322b')) // prettier-ignore
  }
  s.rect(x, y, w, h, flat('#d9a23a'))
  s.rect(x + w * 0.06, y + h * 0.06, w * 0.88, h * 0.88, flat('#8a5f1e'))
  s.rect(x + w * 0.09, y + h * 0.08, w * 0.82, h * 0.84, flat('#bcd8df'))
  s.polygon([[x + w * 0.09, y + h * 0.7], [x + w * 0.4, y + h * 0.46], [x + w * 0.66, y + h * 0.62], [x + w * 0.91, y + h * 0.5], [x + w * 0.91, y + h * 0.92], [x + w * 0.09, y + h * 0.92]], flat('#5d8a5f')) // prettier-ignore
  s.ellipse(x + w * 0.5, y + h * 0.44, w * 0.3, h * 0.34, flat('#f0cfa8'))
  s.polygon([...ring(x + w * 0.5, y + h * 0.42, w * 0.18, h * 0.22, Math.PI * 0.96, Math.PI * 2.04, 12)], flat('#4a2f1d')) // prettier-ignore
  s.ellipse(x + w * 0.5, y + h * 0.46, w * 0.25, h * 0.26, flat('#f0cfa8'))
  s.blob([[x + w * 0.18, y + h * 0.92], [x + w * 0.34, y + h * 0.66], [x + w * 0.66, y + h * 0.66], [x + w * 0.82, y + h * 0.92]], flat('#3a2a4d')) // prettier-ignore
  for (const side of [-1, 1]) s.dot(x + w * (0.5 + side * 0.06), y + h * 0.43, w * 0.012, '#2b2a2e')
  s.polygon([[x + w * 0.4, y + h * 0.49], [x + w * 0.6, y + h * 0.49], [x + w * 0.58, y + h * 0.58], [x + w * 0.42, y + h * 0.58]], flat('#bfe0ef')) // prettier-ignore
  cat(s, x + w * 0.8, y + h * 0.92, h * 0.12, '#2b2a2e')
  s.print(
    W / 2,
    H * 0.1,
    'LE MUSÉE VIENT À VOUS',
    W * 0.07,
    centre('#f7efe0', { weight: 0.19, fit: W * 0.88 }),
  )
  s.print(
    W / 2,
    H * 0.925,
    'une œuvre par jour dans votre boîte à lettres',
    W * 0.032,
    centre('#1f4f4a', { weight: 0.15, fit: W * 0.84 }),
  )
  imprint(s, '#1f4f4a', 'Musée de la Ville')
}

/** A form on one's honour, filled in by a dog. */
export function dogForm(s: Sheet): void {
  const { width: W, height: H } = s
  s.print(
    W / 2,
    H * 0.075,
    'ATTESTATION DE DÉPLACEMENT',
    W * 0.04,
    centre('#1d2a44', { weight: 0.16 }),
  )
  s.print(W / 2, H * 0.108, 'canin dérogatoire', W * 0.028, centre('#1d2a44', { weight: 0.14 }))
  const fields = [
    ['Je soussigné', 'Biscuit, chien'],
    ['né le', 'sous la table'],
    ['demeurant', 'le canapé (interdit)'],
  ]
  fields.forEach(([label = '', value = ''], i) => {
    const y = H * (0.19 + i * 0.055)
    s.print(W * 0.1, y, label, W * 0.024, { stroke: '#1d2a44', weight: 0.13 })
    s.rect(W * 0.34, y + 8, W * 0.56, 2.5, flat('#1d2a44'))
    s.write(W * 0.36, y, value, W * 0.034, { stroke: '#2c4fa0', wobble: 0.7 })
  })
  s.print(W * 0.1, H * 0.37, 'certifie que mon déplacement est lié au motif suivant :', W * 0.022, {
    stroke: '#1d2a44',
    weight: 0.13,
    fit: W * 0.8,
  })
  const reasons = ['accompagner un humain en bonne santé', 'accompagner le suivant', 'sentir le coin de la rue, toujours le même', 'motif familial impérieux : le chat', 'livraison d’un bâton', 'convocation par un écureuil'] // prettier-ignore
  reasons.forEach((reason, i) => {
    const y = H * (0.43 + i * 0.055)
    s.rect(W * 0.1, y - W * 0.028, W * 0.032, W * 0.032, {
      stroke: '#1d2a44',
      weight: 3,
      roughness: 0.3,
    })
    if (i !== 3) s.lines([[W * 0.1, y - 16], [W * 0.115, y], [W * 0.15, y - 52]], { stroke: '#2c4fa0', weight: 7 }) // prettier-ignore
    s.print(W * 0.16, y, reason, W * 0.023, { stroke: '#1d2a44', weight: 0.13, fit: W * 0.74 })
  })
  s.print(W * 0.1, H * 0.81, 'Fait à Sainte-Colombe, le 21e tour de la journée', W * 0.022, {
    stroke: '#1d2a44',
    weight: 0.13,
    fit: W * 0.8,
  })
  const [px, py] = [W * 0.72, H * 0.9]
  s.ellipse(px, py, W * 0.12, W * 0.095, flat('#3b2f2a'))
  for (const [dx, dy] of [[-0.07, -0.055], [-0.028, -0.085], [0.028, -0.085], [0.07, -0.055]] as const) s.ellipse(px + W * dx, py + W * dy, W * 0.042, W * 0.055, flat('#3b2f2a')) // prettier-ignore
  s.print(W * 0.1, H * 0.9, 'Signature', W * 0.024, { stroke: '#1d2a44', weight: 0.13 })
  s.circle(W * 0.3, H * 0.92, W * 0.13, { stroke: '#c8322b', weight: 7, roughness: 0.5 })
  s.print(W * 0.3, H * 0.925, 'OUAF', W * 0.03, centre('#c8322b', { weight: 0.18, tilt: -14 }))
}

/** Teddy bears in the windows: a hunt for children out for their hour. */
export function bearHunt(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#f2b33d')
  for (let i = 0; i < 12; i++) {
    const [x, y] = [W * (0.09 + (i % 3) * 0.29), H * (0.24 + Math.floor(i / 3) * 0.155)]
    s.rect(x, y, W * 0.24, H * 0.125, flat('#27456b'))
    s.rect(
      x + 12,
      y + 12,
      W * 0.24 - 24,
      H * 0.125 - 24,
      flat(s.pick(['#cfe6ee', '#fbe6a2', '#f6cfc4'])),
    )
    if (i === 7) cat(s, x + W * 0.12, y + H * 0.113, H * 0.09, '#2b2a2e')
    else if (i !== 4)
      teddy(
        s,
        x + W * s.between(0.09, 0.15),
        y + H * 0.115,
        H * s.between(0.075, 0.1),
        s.pick(['#9a6234', '#c98d52', '#6b4023', '#d9b083']),
      )
    s.rect(x - 10, y + H * 0.12, W * 0.24 + 20, H * 0.012, flat('#fbf3e2'))
  }
  s.print(
    W / 2,
    H * 0.105,
    'CHASSE AUX OURS',
    W * 0.09,
    centre('#27456b', { weight: 0.22, fit: W * 0.86 }),
  )
  s.print(
    W / 2,
    H * 0.17,
    'un ours à votre fenêtre, un sourire dans la rue',
    W * 0.033,
    centre('#27456b', { weight: 0.15, fit: W * 0.84 }),
  )
  s.print(
    W / 2,
    H * 0.915,
    'il y en a un qui n’est pas un ours',
    W * 0.028,
    centre('#b5431f', { weight: 0.15 }),
  )
  imprint(s, '#27456b')
}

/** Tonight at the cinema: the ceiling. */
export function ceilingFilm(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#17171c')
  s.polygon([[W * 0.5, H * 0.8], [W * 0.08, H * 0.1], [W * 0.92, H * 0.1]], { ...flat('#f7e7a8'), opacity: 0.13 }) // prettier-ignore
  s.rect(W * 0.05, H * 0.07, W * 0.9, H * 0.57, flat('#f7e7a8'))
  s.print(W / 2, H * 0.16, 'CE SOIR À L’ÉCRAN', W * 0.05, centre('#c8322b', { weight: 0.18 }))
  s.print(
    W / 2,
    H * 0.32,
    'LE PLAFOND',
    W * 0.13,
    centre('#17171c', { weight: 0.24, fit: W * 0.8, cap: 'square' }),
  )
  s.print(
    W / 2,
    H * 0.41,
    'version longue, 55 jours',
    W * 0.04,
    centre('#17171c', { weight: 0.15 }),
  )
  s.print(
    W / 2,
    H * 0.46,
    'avec la fissure, l’ampoule et une mouche',
    W * 0.03,
    centre('#17171c', { weight: 0.14 }),
  )
  s.lines([[W * 0.63, H * 0.49], [W * 0.58, H * 0.52], [W * 0.6, H * 0.545], [W * 0.545, H * 0.59], [W * 0.56, H * 0.61]], { stroke: '#8a7f5a', weight: 5 }) // prettier-ignore
  s.line(W * 0.5, H * 0.48, W * 0.5, H * 0.53, { stroke: '#17171c', weight: 5 })
  s.circle(W * 0.5, H * 0.55, W * 0.05, flat('#fdfbf4'))
  s.dot(W * 0.42, H * 0.53, 8, '#17171c')
  s.rect(0, H * 0.8, W, H * 0.2, flat('#8c2f2b'))
  for (let i = 0; i < 8; i++) {
    const x = W * (0.03 + i * 0.122)
    s.raw(
      `<rect x="${x}" y="${H * 0.76}" width="${W * 0.1}" height="${H * 0.14}" rx="26" fill="#b23c35"/>`,
    )
    if (i === 5) cat(s, x + W * 0.05, H * 0.79, H * 0.07, '#17171c')
  }
  s.print(
    W / 2,
    H * 0.95,
    'Cinéma Le Lumière, fermé, merci de votre fidélité',
    W * 0.028,
    centre('#f7e7a8', { weight: 0.14, fit: W * 0.86 }),
  )
}

/** The concert is cancelled; the windows are open. */
export function windowMusic(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#23306b')
  for (let k = 0; k < 5; k++) {
    const wave: Point[] = []
    for (let i = 0; i <= 10; i++)
      wave.push([W * (i / 10) * 1.1 - W * 0.05, H * (0.38 + k * 0.045 + Math.sin(i * 0.8) * 0.05)])
    s.curve(wave, { stroke: '#f7c41f', weight: 6, roughness: 0 })
  }
  for (let i = 0; i < 8; i++)
    note(
      s,
      W * (0.1 + i * 0.115),
      H * (0.42 + Math.sin(i * 0.92) * 0.05 + (i % 3) * 0.05),
      W * 0.085,
      i % 3 ? '#fbf3e2' : '#e8452c',
    )
  cat(s, W * 0.62, H * 0.455, H * 0.06, '#fbf3e2')
  s.print(
    W / 2,
    H * 0.13,
    'CONCERT ANNULÉ',
    W * 0.085,
    centre('#fbf3e2', { weight: 0.2, fit: W * 0.84 }),
  )
  s.rect(W * 0.08, H * 0.104, W * 0.84, H * 0.012, flat('#e8452c'))
  s.print(
    W / 2,
    H * 0.24,
    'FENÊTRES OUVERTES',
    W * 0.085,
    centre('#f7c41f', { weight: 0.22, fit: W * 0.84 }),
  )
  s.print(W / 2, H * 0.75, 'samedi 18 h', W * 0.1, centre('#fbf3e2', { weight: 0.17 }))
  s.print(
    W / 2,
    H * 0.83,
    'chacun joue ce qu’il sait',
    W * 0.05,
    centre('#f7c41f', { weight: 0.15 }),
  )
  s.print(W / 2, H * 0.885, '(le triangle compte)', W * 0.034, centre('#9fb0e8', { weight: 0.14 }))
  imprint(s, '#fbf3e2')
}

/** One metre in local units. */
export function localMetre(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#fbf3e2')
  s.print(W / 2, H * 0.14, '1 MÈTRE', H * 0.1, centre('#e8452c', { weight: 0.23 }))
  s.print(W / 2, H * 0.205, 'mais encore ?', H * 0.032, centre('#1d2a44', { weight: 0.15 }))
  const rows: [string, () => void][] = [
    ['une baguette et demie', () => {
      s.raw(`<rect x="${W * 0.14}" y="${H * 0.27}" width="${W * 0.46}" height="${H * 0.05}" rx="${H * 0.025}" fill="#d59a4e"/><rect x="${W * 0.62}" y="${H * 0.27}" width="${W * 0.24}" height="${H * 0.05}" rx="${H * 0.02}" fill="#d59a4e"/>`)
      for (let i = 0; i < 8; i++) s.line(W * (0.18 + i * 0.085), H * 0.312, W * (0.2 + i * 0.085), H * 0.278, { stroke: '#8a5a34', weight: 7 })
    }],
    ['deux chats, queues comprises', () => [0.3, 0.66].forEach((x) => cat(s, W * x, H * 0.52, H * 0.1, '#1d2a44'))],
    ['cinq truites de l’Orge', () => [0, 1, 2, 3, 4].forEach((i) => fish(s, W * (0.22 + i * 0.15), H * 0.655, W * 0.11, '#1f8f8a'))],
    ['un crocodile (petit)', () => crocodile(s, W * 0.14, H * 0.865, W * 0.72, '#3f9b45')],
  ] // prettier-ignore
  rows.forEach(([label, draw], i) => {
    draw()
    s.rect(
      W * 0.14,
      H * (0.335 + i * 0.18) + (i ? H * 0.012 : 0),
      W * 0.72,
      H * 0.005,
      flat('#e8452c'),
    )
    s.print(
      W / 2,
      H * (0.375 + i * 0.18) + (i ? H * 0.012 : 0),
      label,
      H * 0.021,
      centre('#1d2a44', { weight: 0.15 }),
    )
  })
  imprint(s, '#1d2a44')
}

/** The market moves to the quay. */
export function market(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#2f7d4f')
  for (let i = 0; i < 6; i++)
    s.rect(W * (i / 6), 0, W / 6, H * 0.2, flat(i % 2 ? '#fbf3e2' : '#e8452c'))
  for (let i = 0; i < 6; i++)
    s.circle(W * ((i + 0.5) / 6), H * 0.2, W / 6, flat(i % 2 ? '#fbf3e2' : '#e8452c'))
  s.print(
    W / 2,
    H * 0.4,
    'LE MARCHÉ',
    H * 0.095,
    centre('#fbf3e2', { weight: 0.22, fit: W * 0.86 }),
  )
  s.print(W / 2, H * 0.5, 's’étire', H * 0.075, {
    align: 'center',
    stroke: '#f7c41f',
    weight: 0.17,
    tracking: 9,
  })
  s.print(
    W / 2,
    H * 0.57,
    'quai des Mariniers, un étal tous les cinq pas',
    H * 0.03,
    centre('#fbf3e2', { weight: 0.14, fit: W * 0.84 }),
  )
  const veg = ['#f0702a', '#c8322b', '#6a4fb3', '#f7c41f', '#d65a86']
  for (let i = 0; i < 5; i++) {
    const [x, y] = [W * (0.12 + i * 0.19), H * 0.74]
    s.polygon([[x - W * 0.06, y + H * 0.05], [x + W * 0.06, y + H * 0.05], [x + W * 0.05, y + H * 0.13], [x - W * 0.05, y + H * 0.13]], flat('#8a5a34')) // prettier-ignore
    for (let k = 0; k < 5; k++)
      s.circle(x + W * (k - 2) * 0.022, y + H * (0.04 - (k % 2) * 0.025), W * 0.044, flat(veg[i]!))
  }
  cat(s, W * 0.885, H * 0.79, H * 0.09, '#1d2a44')
  imprint(s, '#fbf3e2')
}

/** Books by the window. */
export function bookDrive(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#efe3cf')
  const colours = ['#c8322b', '#1f6f8b', '#e9a13b', '#2f7d4f', '#6a4fb3', '#d65a86', '#1d2a44']
  let y = H * 0.78
  for (let i = 0; i < 9; i++) {
    const h = H * s.between(0.03, 0.055)
    const w = W * s.between(0.4, 0.56)
    y -= h
    const x = W * 0.5 - w / 2 + s.between(-40, 40)
    s.rect(x, y, w, h, flat(colours[i % 7]!))
    s.rect(x + w * 0.08, y, w * 0.025, h, flat('#efe3cf'))
    s.rect(x + w * 0.88, y, w * 0.025, h, flat('#efe3cf'))
    const titles = ['Vingt mille pas sous le toit', 'Le Grand Mollusque', 'À la recherche du pain perdu', 'Robinson', 'Walden (3e étage)', 'L’Île au canapé', 'Ulysse rentre tôt', 'Guerre et pâtes', 'Les Trois Masquetaires'] // prettier-ignore
    s.print(
      W * 0.5,
      y + h * 0.68,
      titles[i]!,
      h * 0.36,
      centre('#efe3cf', { weight: 0.15, fit: w * 0.7 }),
    )
  }
  s.polygon([[W * 0.5, y - H * 0.01], [W * 0.42, y - H * 0.07], [W * 0.58, y - H * 0.07]], flat('#f7c41f')) // prettier-ignore
  cat(s, W * 0.5, y, H * 0.11, '#1d2a44')
  s.print(
    W / 2,
    H * 0.13,
    'LIRE À EMPORTER',
    W * 0.085,
    centre('#c8322b', { weight: 0.21, fit: W * 0.86 }),
  )
  s.print(
    W / 2,
    H * 0.185,
    'la bibliothèque prête par la fenêtre',
    W * 0.036,
    centre('#1d2a44', { weight: 0.15, fit: W * 0.84 }),
  )
  s.print(
    W / 2,
    H * 0.86,
    'mardi et samedi, 10 h - 12 h',
    W * 0.045,
    centre('#1d2a44', { weight: 0.16 }),
  )
  imprint(s, '#1d2a44', 'Bibliothèque Marguerite-Audoux')
}

/** Open the window, ten minutes. */
export function openWindow(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#6fb7d8')
  s.rect(W * 0.1, H * 0.08, W * 0.8, H * 0.5, flat('#d7eefa'))
  s.circle(W * 0.66, H * 0.24, W * 0.2, flat('#f7c41f'))
  s.polygon([[W * 0.1, H * 0.5], [W * 0.36, H * 0.38], [W * 0.6, H * 0.49], [W * 0.9, H * 0.42], [W * 0.9, H * 0.58], [W * 0.1, H * 0.58]], flat('#2f7d4f')) // prettier-ignore
  for (const side of [-1, 1]) {
    const [a, b] = side < 0 ? [W * 0.1, W * -0.06] : [W * 0.9, W * 1.06]
    s.polygon(
      [
        [a, H * 0.08],
        [b, H * 0.02],
        [b, H * 0.66],
        [a, H * 0.58],
      ],
      flat('#fbf3e2'),
    )
    s.polygon([[a - side * 16, H * 0.11], [b - side * -22, H * 0.06], [b - side * -22, H * 0.61], [a - side * 16, H * 0.55]], flat('#b9dcec')) // prettier-ignore
  }
  s.rect(W * 0.04, H * 0.58, W * 0.92, H * 0.03, flat('#fbf3e2'))
  cat(s, W * 0.3, H * 0.58, H * 0.12, '#1d2a44')
  for (let i = 0; i < 6; i++)
    bird(
      s,
      W * (0.3 + (i % 3) * 0.09),
      H * (0.15 + Math.floor(i / 3) * 0.05 + (i % 2) * 0.02),
      W * 0.03,
      '#1d2a44',
    )
  s.print(W / 2, H * 0.77, 'AÉREZ', W * 0.19, centre('#fbf3e2', { weight: 0.23, fit: W * 0.84 }))
  s.print(
    W / 2,
    H * 0.85,
    'dix minutes, trois fois par jour',
    W * 0.045,
    centre('#1d2a44', { weight: 0.15, fit: W * 0.8 }),
  )
  s.print(W / 2, H * 0.895, '(les pensées aussi)', W * 0.032, centre('#1d2a44', { weight: 0.14 }))
  imprint(s, '#fbf3e2')
}

/** Sewing workshop: a mask that is a bird. */
export function sewing(s: Sheet): void {
  const { width: W, height: H } = s
  ground(s, '#f4c9c0')
  s.blob([[W * 0.2, H * 0.36], [W * 0.5, H * 0.3], [W * 0.8, H * 0.36], [W * 0.76, H * 0.56], [W * 0.5, H * 0.64], [W * 0.24, H * 0.56]], flat('#1f6f8b')) // prettier-ignore
  for (const side of [-1, 1])
    s.curve(
      ring(
        W * (0.5 + side * 0.31),
        H * 0.45,
        W * 0.12,
        H * 0.11,
        side < 0 ? 1.5 : -1.6,
        side < 0 ? 4.9 : 1.7,
        8,
      ),
      { stroke: '#1d2a44', weight: 11, roughness: 0 },
    )
  for (let i = 0; i < 40; i++) {
    const [x, y] = [W * s.between(0.26, 0.74), H * s.between(0.36, 0.58)]
    if (i % 3) s.dot(x, y, W * 0.012, '#f4c9c0')
    else star(s, x, y, W * 0.018, '#f7c41f')
  }
  const thread: Point[] = []
  for (let i = 0; i <= 14; i++)
    thread.push([W * (0.1 + i * 0.058), H * (0.7 + Math.sin(i * 0.9) * 0.025)])
  s.curve(thread, { stroke: '#c8322b', weight: 6, roughness: 0 })
  s.line(W * 0.9, H * 0.7, W * 0.97, H * 0.63, { stroke: '#5d6b7d', weight: 9, roughness: 0 })
  s.print(W / 2, H * 0.14, 'À VOS', W * 0.12, centre('#c8322b', { weight: 0.21 }))
  s.print(
    W / 2,
    H * 0.25,
    'AIGUILLES',
    W * 0.14,
    centre('#c8322b', { weight: 0.22, fit: W * 0.84 }),
  )
  s.print(
    W / 2,
    H * 0.81,
    '3 000 masques à coudre',
    W * 0.055,
    centre('#1d2a44', { weight: 0.17, fit: W * 0.84 }),
  )
  s.print(
    W / 2,
    H * 0.87,
    'rideaux, draps, cravates : tout sert',
    W * 0.037,
    centre('#1d2a44', { weight: 0.14, fit: W * 0.84 }),
  )
  cat(s, W * 0.12, H * 0.685, H * 0.07, '#1d2a44')
  imprint(s, '#1d2a44', 'Atelier solidaire du quartier du Port')
}

/** Neighbours' note in the lift. */
export function liftNote(s: Sheet): void {
  const { width: W, height: H } = s
  const left = W * 0.1
  s.write(W / 2, H * 0.12, 'Chers voisins,', H * 0.06, centre('#2c4fa0', { wobble: 0.35 }))
  const lines = ['Je suis jeune, j’ai des jambes', 'et une carte de bibliothèque.', 'Si vous avez besoin de courses,', 'de médicaments, ou de parler', 'par la fenêtre : 4e gauche.'] // prettier-ignore
  lines.forEach((line, i) =>
    s.write(left, H * (0.22 + i * 0.075), line, H * 0.038, {
      stroke: '#2c4fa0',
      wobble: 0.4,
      fit: W * 0.8,
    }),
  )
  s.write(W * 0.88, H * 0.61, 'Samira', H * 0.045, {
    align: 'right',
    stroke: '#2c4fa0',
    wobble: 0.5,
  })
  const answers: [string, string, number][] = [
    ['Merci ! du sel svp — 2e', '#3f9b45', -3],
    ['Je joue aux échecs. 6e', '#c8322b', 2],
    ['moi aussi !! 1er (j’ai 8 ans)', '#f0702a', -2],
    ['Qui a fini par gagner ? 3e', '#6a4fb3', 1],
  ]
  answers.forEach(([text, colour, tilt], i) =>
    s.write(W * (0.12 + (i % 2) * 0.1), H * (0.7 + i * 0.065), text, H * 0.03, {
      stroke: colour,
      wobble: 0.3 + i * 0.2,
      tilt,
      fit: W * 0.7,
    }),
  )
  heart(s, W * 0.88, H * 0.8, 60)
  cat(s, W * 0.87, H * 0.95, H * 0.08)
}
