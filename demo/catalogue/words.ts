// The words that the sample catalogues share: subjects in both languages, rights, French typography.
export type Both = [fr: string, en: string]

export const rights = {
  by: 'https://creativecommons.org/licenses/by/4.0/',
  nc: 'https://creativecommons.org/licenses/by-nc/4.0/',
  zero: 'https://creativecommons.org/publicdomain/zero/1.0/',
  edu: 'http://rightsstatements.org/vocab/InC-EDU/1.0/',
} as const
export type Rights = keyof typeof rights

const subjects = {
  lockdown: ['confinement', 'lockdown'],
  reopening: ['déconfinement', 'end of lockdown'],
  window: ['fenêtre', 'window'],
  rainbow: ['arc-en-ciel', 'rainbow'],
  hope: ['espoir', 'hope'],
  balcony: ['balcon', 'balcony'],
  applause: ['applaudissements', 'applause'],
  street: ['rue déserte', 'empty street'],
  square: ['place', 'square'],
  cat: ['chat', 'cat'],
  dog: ['chien', 'dog'],
  wildlife: ['animaux sauvages', 'wild animals'],
  birds: ['oiseaux', 'birds'],
  homeschool: ['école à la maison', 'home schooling'],
  school: ['école', 'school'],
  pupil: ['élève', 'pupil'],
  screen: ['écran', 'screen'],
  carers: ['soignants', 'health workers'],
  hospital: ['hôpital', 'hospital'],
  thanks: ['remerciements', 'thanks'],
  bread: ['pain fait maison', 'home-made bread'],
  kitchen: ['cuisine', 'kitchen'],
  virus: ['virus', 'virus'],
  soap: ['savon', 'soap'],
  hygiene: ['hygiène des mains', 'hand hygiene'],
  vaccine: ['vaccination', 'vaccination'],
  earth: ['Terre', 'Earth'],
  mask: ['masque', 'face mask'],
  sewing: ['couture', 'sewing'],
  grandparents: ['grands-parents', 'grandparents'],
  family: ['famille', 'family'],
  videocall: ['appel vidéo', 'video call'],
  shortage: ['pénurie', 'shortage'],
  distance: ['distance physique', 'physical distancing'],
  birthday: ['anniversaire', 'birthday'],
  sport: ['sport à domicile', 'exercise at home'],
  canal: ['canal', 'canal'],
  fish: ['poissons', 'fish'],
  garden: ['jardin', 'garden'],
  spring: ['printemps', 'spring'],
  moon: ['lune', 'moon'],
  night: ['nuit', 'night'],
  walk: ['promenade', 'walk'],
  permit: ['attestation de déplacement', 'travel permit'],
  home: ['intérieur', 'home'],
  hut: ['cabane', 'den'],
  hair: ['coiffure', 'haircut'],
  time: ['temps qui passe', 'passing of time'],
  letter: ['lettre', 'letter'],
  work: ['travailleurs essentiels', 'key workers'],
  waste: ['éboueurs', 'refuse collectors'],
  space: ['espace', 'outer space'],
  alphabet: ['abécédaire', 'alphabet'],
  neighbours: ['voisinage', 'neighbours'],
  music: ['musique', 'music'],
  portrait: ['autoportrait', 'self-portrait'],
  humour: ['humour', 'humour'],
  shop: ['commerce', 'shop'],
  closure: ['fermeture', 'closure'],
  museum: ['musée', 'museum'],
  library: ['bibliothèque', 'library'],
  cinema: ['cinéma', 'cinema'],
  market: ['marché', 'market'],
  station: ['gare', 'railway station'],
  railway: ['chemin de fer', 'railway'],
  playground: ['aire de jeux', 'playground'],
  beach: ['plage', 'beach'],
  sea: ['mer', 'sea'],
  supermarket: ['supermarché', 'supermarket'],
  concert: ['salle de concert', 'concert hall'],
  river: ['quai', 'quay'],
  road: ['route', 'road'],
  park: ['parc', 'park'],
  facade: ['façade', 'façade'],
  noise: ['bruit', 'noise'],
  silence: ['silence', 'silence'],
  mobility: ['mobilité', 'mobility'],
  air: ['qualité de l’air', 'air quality'],
  energy: ['énergie', 'energy'],
  trade: ['ventes', 'sales'],
  solidarity: ['entraide', 'mutual aid'],
  poster: ['affiche', 'poster'],
  testimony: ['témoignage', 'testimony'],
  water: ['eau', 'water'],
  bicycle: ['vélo', 'bicycle'],
  contact: ['planche-contact', 'contact sheet'],
  play: ['jeu', 'play'],
  teddy: ['ours en peluche', 'teddy bear'],
} as const satisfies Record<string, readonly [string, string]>
export type Subject = keyof typeof subjects

export function subjectsOf(keys: readonly Subject[], language: 0 | 1): string[] {
  return keys.map((key) => subjects[key][language])
}

/** French spacing: no-break spaces before double punctuation, inside guillemets and before units. */
export function french(text: string): string {
  return text
    .replace(/« /g, '«\u00a0')
    .replace(/ »/g, '\u00a0»')
    .replace(/ :/g, '\u00a0:')
    .replace(/ ([;!?])/g, '\u202f$1')
    .replace(/(\d) (h|m|km|cm|ans|mai|mars|avril|juin|\d{3})(?![\p{L}\d])/gu, '$1\u00a0$2')
}

export function both(text: Both): Record<'fr' | 'en', string> {
  return { fr: french(text[0]), en: text[1] }
}
