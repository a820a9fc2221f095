import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  XmlCData,
  XmlDocument,
  XmlElement as Parsed,
  XmlText,
  type XmlNode,
  type XmlTreeNode,
} from 'libxml2-wasm'
import { readXml, type XmlElement } from '../../schemas/xml-tree.ts'

type Plain = {
  name: string
  namespace: string
  attributes: [string, string, string][]
  children: (Plain | string)[]
}

const ours = ({ name, namespace, attributes, children }: XmlElement): Plain => ({
  name,
  namespace,
  attributes: attributes.map((each) => [each.namespace, each.name, each.value]),
  children: children.map((each) => (typeof each === 'string' ? each : ours(each))),
})

/** As libxml2 reads it, white space between elements left out. */
function theirs(element: Parsed): Plain {
  const children: (Plain | string)[] = []
  for (let node: XmlTreeNode | null = element.firstChild; node; node = nextOf(node)) {
    if (node instanceof Parsed) children.push(theirs(node))
    const text = node instanceof XmlText || node instanceof XmlCData ? node.content : ''
    if (!text || (node instanceof XmlText && !/\S/.test(text))) continue
    const last = children.at(-1)
    if (typeof last === 'string') children.splice(-1, 1, last + text)
    else children.push(text)
  }
  return {
    name: element.name,
    namespace: element.namespaceUri,
    attributes: element.attrs.map((each) => [each.namespaceUri, each.name, each.value]),
    children,
  }
}

const nextOf = (node: XmlNode): XmlTreeNode | null => (node as XmlTreeNode).next

const text = fc.stringMatching(/^(?:[a-zé東😀 >"'\n]|&amp;|&lt;|&#233;|&#x6771;){0,8}$/u)
const inner = fc.oneof(
  { weight: 6, arbitrary: text },
  fc.constantFrom('<!-- <x> -->', '<![CDATA[ <x>&amp; ]]>'),
)
const name = fc.constantFrom('a', 'b', 'p:a', 'p:b', 'q:a-b.c')
const attributes = fc.constantFrom(
  '',
  '',
  ' xml:lang="fr"',
  ' xml:lang="x&amp;y"',
  "\n xml:lang='fr'",
  ' a="b > c" p:a="d"',
  ' xmlns:p="http://other"',
  ' xmlns=""',
)
const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      name,
      attributes,
      fc.array(fc.oneof({ maxDepth: 4 }, inner, tie('element')), { maxLength: 5 }),
    )
    .map(([tag, given, content]) =>
      content.length ? `<${tag}${given}>${content.join('')}</${tag}>` : `<${tag}${given}/>`,
    ),
}))
const roots = [
  '<r xmlns="http://d" xmlns:p="http://p" xmlns:q="http://q">',
  '<r xmlns:p="http://p" xmlns:q="http://q" p:a="x > y">',
  '<p:r xmlns:p="http://r" xmlns:q="http://q" xml:lang="en">',
]

describe('XML read into a tree', () => {
  it('is what libxml2 reads, as often as the same is read', () => {
    fc.assert(
      fc.property(fc.constantFrom(...roots), fc.array(element, { maxLength: 6 }), (root, parts) => {
        const xml = `${root}${parts.join('\n')}</${root.startsWith('<p') ? 'p:r' : 'r'}>`
        const document = XmlDocument.fromString(xml)
        try {
          const expected = theirs(document.root)
          assert.deepEqual(ours(readXml(xml)), expected)
          assert.deepEqual(ours(readXml(`<!-- -->${xml}`)), expected)
        } finally {
          document.dispose()
        }
      }),
      { numRuns: 500 },
    )
  })

  it('knows where its elements stand, however often they were read', () => {
    for (let round = 0; round < 3; round++) {
      const xml = `${' '.repeat(round)}<r a="b"><x xml:lang="fr">y</x> <z>w</z></r>`
      const root = readXml(xml)
      const parts = [root, ...root.children.filter((each) => typeof each !== 'string')]
      assert.deepEqual(
        parts.map((each) => [
          xml.slice(each.start, each.end),
          xml.slice(each.start + 1, each.nameEnd),
          xml.slice(each.start, each.innerStart),
        ]),
        [
          [xml.trim(), 'r', '<r a="b">'],
          ['<x xml:lang="fr">y</x>', 'x', '<x xml:lang="fr">'],
          ['<z>w</z>', 'z', '<z>'],
        ],
      )
    }
  })

  it('throws on what is not well-formed as far as it looks', () => {
    for (const xml of [
      '<r>',
      '<r><p:a>x</p:a></r>',
      '<r>&x;</r>',
      '<r/><r/>',
      '<!DOCTYPE r><r/>',
    ]) {
      assert.throws(() => readXml(xml), xml)
      assert.throws(() => readXml(xml), xml)
    }
  })
})
