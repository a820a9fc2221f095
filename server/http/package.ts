// The folder of this package, from source (tsx) and from dist alike.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

function find(from: string): string {
  for (let at = from; at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at
  }
  throw new Error(`no package.json above ${from}`)
}

export const packageFolder = find(import.meta.dirname)

export const version = (
  JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
).version
