// The files that install a brick name real variables, real files and real commands.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parse } from 'yaml'
import { variables } from '../../config/config.ts'

const root = resolve(import.meta.dirname, '..', '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const known = new Set([...variables.map(({ name }) => name), 'CAMPA_CONFIG_FILE'])

interface Compose {
  services: Record<
    string,
    {
      build?: string
      image?: string
      environment?: Record<string, string>
      volumes?: string[]
      ports?: string[]
      depends_on?: Record<string, unknown>
    }
  >
  volumes: Record<string, unknown>
}

describe('what installs a brick', () => {
  it('compose.yaml sets variables that exist and joins services and volumes that it declares', () => {
    const compose = parse(read('compose.yaml')) as Compose
    const { brick, ...others } = compose.services
    assert.deepEqual(Object.keys(others).toSorted(), ['elasticsearch', 'postgres'])
    assert.ok(brick?.build !== undefined && existsSync(join(root, brick.build, 'Dockerfile')))
    const environment = brick.environment ?? {}
    for (const name of Object.keys(environment)) assert.ok(known.has(name), name)
    for (const service of Object.keys(brick.depends_on ?? {}))
      assert.ok(service in compose.services, service)
    assert.equal(new URL(environment['DATABASE_URL'] ?? '').hostname, 'postgres')
    assert.equal(new URL(environment['ELASTICSEARCH_URL'] ?? '').hostname, 'elasticsearch')
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } =
      compose.services['postgres']?.environment ?? {}
    assert.equal(
      environment['DATABASE_URL'],
      `postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@postgres:5432/${POSTGRES_DB}`,
    )
    for (const { volumes = [] } of Object.values(compose.services)) {
      for (const volume of volumes)
        assert.ok((volume.split(':')[0] ?? '') in compose.volumes, volume)
    }
  })

  it('the Dockerfile copies what there is, sets variables that exist and starts the command line', () => {
    const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n')
    const copied = lines.flatMap((line) => {
      const words = line.split(/\s+/)
      if (words[0] !== 'COPY') return []
      return words
        .slice(1, -1)
        .filter((word) => !word.startsWith('--'))
        .map((word) => word.replace(/^\/app\//, ''))
    })
    assert.ok(copied.length > 10)
    // These two are made by npm ci.
    for (const path of copied.filter(
      (each) => !['dist', 'vendor', 'node_modules'].includes(each),
    )) {
      assert.ok(existsSync(join(root, path)), path)
    }
    for (const [, name] of lines
      .join(' ')
      .matchAll(/\b(CAMPA_[A-Z_]+|DATABASE_URL|ELASTICSEARCH_URL)\b/g)) {
      assert.ok(known.has(name ?? ''), name)
    }
    assert.ok(lines.includes('ENTRYPOINT ["node", "bin/campa.js"]'))
    assert.match(read('server/operations/routes.ts'), /'\/healthz'/)
  })

  it('the Dockerfile copies every file beside the sources that the server reads', () => {
    const copied = [...read('Dockerfile').matchAll(/^COPY --from=build \/app\/(\S+) /gm)].map(
      (match) => match[1] ?? '',
    )
    const beside = ['server', 'schemas', 'harvester'].flatMap((top) =>
      readdirSync(join(root, top), { recursive: true, encoding: 'utf8', withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.(ts|md)$/.test(entry.name))
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    )
    assert.ok(beside.length > 5)
    for (const file of beside) {
      // The compiler puts imported JSON into dist.
      if (file.startsWith('server/text/')) continue
      assert.ok(
        copied.some((each) => file === each || file.startsWith(`${each}/`)),
        file,
      )
    }
  })

  it('the systemd unit sets variables that exist and starts the command line', () => {
    const unit = read('deploy/campa.service')
    for (const [, name] of unit.matchAll(/^Environment=(CAMPA_\w+)=/gm))
      assert.ok(known.has(name ?? ''), name)
    assert.match(unit, /^ExecStart=\/usr\/bin\/node bin\/campa\.js start$/m)
    assert.ok(existsSync(join(root, 'bin', 'campa.js')))
  })

  it('the documentation names every setting, and none that does not exist', () => {
    const page = read('docs/configuration.md')
    for (const name of known) assert.ok(page.includes(`\`${name}\``), name)
    for (const [, name] of page.matchAll(/`(CAMPA_[A-Z_]+)`/g))
      assert.ok(known.has(name ?? ''), name)
  })
})
