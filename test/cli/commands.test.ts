import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { campa, passableFolder, type Ended } from '../command.ts'

/** One line on standard error, nothing else, and this exit status. */
function oneLine({ code, out, err }: Ended, status: number, pattern: RegExp): void {
  assert.match(err, pattern)
  assert.equal(err.trim().split('\n').length, 1, err)
  assert.equal(out, '')
  assert.equal(code, status)
}

// No command of this file reaches a database.
describe('the command line', function () {
  this.timeout(60_000)
  let folder = ''
  before(() => (folder = passableFolder('words')))
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('lists its commands and settings, and each command its options', async () => {
    const [help, ofImport] = await Promise.all([
      campa(folder, ['--help']).ended,
      campa(folder, ['import', '--help']).ended,
    ])
    assert.equal(help.code, 0)
    for (const command of ['start', 'work', 'demo', 'import', 'source', 'harvest', 'index'])
      assert.match(help.out, new RegExp(`^  ${command}\\b`, 'm'))
    for (const name of ['CAMPA_PORT', 'CAMPA_DATA_DIR', 'DATABASE_URL', 'ELASTICSEARCH_URL'])
      assert.match(help.out, new RegExp(`^  ${name} +\\S`, 'm'))
    assert.equal(ofImport.code, 0)
    for (const option of ['--profile', '--map', '--images', '--image', '--id', '--dry-run'])
      assert.match(ofImport.out, new RegExp(`${option}\\b`))
  })

  it('stops at a wrong setting with one line and 2', async () => {
    writeFileSync(join(folder, 'wrong.env'), 'CAMPA_PORT=8080\nCAMPA_PROT=8081\n')
    const [port, name, file, missing] = await Promise.all([
      campa(folder, ['start'], { CAMPA_PORT: 'abc' }).ended,
      campa(folder, ['start'], { CAMPA_FOO: '1' }).ended,
      campa(folder, ['start'], { CAMPA_CONFIG_FILE: 'wrong.env' }).ended,
      campa(folder, ['start'], { CAMPA_CONFIG_FILE: 'absent.env' }).ended,
    ])
    oneLine(port, 2, /CAMPA_PORT is "abc": it must be a whole number from 0 to 65535/)
    oneLine(name, 2, /CAMPA_FOO is set, but CaMPA does not know it/)
    oneLine(file, 2, /wrong\.env sets CAMPA_PROT, which CaMPA does not know/)
    oneLine(missing, 2, /CAMPA_CONFIG_FILE is "absent\.env": there is no such file/)
  })

  it('says how it is called when it was called wrongly, and ends with 2', async () => {
    const [option, command, argument, nothing] = await Promise.all([
      campa(folder, ['import', 'a.csv', '-c', 'a', '--colour', 'red']).ended,
      campa(folder, ['exprot']).ended,
      campa(folder, ['import', '-c', 'a']).ended,
      campa(folder, ['source', 'add', 'http://127.0.0.1:9/', '--every', 'soon']).ended,
    ])
    assert.match(option.err, /unknown option '--colour'[\s\S]*campa --help/)
    assert.match(command.err, /unknown command 'exprot'/)
    assert.match(argument.err, /missing required argument 'file'/)
    assert.match(nothing.err, /--every/)
    assert.deepEqual(
      [option, command, argument, nothing].map(({ code, out }) => [code, out]),
      Array.from({ length: 4 }, () => [2, '']),
    )
  })
})
