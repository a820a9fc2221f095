// The photographs of the imaginary departmental archives: the town without its people.
import type { ToneName } from '../photo/lens.ts'
import type { Hour } from '../photo/views.ts'
import type { Both, Rights, Subject } from './words.ts'

export interface Photograph {
  view:
    | 'street'
    | 'square'
    | 'station'
    | 'playground'
    | 'beach'
    | 'aisle'
    | 'concertHall'
    | 'nightFacade'
    | 'motorway'
    | 'schoolroom'
    | 'quay'
    | 'avenue'
    | 'contact'
  name: string
  seed: number
  hour: Hour
  side?: number
  tone: ToneName
  size: [width: number, height: number]
  photographer: string
  date: string
  place: string
  title: Both
  text: Both
  about: Subject[]
  rights: Rights
}

const hugues = 'Hugues Delorme'
const clara = 'Clara Benamou'
const wim = 'Wim Ostaijen'
const agence = 'Jeanne Kervella'

export const photographs: Photograph[] = [
  {
    view: 'street',
    name: 'rue-de-la-republique-8h',
    seed: 4,
    hour: 'dawn',
    side: 0.5,
    tone: 'colour',
    size: [1920, 1280],
    photographer: clara,
    date: '2020-03-20',
    place: 'Rue de la République, Sainte-Colombe-sur-Orge',
    title: ['Rue de la République, 8 h', 'Rue de la République, 8 a.m.'],
    text: [
      'Un vendredi, heure de l’école. La photographe dit avoir attendu vingt minutes que quelqu’un passe ; le chat est passé.',
      'A Friday, time for school. The photographer says she waited twenty minutes for someone to go by; the cat did.',
    ],
    about: ['street', 'silence', 'cat', 'shop'],
    rights: 'by',
  },
  {
    view: 'street',
    name: 'rue-des-tanneurs-pluie',
    seed: 9,
    hour: 'grey',
    tone: 'mono',
    size: [1500, 2000],
    photographer: hugues,
    date: '2020-03-29',
    place: 'Rue des Tanneurs, Sainte-Colombe-sur-Orge',
    title: ['Rue des Tanneurs sous la pluie', 'Rue des Tanneurs in the rain'],
    text: [
      'Les rideaux de fer sont baissés depuis douze jours. Au fond, la collégiale dont on entend enfin les heures.',
      'The iron shutters have been down for twelve days. At the end stands the collegiate church, whose hours can at last be heard.',
    ],
    about: ['street', 'closure', 'silence'],
    rights: 'nc',
  },
  {
    view: 'street',
    name: 'rue-du-four-nuit',
    seed: 15,
    hour: 'night',
    tone: 'blue',
    size: [1920, 1280],
    photographer: clara,
    date: '2020-04-13',
    place: 'Rue du Four, Sainte-Colombe-sur-Orge',
    title: ['Rue du Four, après l’allocution', 'Rue du Four, after the speech'],
    text: [
      'Lundi de Pâques, 20 h 40 : le confinement vient d’être prolongé jusqu’au 11 mai. Toutes les fenêtres sont allumées.',
      'Easter Monday, 8.40 p.m.: the lockdown has just been extended to 11 May. All the windows are lit.',
    ],
    about: ['street', 'night', 'window', 'lockdown'],
    rights: 'by',
  },
  {
    view: 'street',
    name: 'grand-rue-panorama',
    seed: 6,
    hour: 'noon',
    side: 0.75,
    tone: 'colour',
    size: [6000, 1800],
    photographer: wim,
    date: '2020-04-05',
    place: 'Grand-Rue, Sainte-Colombe-sur-Orge',
    title: ['Panorama de la Grand-Rue, midi', 'Panorama of the Grand-Rue at noon'],
    text: [
      'Neuf prises de vue assemblées, un dimanche de soleil. En s’approchant on trouve un mot sur une porte, un chat, et une silhouette très loin à gauche.',
      'Nine exposures joined, on a sunny Sunday. Come close to find a note on a door, a cat, and one figure far away on the left.',
    ],
    about: ['street', 'shop', 'closure', 'cat', 'spring'],
    rights: 'by',
  },
  {
    view: 'square',
    name: 'place-du-marche-panorama',
    seed: 2,
    hour: 'evening',
    side: -0.9,
    tone: 'colour',
    size: [5000, 1500],
    photographer: wim,
    date: '2020-04-09',
    place: 'Place du Marché, Sainte-Colombe-sur-Orge',
    title: ['Place du Marché, panorama de 20 h', 'Market square, panorama at 8 p.m.'],
    text: [
      'Jeudi saint, une minute avant les applaudissements. L’horloge de l’hôtel de ville donne l’heure à vingt-deux pigeons.',
      'Maundy Thursday, one minute before the applause. The town hall clock tells the time to twenty-two pigeons.',
    ],
    about: ['square', 'applause', 'birds', 'silence'],
    rights: 'by',
  },
  {
    view: 'square',
    name: 'place-du-marche-brume',
    seed: 7,
    hour: 'grey',
    tone: 'faded',
    size: [1800, 1800],
    photographer: hugues,
    date: '2020-03-24',
    place: 'Place du Marché, Sainte-Colombe-sur-Orge',
    title: ['Place du Marché dans la brume', 'Market square in the mist'],
    text: [
      'Jour de marché sans marché. La fontaine a été coupée par économie ; les pigeons, non.',
      'Market day without a market. The fountain was turned off to save water; the pigeons were not.',
    ],
    about: ['square', 'market', 'birds', 'silence'],
    rights: 'by',
  },
  {
    view: 'square',
    name: 'place-nuit-bleue',
    seed: 12,
    hour: 'night',
    tone: 'blue',
    size: [1920, 1280],
    photographer: clara,
    date: '2020-04-21',
    place: 'Place du Marché, Sainte-Colombe-sur-Orge',
    title: ['La place à l’heure du couvre-feu', 'The square at curfew'],
    text: [
      'Pavés mouillés, lampadaires, et la lumière des cuisines. Vue prise avec attestation, case numéro un.',
      'Wet paving, street lamps, and the light of the kitchens. Taken with a permit, box number one.',
    ],
    about: ['square', 'night', 'permit', 'window'],
    rights: 'nc',
  },
  {
    view: 'station',
    name: 'gare-quai-1',
    seed: 3,
    hour: 'evening',
    side: 0.6,
    tone: 'colour',
    size: [1920, 1280],
    photographer: agence,
    date: '2020-03-27',
    place: 'Gare de Sainte-Colombe-sur-Orge, quai 1',
    title: ['Quai numéro 1, 17 h 42', 'Platform 1, 5.42 p.m.'],
    text: [
      'L’heure où descendent d’ordinaire quatre cents personnes. Il est resté un train sur huit, et ce n’était pas celui-là.',
      'The hour at which four hundred people usually get off. One train in eight was still running, and this was not the one.',
    ],
    about: ['station', 'railway', 'silence', 'mobility'],
    rights: 'by',
  },
  {
    view: 'station',
    name: 'gare-matin-gris',
    seed: 8,
    hour: 'grey',
    tone: 'mono',
    size: [1600, 2200],
    photographer: hugues,
    date: '2020-04-07',
    place: 'Gare de Sainte-Colombe-sur-Orge',
    title: ['Gare, un matin', 'The station, one morning'],
    text: [
      'Un panneau annonce « Pas de train ce jour ». Quelqu’un a balayé le quai quand même.',
      'A notice says “No train today”. Someone has swept the platform all the same.',
    ],
    about: ['station', 'railway', 'work'],
    rights: 'nc',
  },
  {
    view: 'playground',
    name: 'aire-de-jeux',
    seed: 5,
    hour: 'noon',
    side: 0.6,
    tone: 'colour',
    size: [1920, 1280],
    photographer: clara,
    date: '2020-04-15',
    place: 'Parc de la Mairie, Sainte-Colombe-sur-Orge',
    title: ['L’aire de jeux sous ruban', 'The taped-off playground'],
    text: [
      'Ruban rouge et blanc posé par les services techniques le 18 mars. Le toboggan avait trouvé un autre usager.',
      'Red and white tape put up by the town’s workmen on 18 March. The slide had found another user.',
    ],
    about: ['playground', 'park', 'closure', 'cat', 'play'],
    rights: 'by',
  },
  {
    view: 'beach',
    name: 'plage-panorama',
    seed: 1,
    hour: 'noon',
    side: -0.5,
    tone: 'faded',
    size: [5000, 1600],
    photographer: wim,
    date: '2020-04-18',
    place: 'Plage des Salines, Port-Colombe',
    title: ['Plage des Salines, marée basse', 'Plage des Salines, low tide'],
    text: [
      'La plage était interdite jusqu’au 16 mai. Une seule piste de pas traverse le sable, avec quatre pattes.',
      'The beach was out of bounds until 16 May. One line of prints crosses the sand, on four paws.',
    ],
    about: ['beach', 'sea', 'closure', 'birds'],
    rights: 'by',
  },
  {
    view: 'beach',
    name: 'plage-soir',
    seed: 4,
    hour: 'evening',
    side: 0.5,
    tone: 'sepia',
    size: [1800, 1800],
    photographer: agence,
    date: '2020-05-04',
    place: 'Plage des Salines, Port-Colombe',
    title: ['Mouettes exceptées', 'Except gulls'],
    text: [
      'Le panneau est authentique : l’agent municipal a ajouté la seconde ligne de sa main.',
      'The sign is genuine: the municipal officer added the second line himself.',
    ],
    about: ['beach', 'birds', 'humour', 'closure'],
    rights: 'by',
  },
  {
    view: 'aisle',
    name: 'rayon-pates',
    seed: 3,
    hour: 'grey',
    tone: 'colour',
    size: [2200, 1467],
    photographer: agence,
    date: '2020-03-17',
    place: 'Supermarché des Prés-Hauts, Sainte-Colombe-sur-Orge',
    title: ['Rayon pâtes et riz, 11 h', 'Pasta and rice, 11 a.m.'],
    text: [
      'Dernière heure avant le confinement. Il reste des lasagnes complètes et un chat qui vient pour les croquettes.',
      'Last hour before lockdown. What is left is wholemeal lasagne and a cat that has come for the biscuits.',
    ],
    about: ['supermarket', 'shortage', 'distance'],
    rights: 'by',
  },
  {
    view: 'aisle',
    name: 'rayon-papier',
    seed: 10,
    hour: 'grey',
    tone: 'blue',
    size: [1600, 2000],
    photographer: agence,
    date: '2020-03-19',
    place: 'Supermarché des Prés-Hauts, Sainte-Colombe-sur-Orge',
    title: ['Rayon papier et hygiène', 'Paper and hygiene aisle'],
    text: [
      'Deux paquets par famille, puis un, puis l’étagère. Les marques au sol ont été collées la nuit précédente.',
      'Two packs per family, then one, then the shelf. The marks on the floor had been stuck down the night before.',
    ],
    about: ['supermarket', 'shortage', 'distance'],
    rights: 'nc',
  },
  {
    view: 'concertHall',
    name: 'auditorium',
    seed: 1,
    hour: 'grey',
    tone: 'colour',
    size: [1920, 1280],
    photographer: clara,
    date: '2020-04-24',
    place: 'Auditorium du Conservatoire, Sainte-Colombe-sur-Orge',
    title: ['Auditorium, jour de concert', 'Auditorium, day of the concert'],
    text: [
      'Les pupitres sont restés en place, la partition ouverte au deuxième mouvement. Six cents fauteuils et un abonné.',
      'The music stands stayed in place, the score open at the second movement. Six hundred seats and one subscriber.',
    ],
    about: ['concert', 'music', 'silence', 'closure'],
    rights: 'by',
  },
  {
    view: 'nightFacade',
    name: 'facade-vingt-heures',
    seed: 6,
    hour: 'night',
    tone: 'colour',
    size: [4000, 2600],
    photographer: hugues,
    date: '2020-04-30',
    place: 'Cité des Peupliers, Sainte-Colombe-sur-Orge',
    title: ['Vingt heures, cité des Peupliers', 'Eight o’clock, cité des Peupliers'],
    text: [
      'Pose de deux secondes pendant les applaudissements. On y trouve des bras levés, des plantes, un arc-en-ciel et un chat.',
      'Two-second exposure during the applause. Look for raised arms, plants, a rainbow and a cat.',
    ],
    about: ['facade', 'applause', 'night', 'window', 'neighbours'],
    rights: 'by',
  },
  {
    view: 'motorway',
    name: 'rocade',
    seed: 2,
    hour: 'dawn',
    side: -0.4,
    tone: 'faded',
    size: [2600, 1500],
    photographer: wim,
    date: '2020-03-31',
    place: 'Rocade nord, depuis la passerelle',
    title: ['La rocade, heure de pointe', 'The ring road, rush hour'],
    text: [
      '7 h 50 un mardi. Le panneau lumineux s’adresse à la photographe, à un chat et à deux pigeons.',
      '7.50 on a Tuesday. The message board speaks to the photographer, a cat and two pigeons.',
    ],
    about: ['road', 'mobility', 'air', 'silence'],
    rights: 'by',
  },
  {
    view: 'schoolroom',
    name: 'salle-de-classe',
    seed: 2,
    hour: 'noon',
    tone: 'colour',
    size: [1920, 1280],
    photographer: clara,
    date: '2020-04-27',
    place: 'École Jules-Verne, Sainte-Colombe-sur-Orge',
    title: ['La classe du vendredi 13 mars', 'The classroom of Friday 13 March'],
    text: [
      'Six semaines après, la date et « À lundi ! » étaient encore au tableau. L’école a décidé de ne pas les effacer.',
      'Six weeks later the date and “See you on Monday!” were still on the board. The school decided not to wipe them off.',
    ],
    about: ['school', 'pupil', 'time', 'silence'],
    rights: 'by',
  },
  {
    view: 'quay',
    name: 'quai-des-mariniers',
    seed: 4,
    hour: 'evening',
    side: -0.7,
    tone: 'colour',
    size: [1920, 1280],
    photographer: clara,
    date: '2020-04-23',
    place: 'Quai des Mariniers, Sainte-Colombe-sur-Orge',
    title: ['Le canal immobile', 'The still canal'],
    text: [
      'Aucune péniche depuis cinq semaines. L’eau reflète les façades avec une exactitude que les riverains ne lui connaissaient pas.',
      'No barge for five weeks. The water mirrors the façades with a precision that people living there had never seen.',
    ],
    about: ['river', 'canal', 'water', 'silence'],
    rights: 'by',
  },
  {
    view: 'contact',
    name: 'planche-contact',
    seed: 1,
    hour: 'noon',
    tone: 'mono',
    size: [2600, 1950],
    photographer: hugues,
    date: '2020-03-17/2020-05-11',
    place: 'Sainte-Colombe-sur-Orge',
    title: [
      'Planche-contact : trente-six vues, aucun passant',
      'Contact sheet: thirty-six frames, no passer-by',
    ],
    text: [
      'Planche 14 du reportage. Le photographe a entouré au crayon gras la seule vue où quelque chose bouge.',
      'Sheet 14 of the assignment. The photographer circled in grease pencil the only frame in which anything moves.',
    ],
    about: ['contact', 'street', 'square', 'park', 'silence'],
    rights: 'edu',
  },
]
