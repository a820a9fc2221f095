import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, loadConfig } from '../../config/config.ts'

describe('the configuration', () => {
  it('has a value for everything', () => {
    const config = loadConfig({})
    assert.equal(config.baseUrl, 'http://127.0.0.1:8080')
    assert.equal(config.domain, 'brick-8080.localhost')
    assert.ok(Object.isFrozen(config))
  })

  it('makes the domain of identifiers from the address', () => {
    assert.equal(
      loadConfig({ CAMPA_BASE_URL: 'https://archives.example.org/campa/' }).domain,
      'archives.example.org',
    )
  })

  const wrong: Record<string, string> = {
    CAMPA_PORT: 'eighty',
    CAMPA_BASE_URL: 'archives.example.org',
    CAMPA_LEVEL: 'galaxy',
    CAMPA_ADMIN_EMAIL: 'me',
    CAMPA_ADMIN_TOKEN: 'short',
    CAMPA_DOMAIN: 'localhost',
    CAMPA_ACCENT: 'blue',
    DATABASE_URL: 'mysql://localhost/x',
    ELASTICSEARCH_URL: 'http://127.0.0.1:9200,localhost:9201',
    CAMPA_S3_URL: 'store.example.org/bucket',
    CAMPA_S3_STYLE: 'virtual',
    CAMPA_NMAE: 'typing error',
  }
  for (const [name, value] of Object.entries(wrong)) {
    it(`refuses ${name}=${value} in one line that names it`, () => {
      assert.throws(
        () => loadConfig({ [name]: value }),
        (error) =>
          error instanceof ConfigError &&
          error.message.includes(name) &&
          !error.message.includes('\n'),
      )
    })
  }

  it('reads where files lie', () => {
    const s3 = (address: string) => loadConfig({ CAMPA_S3_URL: address }).s3
    assert.equal(loadConfig({}).s3, undefined)
    assert.deepEqual(s3('s3://archive'), { endpoint: undefined, bucket: 'archive', prefix: '' })
    assert.deepEqual(s3('s3://archive/city/files/'), {
      endpoint: undefined,
      bucket: 'archive',
      prefix: 'city/files/',
    })
    assert.deepEqual(s3('http://store.example.org:9000/archive/city'), {
      endpoint: 'http://store.example.org:9000',
      bucket: 'archive',
      prefix: 'city/',
    })
    for (const wrong of ['https://store.example.org', 's3://', 'https://a/b?c', 'https://a/b%2Fc'])
      assert.throws(() => s3(wrong), ConfigError, wrong)
  })

  it('never repeats a secret', () => {
    const wrong = [
      { AWS_SECRET_ACCESS_KEY: 'hush hush' },
      { CAMPA_S3_URL: 'https://key:hush@store.example.org/bucket' },
      { CAMPA_S3_URL: 's3://bucket', AWS_SECRET_ACCESS_KEY: 'hush' },
    ]
    for (const environment of wrong) {
      assert.throws(
        () => loadConfig(environment),
        (error) => error instanceof ConfigError && !error.message.includes('hush'),
      )
    }
  })

  describe('from a file', () => {
    let folder: string
    before(() => (folder = mkdtempSync(join(tmpdir(), 'campa-config-'))))
    after(() => rmSync(folder, { recursive: true }))

    it('is read, and the environment wins', () => {
      const file = join(folder, 'brick.env')
      writeFileSync(file, '# a brick\nCAMPA_NAME="Musée de la Ville"\nCAMPA_PORT=9000\n')
      const config = loadConfig({ CAMPA_CONFIG_FILE: file, CAMPA_PORT: '9001' })
      assert.deepEqual([config.name, config.port], ['Musée de la Ville', 9001])
    })

    it('is refused with a name that is not known, or when it is missing', () => {
      const file = join(folder, 'wrong.env')
      writeFileSync(file, 'CAMPA_COLOUR=red\n')
      assert.throws(() => loadConfig({ CAMPA_CONFIG_FILE: file }), /wrong\.env sets CAMPA_COLOUR/)
      assert.throws(() => loadConfig({ CAMPA_CONFIG_FILE: join(folder, 'no.env') }), /no such file/)
    })
  })
})
