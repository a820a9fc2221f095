// Data-set descriptions: what the town counted while it could not go out.
import type { Both, Rights, Subject } from './words.ts'

export interface Dataset {
  code: string
  creators: string[]
  date: string
  period: string
  coverage: string
  variables: string[]
  format: string
  title: Both
  method: Both
  text: Both
  about: Subject[]
  rights: Rights
  chart?: 'applauseChart' | 'breadChart' | 'birdChart'
}

const archives = 'Archives départementales de l’Orge'
export const publisher = archives

export const datasets: Dataset[] = [
  {
    code: 'bruit-applaudissements',
    creators: ['Collège Rosa-Parks, classe de 4e B', 'Nadia Ferrand'],
    date: '2020-06-02',
    period: '2020-03-18/2020-05-20',
    coverage: 'Cité des Peupliers, Sainte-Colombe-sur-Orge',
    format: 'text/csv',
    chart: 'applauseChart',
    variables: ['date', 'balcony', 'level_db', 'duration_s', 'instrument'],
    title: ['Niveau sonore des applaudissements par balcon', 'Applause level by balcony'],
    method: [
      'Mesure au téléphone posé sur la rambarde, étalonné sur un aspirateur de référence.',
      'Measured with a telephone on the railing, calibrated against a reference vacuum cleaner.',
    ],
    text: [
      'Soixante-trois soirées, vingt-deux balcons. Maximum le 28 mars (93 dB, cor des Alpes du 5e) ; plus long applaudissement le 10 mai.',
      'Sixty-three evenings, twenty-two balconies. Peak on 28 March (93 dB, an alphorn on the fifth floor); longest applause on 10 May.',
    ],
    about: ['applause', 'noise', 'balcony', 'carers'],
    rights: 'by',
  },
  {
    code: 'ventes-farine',
    creators: ['Chambre de commerce de l’Orge'],
    date: '2020-09-15',
    period: '2020-02/2020-06',
    coverage: 'Département de l’Orge',
    format: 'text/csv',
    chart: 'breadChart',
    variables: ['week', 'commune', 'flour_kg', 'yeast_sachets', 'bread_loaves'],
    title: ['Ventes de farine et de levure par semaine', 'Weekly sales of flour and yeast'],
    method: [
      'Tickets de caisse agrégés de quarante et un commerces, anonymisés.',
      'Aggregated till receipts from forty-one shops, anonymised.',
    ],
    text: [
      'La farine a triplé en semaine 13, la levure a disparu en semaine 14. Le pain acheté n’est jamais descendu sous 70 %.',
      'Flour tripled in week 13, yeast vanished in week 14. Bought bread never fell below 70%.',
    ],
    about: ['bread', 'trade', 'shortage', 'kitchen'],
    rights: 'by',
  },
  {
    code: 'chants-oiseaux',
    creators: ['Ligue des oiseaux de l’Orge', 'Paul Ndiaye'],
    date: '2020-07-01',
    period: '2020-03-22/2020-06-14',
    coverage: 'Quatorze jardins et cours',
    format: 'application/x-ndjson',
    chart: 'birdChart',
    variables: ['datetime', 'site', 'species', 'songs_per_10min', 'traffic_noise_db'],
    title: ['Comptage des chants d’oiseaux à l’aube', 'Dawn bird-song counts'],
    method: [
      'Écoute de dix minutes au lever du soleil par soixante bénévoles, de leur fenêtre.',
      'Ten minutes of listening at sunrise by sixty volunteers, from their windows.',
    ],
    text: [
      'Le merle chante plus bas et plus longtemps quand la rocade se tait. Le coucou a été entendu en centre-ville pour la première fois depuis 1987.',
      'Blackbirds sing lower and longer when the ring road is silent. A cuckoo was heard in the town centre for the first time since 1987.',
    ],
    about: ['birds', 'noise', 'spring', 'silence'],
    rights: 'by',
  },
  {
    code: 'mobilite-rues',
    creators: ['Laboratoire Ville et Mouvement, université de l’Orge'],
    date: '2020-11-20',
    period: '2020-01-01/2020-12-31',
    coverage: 'Quarante-huit rues de Sainte-Colombe-sur-Orge',
    format: 'application/vnd.apache.parquet',
    variables: ['datetime', 'street_id', 'pedestrians', 'bicycles', 'cars', 'lorries'],
    title: ['Mobilité par rue et par heure', 'Mobility by street and hour'],
    method: [
      'Boucles de comptage au sol et comptage manuel de contrôle le premier mardi du mois.',
      'Induction loops, with a manual check on the first Tuesday of each month.',
    ],
    text: [
      'Une année complète de passages. Le 24 mars à 15 h, la rue de la République compte zéro piéton, zéro voiture et une erreur de capteur identifiée comme un chat.',
      'A full year of traffic. On 24 March at 3 p.m. rue de la République counts no pedestrian, no car and one sensor error identified as a cat.',
    ],
    about: ['mobility', 'street', 'road', 'bicycle'],
    rights: 'by',
  },
  {
    code: 'attestations',
    creators: [archives],
    date: '2021-01-12',
    period: '2020-03-17/2020-05-10',
    coverage: 'Sainte-Colombe-sur-Orge',
    format: 'text/csv',
    variables: ['date', 'reason', 'handwritten', 'paper', 'distance_claimed_m'],
    title: [
      'Motifs des attestations de déplacement conservées',
      'Reasons given on surviving travel permits',
    ],
    method: [
      'Dépouillement de 3 412 attestations données aux archives, noms retirés.',
      'Coded from 3,412 permits given to the archives, names removed.',
    ],
    text: [
      'Courses 41 %, exercice 27 %, animaux 19 %. Deux cent huit attestations sont écrites au dos d’un dessin d’enfant.',
      'Shopping 41%, exercise 27%, animals 19%. Two hundred and eight are written on the back of a child’s drawing.',
    ],
    about: ['permit', 'walk', 'dog', 'testimony'],
    rights: 'by',
  },
  {
    code: 'qualite-air',
    creators: ['Observatoire de l’air de l’Orge'],
    date: '2020-06-30',
    period: '2019-03-01/2020-06-30',
    coverage: 'Rocade nord et Parc de la Mairie',
    format: 'text/csv',
    variables: ['datetime', 'station', 'no2_ug_m3', 'pm10_ug_m3', 'ozone_ug_m3'],
    title: [
      'Qualité de l’air avant et pendant le confinement',
      'Air quality before and during lockdown',
    ],
    method: [
      'Deux stations fixes, pas horaire, données validées.',
      'Two fixed stations, hourly, validated data.',
    ],
    text: [
      'Dioxyde d’azote divisé par deux le long de la rocade en avril. Les particules baissent moins : on brûlait les haies.',
      'Nitrogen dioxide halved along the ring road in April. Particles fell less: people were burning hedge cuttings.',
    ],
    about: ['air', 'road', 'mobility'],
    rights: 'by',
  },
  {
    code: 'pret-fenetre',
    creators: ['Bibliothèque Marguerite-Audoux'],
    date: '2020-10-05',
    period: '2020-05-05/2020-07-11',
    coverage: 'Sainte-Colombe-sur-Orge',
    format: 'text/csv',
    variables: ['date', 'genre', 'pages', 'age_group', 'returned'],
    title: ['Prêts par la fenêtre de la bibliothèque', 'Loans through the library window'],
    method: [
      'Export du logiciel de prêt, lecteurs anonymisés, durée de quarantaine incluse.',
      'Export of the loan system, readers anonymised, quarantine included.',
    ],
    text: [
      'Neuf mille livres par une fenêtre de 1,10 mètre. Les romans de mer et les guides de potager dominent ; La Peste est toujours sortie.',
      'Nine thousand books through a window 1.10 metres wide. Sea novels and gardening guides lead; The Plague is always out.',
    ],
    about: ['library', 'window', 'garden'],
    rights: 'zero',
  },
  {
    code: 'ecole-maison',
    creators: ['Rectorat de l’Orge', 'Enseignants volontaires'],
    date: '2020-12-01',
    period: '2020-03-16/2020-07-03',
    coverage: 'Vingt-six écoles',
    format: 'text/csv',
    variables: ['week', 'school', 'level', 'pupils_reached_pct', 'devices_lent', 'letters_posted'],
    title: [
      'École à la maison : élèves joints par semaine',
      'Home schooling: pupils reached each week',
    ],
    method: [
      'Déclaration hebdomadaire des directeurs, recoupée avec les prêts de matériel.',
      'Weekly returns by head teachers, checked against equipment loans.',
    ],
    text: [
      'Quatre-vingt-quatorze élèves sur cent joints en semaine 4, dont trois par lettre et un par haut-parleur depuis la cour.',
      'Ninety-four pupils in a hundred reached by week 4, three of them by letter and one by loudspeaker from the courtyard.',
    ],
    about: ['homeschool', 'school', 'pupil', 'letter'],
    rights: 'nc',
  },
  {
    code: 'electricite-quart-heure',
    creators: ['Régie municipale d’électricité'],
    date: '2020-08-18',
    period: '2020-01-01/2020-06-30',
    coverage: 'Sainte-Colombe-sur-Orge',
    format: 'text/csv',
    variables: ['datetime', 'district', 'load_kw', 'temperature_c'],
    title: ['Consommation électrique par quart d’heure', 'Electricity load by quarter hour'],
    method: [
      'Somme des départs de poste, sans donnée individuelle.',
      'Sum of substation feeders, no individual data.',
    ],
    text: [
      'Le pic de 7 h 30 glisse à 9 h 15. À 20 h 02, chaque soir, une petite bosse : on rentre du balcon et on allume le four.',
      'The 7.30 peak slides to 9.15. At 8.02 every evening there is a small bump: people come in from the balcony and turn on the oven.',
    ],
    about: ['energy', 'time', 'balcony', 'home'],
    rights: 'by',
  },
  {
    code: 'temoignages-oraux',
    creators: [archives, 'Association Mémoire vive'],
    date: '2021-05-19',
    period: '2020-06/2021-05',
    coverage: 'Département de l’Orge',
    format: 'application/xml',
    variables: ['interview', 'age', 'occupation', 'duration', 'themes', 'transcript'],
    title: ['Entretiens : raconter son printemps 2020', 'Interviews: telling spring 2020'],
    method: [
      'Cent douze entretiens d’une heure, consentement écrit, transcription TEI.',
      'One hundred and twelve one-hour interviews, written consent, TEI transcripts.',
    ],
    text: [
      'Caissières, écoliers, fossoyeur, infirmières, un évêque, deux champions de pétanque. Consultation du son sur place.',
      'Checkout assistants, pupils, a gravedigger, nurses, a bishop, two pétanque champions. Recordings can be heard on site.',
    ],
    about: ['testimony', 'work', 'carers', 'family'],
    rights: 'edu',
  },
  {
    code: 'masques-cousus',
    creators: ['Atelier solidaire du quartier du Port'],
    date: '2020-07-14',
    period: '2020-03-28/2020-06-13',
    coverage: 'Quartier du Port',
    format: 'text/csv',
    variables: ['date', 'pattern', 'fabric', 'size', 'recipient'],
    title: ['Registre des masques cousus', 'Register of hand-sewn masks'],
    method: [
      'Registre papier tenu à l’atelier, saisi par deux personnes.',
      'Paper register kept in the workshop, entered twice.',
    ],
    text: [
      '3 087 masques, 64 tissus d’origine : draps 38 %, chemises 21 %, rideaux 17 %, une robe de mariée. Un masque pour ours en peluche.',
      '3,087 masks, 64 source fabrics: sheets 38%, shirts 21%, curtains 17%, one wedding dress. One mask for a teddy bear.',
    ],
    about: ['mask', 'sewing', 'solidarity'],
    rights: 'zero',
  },
  {
    code: 'ours-fenetres',
    creators: ['Centre social du quartier du Port', 'Enfants du quartier'],
    date: '2020-06-20',
    period: '2020-04-10/2020-05-10',
    coverage: 'Quartier du Port',
    format: 'application/geo+json',
    variables: ['date', 'street', 'floor', 'colour', 'clothes', 'is_a_bear'],
    title: ['Recensement des ours aux fenêtres', 'Census of bears in windows'],
    method: [
      'Observation à pied, une heure par jour, carte d’un kilomètre de rayon.',
      'Observed on foot, one hour a day, within a radius of one kilometre.',
    ],
    text: [
      'Cent quatre-vingt-dix-sept ours, douze lapins, un aspirateur coiffé. Le champ « is_a_bear » a donné lieu à des discussions.',
      'One hundred and ninety-seven bears, twelve rabbits, one vacuum cleaner in a hat. The field “is_a_bear” led to debate.',
    ],
    about: ['teddy', 'window', 'walk', 'play', 'neighbours'],
    rights: 'by',
  },
]
