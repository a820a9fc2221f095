// Which rights statements are addresses that machines know: Creative Commons and RightsStatements.org, in the one form
// that Presentation 3 allows in `rights`. https://iiif.io/api/presentation/3.0/#rights
const known: [RegExp, (match: RegExpExecArray) => string][] = [
  [
    /^https?:\/\/(?:www\.)?creativecommons\.org\/(licenses|publicdomain)\/([a-z-]+)\/(\d\.\d)(\/[a-z]{2,3})?(?:\/|\/deed(?:\.[a-z_-]+)?|\/legalcode(?:\.[a-z_-]+)?)?$/i,
    ([, kind, terms, version, port]) =>
      `http://creativecommons.org/${kind}/${terms}/${version}${port ?? ''}/`.toLowerCase(),
  ],
  [
    /^https?:\/\/rightsstatements\.org\/(?:vocab|page)\/([A-Za-z-]+)\/(\d\.\d)\/?(?:\?.*)?$/,
    ([, statement, version]) => `http://rightsstatements.org/vocab/${statement}/${version}/`,
  ],
]

/** The address that stands for this statement, or undefined where it is only text. */
export function rightsAddress(statement: string): string | undefined {
  for (const [pattern, write] of known) {
    const match = pattern.exec(statement.trim())
    if (match) return write(match)
  }
  return undefined
}
