import assert from 'node:assert/strict'
import { allows, readRobots } from '../../harvester/robots.ts'

const reads = (text: string, path: string): boolean => allows(readRobots(text, 'CaMPA'), path)

describe('robots.txt', () => {
  it('speaks to all, or to us by name and then to us alone', () => {
    const text =
      'User-agent: *\nDisallow: /\n\nUser-Agent: Other\nUser-agent: campa\nDisallow: /private'
    assert.equal(reads(text, '/oai'), true)
    assert.equal(reads(text, '/private/oai'), false)
    assert.equal(reads('User-agent: *\nDisallow: /', '/oai'), false)
    assert.equal(reads('User-agent: Other\nDisallow: /', '/oai'), true)
    assert.equal(
      reads('User-agent: campa\nDisallow: /a\nUser-agent: CaMPA\nDisallow: /b', '/b'),
      false,
    )
  })

  it('is decided by the longest rule that fits, and of two of one length by the kinder', () => {
    const text = 'User-agent: *\nDisallow: /oai\nAllow: /oai/open\nAllow: /oai2\nDisallow: /oai2'
    assert.equal(reads(text, '/oai/request'), false)
    assert.equal(reads(text, '/oai/open/x'), true)
    assert.equal(reads(text, '/oai2'), true)
    assert.equal(reads('User-agent: *\nDisallow:', '/oai'), true)
  })

  it('may say anything with * and the end with $', () => {
    const text = 'User-agent: *\nDisallow: /*.php$\nDisallow: /a*b*c\nDisallow: /x$'
    assert.equal(reads(text, '/oai/request.php'), false)
    assert.equal(reads(text, '/oai/request.php?verb=Identify'), true)
    assert.equal(reads(text, '/a-b-c-d'), false)
    assert.equal(reads(text, '/a-c-b'), true)
    assert.equal(reads(text, '/x'), false)
    assert.equal(reads(text, '/xy'), true)
    assert.equal(
      reads(`User-agent: *\nDisallow: /${'*a'.repeat(5000)}$`, `/${'a'.repeat(9000)}b`),
      true,
    )
  })

  it('is read whatever it is written with, percent signs too', () => {
    const text =
      '\u{feff}# hello\r\nUSER-AGENT : * # all\r\n\r\nDisallow: /mus%C3%A9e # no\rCrawl-Delay: 2.5\n'
    assert.equal(reads(text.slice(1), '/musée/oai'), false)
    assert.equal(readRobots(text.slice(1), 'CaMPA').crawlDelay, 2.5)
    assert.equal(reads(text, '/musée/oai'), false, 'a byte order mark')
    for (const noise of [
      '<!DOCTYPE html><p>Disallow: /',
      'Disallow: /',
      '',
      '%',
      'User-agent: *\nDisallow: /%',
    ])
      assert.equal(reads(noise, '/oai'), true)
  })
})
