// server/README.md draws the house; this test holds the imports to the drawing.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const floors = new Map<string, number>()
for (const row of readFileSync(resolve(root, 'server/README.md'), 'utf8').matchAll(
  /^\| (\d+)\s*\| (\S+)\s*\|/gm,
)) {
  floors.set(row[2] ?? '', Number(row[1]))
}

const sources = ['schemas', 'config', 'migrations', 'demo', 'harvester', 'server']
  .filter((top) => existsSync(resolve(root, top)))
  .flatMap((top) =>
    readdirSync(resolve(root, top), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${top}/${file}`),
  )

const roomOf = (file: string): string => {
  const parts = file.split('/')
  return parts[0] === 'server' ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
}

const imports = sources.flatMap((file) =>
  [
    ...readFileSync(resolve(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g),
  ].map((match) => ({
    file,
    target: relative(root, resolve(root, dirname(file), match[1] ?? '')),
  })),
)

describe('the house', () => {
  it('has every room on the drawing', () => {
    assert.deepEqual([...new Set(sources.map(roomOf))].toSorted(), [...floors.keys()].toSorted())
  })

  it('imports only downwards', () => {
    assert.ok(imports.length > 0, 'no import was read: the test is blind')
    const upward = imports.filter(({ file, target }) => {
      const [from, to] = [roomOf(file), roomOf(target)]
      return from !== to && (floors.get(to) ?? Infinity) >= (floors.get(from) ?? -1)
    })
    assert.deepEqual(upward, [])
  })

  it('lets the harvester import only the words', () => {
    const others = imports.filter(
      ({ file, target }) =>
        roomOf(file) === 'harvester' && !['harvester', 'schemas'].includes(roomOf(target)),
    )
    assert.deepEqual(others, [])
  })

  it('enters a domain room by its door', () => {
    const windows = imports.filter(({ file, target }) => {
      const room = roomOf(target)
      if (room === roomOf(file) || (floors.get(room) ?? 0) < 5 || room.endsWith('.ts')) return false
      const name = room.split('/').at(-1) ?? ''
      // The list of rooms takes what each room adds.
      if (file === 'server/rooms.ts' && target === `${room}/room.ts`) return false
      return target !== `${room}/${name}.ts` && target !== `${room}/entities.ts`
    })
    assert.deepEqual(windows, [])
  })

  it('reaches out to addresses that others wrote through the guard of the harvester only', () => {
    const opens =
      /from 'undici'|[^.\w]fetch\(|import \{[^}]*\b(?:request|get|connect|createConnection|Agent|Socket)\b[^}]*\} from 'node:(?:https?|net|tls)'/
    const openers = sources.filter((file) => opens.test(readFileSync(resolve(root, file), 'utf8')))
    assert.deepEqual(openers.toSorted(), [
      'harvester/addresses.ts',
      'harvester/request.ts',
      // To PostgreSQL.
      'server/db/raw-rows.ts',
    ])
  })
})
