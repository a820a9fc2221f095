// A plan as SQL: the condition on words, the rank, the filters, the order and the place in it.
import type { Facet } from '../engine.ts'
import { worth, worthTogether } from '../entry.ts'
import { noYear, type Plan } from '../plan.ts'
import type { Term } from '../question.ts'

/** Collects the values of one statement: `$1`, `$2` … */
export class Values {
  readonly list: unknown[] = []

  put(value: unknown, type: string): string {
    return `$${this.list.push(value)}::${type}`
  }
}

/** Codes of the values to filter by. */
export type Codes = Map<Facet, number[]>

// Words are letters and digits, without quotes or backslashes (words.ts).
const asWritten = (words: string[], weights = ''): string =>
  words.map((word) => `'=${word}'${weights && `:${weights}`}`).join(' <-> ')

/** A tsquery for a term, within these weights only. */
function tsquery(values: Values, term: Term, weights = ''): string {
  if (term.kind === 'phrase') return values.put(asWritten(term.words, weights), 'tsquery')
  const word = values.put(`'${term.word}'${weights && `:${weights}`}`, 'text')
  const plain = values.put(asWritten([term.word], weights), 'tsquery')
  return `(to_tsquery('campa_fr', ${word}) || to_tsquery('campa_en', ${word}) || ${plain})`
}

/** A number that tells how well a row answers: where each word stands, and whether they stand together. */
export function rank(values: Values, { question }: Plan): string {
  const terms = question.all.map((term) => {
    const within = (weights: string): string => `levels @@ ${tsquery(values, term, weights)}`
    return `CASE WHEN ${within('A')} THEN ${worth.title} WHEN ${within('AB')} THEN ${worth.named}
      WHEN ${within('')} THEN ${worth.lead} ELSE ${worth.rest} END`
  })
  if (question.together.length) {
    const together = values.put(asWritten(question.together), 'tsquery')
    terms.push(`CASE WHEN levels @@ ${together} THEN ${worthTogether} ELSE 0 END`)
  }
  return terms.join(' + ') || '0'
}

/**
 * What a row must fulfil.
 * @param except a filter left out, for counting its alternatives
 */
export function conditions(
  values: Values,
  plan: Plan,
  codes: Codes,
  except?: Facet | 'years',
): string {
  const { question, years, pictured } = plan
  const words = [
    ...question.all.map((term) => tsquery(values, term)),
    ...question.none.map((term) => `!!(${tsquery(values, term)})`),
  ]
  const parts = words.length ? [`words @@ (${words.join(' && ')})`] : []
  if (pictured) parts.push('pictured')
  if (years && except !== 'years')
    parts.push(
      `year_from <= ${values.put(years.to, 'int')} AND year_to >= ${values.put(years.from, 'int')}`,
    )
  for (const [facet, list] of codes)
    if (facet !== except) parts.push(`facets && ${values.put(list, 'int[]')}`)
  return parts.join(' AND ') || 'true'
}

const orders: Record<Plan['sort'], string[]> = {
  relevance: ['rank DESC', 'title_length'],
  newest: [],
  'oldest-date': [`coalesce(year_from, ${noYear})`],
  'latest-date': [`coalesce(year_to, ${-noYear}) DESC`],
}

/** The sort values before the sequence, as columns. */
export function sortValues({ sort }: Plan): string[] {
  return orders[sort].map((each) => each.replace(/ DESC$/, ''))
}

export function order({ sort }: Plan): string {
  return [...orders[sort], 'sequence DESC', 'id'].join(', ')
}

/** What comes after a place: worse in one value and alike in all before it. */
export function beyond(values: Values, plan: Plan): string {
  const { after } = plan
  if (!after) return 'true'
  const keys = [...orders[plan.sort], 'sequence DESC', 'id'].map((each) => ({
    column: each.replace(/ DESC$/, ''),
    sign: each.endsWith(' DESC') ? '<' : '>',
  }))
  const given = [
    ...after.values.map((value) => values.put(value, 'bigint')),
    values.put(after.sequence, 'bigint'),
    values.put(after.id, 'text'),
  ]
  const [first] = keys
  const ways = keys.map(({ column, sign }, index) =>
    [
      ...keys.slice(0, index).map((key, before) => `${key.column} = ${given[before]}`),
      `${column} ${sign} ${given[index]}`,
    ].join(' AND '),
  )
  // The first comparison alone is what an index can use.
  return `${first?.column} ${first?.sign}= ${given[0]} AND (${ways.join(' OR ')})`
}
