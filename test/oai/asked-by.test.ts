import assert from 'node:assert/strict'
import { isPerson } from '../../server/oai/asked-by.ts'

// As they are sent by default, when somebody opens an address.
const browsers: Record<string, [accept: string, destination?: string]> = {
  Chrome: [
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7',
    'document',
  ],
  'Chrome without a secure context': [
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8',
  ],
  Firefox: ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'document'],
  'Firefox 66 to 131': [
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  ],
  Safari: ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'document'],
  Edge: [
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.9',
  ],
  Lynx: ['text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01'],
  'a browser that hides what it reads': ['*/*', 'document'],
}

const programs: Record<string, [accept: string, destination?: string]> = {
  'curl, wget and python-requests': ['*/*'],
  'LWP, Go and Sickle without a header': [''],
  'HttpURLConnection of Java': ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2'],
  'HttpURLConnection of Java 17': ['text/html, image/gif, image/jpeg, */*; q=0.2'],
  'an explicit text/xml': ['text/xml'],
  'an explicit application/xml': ['application/xml, text/xml;q=0.9, */*;q=0.1'],
  'the harvester of a brick': ['text/xml, application/xml;q=0.9, */*;q=0.1'],
  'httr of R': ['application/json, text/xml, application/xml, */*'],
  'text/html alone': ['text/html'],
  'XML before a page': ['application/xml,application/xhtml+xml,text/html;q=0.9,*/*;q=0.5'],
  'XML weightier than a page': ['text/html;q=0.5,application/xhtml+xml;q=0.5,text/xml'],
  'XML from a browser': ['text/xml', 'document'],
  'no page at all': ['application/xhtml+xml;q=0,text/html;q=0,*/*'],
  'a weight that is none': ['application/xhtml+xml;q=much,text/html;q=-1'],
  'a script in a page': ['*/*', 'empty'],
  nonsense: [',;q=;;,/,'],
}

describe('who asks at the door', () => {
  for (const [name, headers] of Object.entries(browsers)) {
    it(`is a person: ${name}`, () => assert.equal(isPerson(...headers), true))
  }
  for (const [name, headers] of Object.entries(programs)) {
    it(`is a program: ${name}`, () => assert.equal(isPerson(...headers), false))
  }
})
