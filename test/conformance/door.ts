// The OAI-PMH door as a stranger meets it: requests over HTTP, answers taken apart, lists followed to their end.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  attributeOf,
  childOf,
  childrenOf,
  childText,
  readXml,
  textOf,
  type XmlElement,
} from '../../schemas/xml-tree.ts'

export interface Told {
  identifier: string
  datestamp: string
  sets: string[]
  deleted: boolean
  /** The whole record (or header) as it came. */
  xml: string
}

export interface Token {
  value: string
  cursor?: string
  completeListSize?: string
  expirationDate?: string
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  responseDate: string
  /** Attributes of <request>. */
  echo: Record<string, string>
  /** Content of <request>. */
  baseUrl: string
  errors: { code: string; message: string }[]
  /** The element named after the verb. */
  body?: XmlElement
  records: Told[]
  token?: Token
}

export type Query = Record<string, string> | [string, string][] | string

const queryOf = (query: Query): string =>
  typeof query === 'string' ? query : new URLSearchParams(query).toString()

/** An answer that must be OAI-PMH. */
export async function ask(url: string, query: Query, init?: RequestInit): Promise<Answer> {
  const response = await fetch(`${url}?${queryOf(query)}`, init)
  const text = await response.text()
  assert.equal(response.status, 200, `${queryOf(query)}: ${text.slice(0, 300)}`)
  assert.match(response.headers.get('content-type') ?? '', /^text\/xml; charset=utf-8$/i)
  return { status: response.status, headers: response.headers, ...takeApart(text) }
}

/** The same by POST. */
export const post = (url: string, query: Query): Promise<Answer> =>
  ask(url, '', {
    method: 'POST',
    body: queryOf(query),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })

export function takeApart(text: string): Omit<Answer, 'status' | 'headers'> {
  const root = readXml(text)
  assert.equal(root.name, 'OAI-PMH')
  const request = childOf(root, 'request')
  assert.ok(request, 'an answer has a <request>')
  const body = childrenOf(root).find(
    (each) => !['responseDate', 'request', 'error'].includes(each.name),
  )
  const token = body && tokenOf(body)
  return {
    text,
    responseDate: childText(root, 'responseDate') ?? '',
    echo: Object.fromEntries(request.attributes.map(({ name, value }) => [name, value])),
    baseUrl: textOf(request),
    errors: childrenOf(root, 'error').map((each) => ({
      code: attributeOf(each, 'code') ?? '',
      message: textOf(each),
    })),
    records: body ? recordsOf(body, text) : [],
    ...(body && { body }),
    ...(token && { token }),
  }
}

function recordsOf(body: XmlElement, text: string): Told[] {
  const whole = body.name === 'ListIdentifiers' ? 'header' : 'record'
  return childrenOf(body, whole).map((element) => {
    const header = whole === 'header' ? element : childOf(element, 'header')
    assert.ok(header, 'a record has a header')
    return {
      identifier: childText(header, 'identifier') ?? '',
      datestamp: childText(header, 'datestamp') ?? '',
      sets: childrenOf(header, 'setSpec').map((each) => textOf(each)),
      deleted: attributeOf(header, 'status') === 'deleted',
      xml: text.slice(element.start, element.end),
    }
  })
}

function tokenOf(body: XmlElement): Token | undefined {
  const element = childOf(body, 'resumptionToken')
  return (
    element && {
      value: textOf(element),
      ...Object.fromEntries(element.attributes.map(({ name, value }) => [name, value])),
    }
  )
}

export const codesOf = (answer: Answer): string[] => answer.errors.map((each) => each.code)

/** All pages of a list, one by one. */
export async function* follow(
  url: string,
  query: Record<string, string>,
  request: typeof ask = ask,
): AsyncGenerator<Answer, void> {
  const { verb = '' } = query
  let answer = await request(url, query)
  for (;;) {
    yield answer
    const next = answer.token?.value
    if (!next) return
    answer = await request(url, { verb, resumptionToken: next })
  }
}

/** All pages of a list at once. */
export async function walk(url: string, query: Record<string, string>): Promise<Answer[]> {
  const pages: Answer[] = []
  for await (const page of follow(url, query)) pages.push(page)
  return pages
}

export const identifiersOf = (pages: Answer[]): string[] =>
  pages.flatMap((page) => page.records.map((each) => each.identifier))

/** `ask`, again and again while nobody listens: the server is being restarted. */
export async function askPatiently(url: string, query: Query): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask(url, query)
    } catch (error) {
      if (!(error instanceof TypeError) || attempt >= 300) throw error
      await sleep(50)
    }
  }
}
