import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { save, withdraw } from '../../server/records/records.ts'
import { collection, draft, needed } from '../house.ts'
import { restartable, type Restartable } from './restart.ts'

// Clients that people harvest with. A few lines of each walk a list (clients/); they print each record, and after so
// many they wait for a line of input, while the brick is started anew.
const python = process.env['PYTHON'] ?? 'python3'
const xoai = process.env['XOAI_CLASSPATH']
const program = (name: string): string =>
  fileURLToPath(new URL(`./clients/${name}`, import.meta.url))

interface Client {
  name: string
  command: string[]
  /** Ends well where the client is installed. */
  probe: string[]
  /** It may be missing in CI. */
  optional?: boolean
}

const clients: Client[] = [
  {
    name: 'Sickle',
    command: [python, program('walk_sickle.py')],
    probe: [python, '-c', 'import sickle'],
  },
  {
    name: 'oaipmh-scythe',
    command: [python, program('walk_scythe.py')],
    probe: [python, '-c', 'import oaipmh_scythe'],
  },
  {
    name: 'HTTP::OAI',
    command: ['perl', program('walk.pl')],
    probe: ['perl', '-MHTTP::OAI', '-e', '1'],
  },
  {
    name: 'XOAI',
    command: ['java', '-cp', xoai ?? '', program('Walk.java')],
    probe: xoai ? ['java', '-version'] : ['false'],
    optional: true,
  },
]

const works = ([command = '', ...args]: string[]): true | undefined =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0 || undefined

interface Walked {
  lines: string[]
  code: number | null
  complaint: string
}

/** @param paused done when the client has printed so many records and waits */
async function walk(
  { command: [command = '', ...args] }: Client,
  url: string,
  pauseAfter = 0,
  paused?: () => Promise<void>,
): Promise<Walked> {
  const child = spawn(command, [...args, url, 'oai_dc', String(pauseAfter)])
  const lines: string[] = []
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const ended = new Promise<number | null>((done) => child.once('close', done))
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'paused') lines.push(line)
    else {
      await paused?.()
      child.stdin.write('\n')
    }
  }
  return { lines, code: await ended, complaint }
}

const without = (these: string[], those: string[]): string[] => {
  const known = new Set(those)
  return these.filter((each) => !known.has(each)).slice(0, 10)
}

describe('a client of OAI-PMH', function () {
  this.timeout(60_000)
  const total = 1203
  const gone = new Set([0, 1, 2, 250, 599, 600, 1000, 1201, 1202])
  let leaf: Restartable
  let expected: string[]

  before(async () => {
    leaf = await restartable({ oaiPageSize: 100 })
    const drawings = await collection(leaf.ctx, 'drawings')
    const april = await collection(leaf.ctx, 'april', drawings)
    const inputs = Array.from({ length: total }, (_, index) =>
      draft(index % 3 ? drawings : april, String(index), {
        dc: {
          title: [{ value: `Dessin n° ${index} & « l’été » <1> 東京 𝄞`, language: 'fr' }],
          description: [{ value: 'Un arc-en-ciel à la fenêtre. '.repeat(index % 9) || 'Vide' }],
        },
      }),
    )
    const saved = await save(leaf.ctx, inputs)
    const identifiers = saved.map((each) => each.identifier)
    await withdraw(
      leaf.ctx,
      identifiers.filter((_, index) => gone.has(index)),
    )
    expected = identifiers.map(
      (identifier, index) => `${identifier} ${gone.has(index) ? 'deleted' : 'there'}`,
    )
  })
  after(() => leaf.close())

  const complete = ({ lines, code, complaint }: Walked): void => {
    assert.equal(code, 0, complaint)
    assert.deepEqual(
      { missing: without(expected, lines), surplus: without(lines, expected), count: lines.length },
      { missing: [], surplus: [], count: total },
    )
  }

  const present = (client: Client, test: Mocha.Context): void => {
    if (works(client.probe)) return
    if (client.optional && process.env['CI'] === 'true') {
      test.test!.title += ` (not run: ${client.name} is missing)`
      return
    }
    needed(undefined, client.name, test)
  }

  for (const client of clients) {
    it(`${client.name} walks a brick to its end and gets each record once`, async function () {
      if (works(client.probe)) complete(await walk(client, leaf.url))
      else present(client, this)
    })

    it(`${client.name} goes on where it was when the brick was started anew, with other pages`, async function () {
      if (!works(client.probe)) return present(client, this)
      let pauses = 0
      const walked = await walk(client, leaf.url, 250, async () => {
        pauses++
        await leaf.restart({ oaiPageSize: leaf.ctx.config.oaiPageSize === 100 ? 37 : 100 })
      })
      complete(walked)
      assert.equal(pauses, 1)
    })
  }
})
