// What a fresh `npm ci` still lacks: Mirador's one file for browsers, and our own code built.
// Run by npm as "prepare", or by hand: node bin/prepare.js. It never fails an installation: what could not be done is
// said in one line, and everything else works without it.
//
// Mirador as a dependency would bring 203 packages that only its authors need; `npm pack` brings the one package, from
// whatever registry npm is set up with, and its SHA-512 is checked against the one in package.json.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { campa } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const wanted = { 'package/dist/mirador.min.js': 'mirador.min.js', 'package/LICENSE': 'LICENSE' }

try {
  vendorMirador()
} catch (error) {
  say(
    `Mirador ${campa.mirador.version} could not be fetched (${firstLine(error)}). ` +
      'The viewer page stays empty until you run: node bin/prepare.js',
  )
}
build()

function vendorMirador() {
  const folder = join(root, 'vendor', 'mirador')
  const { version, integrity } = campa.mirador
  const seal = join(folder, 'VERSION.json')
  if (existsSync(seal) && sealed(folder, seal, integrity)) return
  const packed = pack(`mirador@${version}`)
  const found = `sha512-${createHash('sha512').update(packed).digest('base64')}`
  if (found !== integrity) {
    throw new Error(`its SHA-512 is ${found} and should be ${integrity}`)
  }
  const files = untar(gunzipSync(packed), wanted)
  for (const name of Object.values(wanted)) {
    if (!files.has(name)) throw new Error(`the package has no ${name}`)
  }
  mkdirSync(folder, { recursive: true })
  const digests = {}
  for (const [name, content] of files) {
    write(join(folder, name), content)
    digests[name] = digest(content)
  }
  // Written last: without it nothing counts as there.
  write(seal, JSON.stringify({ version, integrity, digests }))
  say(`Mirador ${version} is in vendor/mirador.`)
}

function sealed(folder, seal, integrity) {
  try {
    const { integrity: had, digests } = JSON.parse(readFileSync(seal, 'utf8'))
    return (
      had === integrity &&
      Object.values(wanted).every(
        (name) => digest(readFileSync(join(folder, name))) === digests[name],
      )
    )
  } catch {
    return false
  }
}

function pack(name) {
  const folder = mkdtempSync(join(tmpdir(), 'campa-mirador-'))
  try {
    npm(['pack', name, '--pack-destination', folder, '--loglevel', 'error'], folder)
    const [file] = readdirSync(folder).filter((each) => each.endsWith('.tgz'))
    if (!file) throw new Error('npm pack brought nothing')
    return readFileSync(join(folder, file))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// Under npm its own path is known; by hand it is on PATH (on Windows as npm.cmd, which wants a shell).
function npm(parameters, folder) {
  const script = process.env.npm_execpath
  const options = { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 }
  if (script?.endsWith('.js')) execFileSync(process.execPath, [script, ...parameters], options)
  else execFileSync('npm', parameters, { ...options, shell: process.platform === 'win32' })
}

// ustar: a header of 512 bytes (name, size in octal at 124), the content, filled up to 512.
function untar(archive, names) {
  const files = new Map()
  for (let at = 0; at + 512 <= archive.length;) {
    const name = archive.toString('utf8', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8) || 0
    const as = names[name]
    if (as) files.set(as, archive.subarray(at + 512, at + 512 + size))
    at += 512 + Math.ceil(size / 512) * 512
  }
  return files
}

function build() {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  if (!existsSync(compiler)) {
    if (!existsSync(join(root, 'dist'))) {
      say('TypeScript is not installed, so nothing was built: npm ci, then node bin/prepare.js')
    }
    return
  }
  try {
    execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    say(
      `The build failed: ${
        String(error.stdout || error.message)
          .trim()
          .split('\n')[0]
      }`,
    )
  }
}

function write(path, content) {
  writeFileSync(`${path}.part`, content)
  renameSync(`${path}.part`, path)
}

function digest(content) {
  return createHash('sha256').update(content).digest('hex')
}

function firstLine(error) {
  const lines = String(error.stderr ?? '').split('\n')
  const said = lines.find((line) =>
    /^npm (error|ERR!) (?!code|errno|syscall|type|A complete)/.test(line),
  )
  return (said ?? error.message).split('\n')[0]
}

function say(line) {
  console.log(`campa: ${line}`)
}
