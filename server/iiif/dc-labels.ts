// Headings of the Dublin Core elements, for records whose profile has none of its own.
import type { DcElement } from '../../schemas/dublin-core.ts'
import type { Translations } from '../../schemas/record.ts'

export const dcLabels: Record<DcElement, Translations> = {
  title: { en: 'Title', fr: 'Titre' },
  creator: { en: 'Creator', fr: 'Auteur' },
  subject: { en: 'Subject', fr: 'Sujet' },
  description: { en: 'Description', fr: 'Description' },
  publisher: { en: 'Publisher', fr: 'Éditeur' },
  contributor: { en: 'Contributor', fr: 'Contributeur' },
  date: { en: 'Date', fr: 'Date' },
  type: { en: 'Type', fr: 'Type' },
  format: { en: 'Format', fr: 'Format' },
  identifier: { en: 'Identifier', fr: 'Identifiant' },
  source: { en: 'Source', fr: 'Source' },
  language: { en: 'Language', fr: 'Langue' },
  relation: { en: 'Relation', fr: 'Relation' },
  coverage: { en: 'Coverage', fr: 'Couverture' },
  rights: { en: 'Rights', fr: 'Droits' },
}
