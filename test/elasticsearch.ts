// Elasticsearch of a test's own, to be killed: the nodes of a cluster on free ports, each a group of processes.
import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from '@elastic/elasticsearch'
import { sharedFolder } from './house.ts'
import { freePorts } from './command.ts'

const run = promisify(execFile)

export interface Node {
  url: string
  /** At once, with all that it started; its data stays. */
  kill(): void
  /** Again, after it was killed. */
  start(): Promise<void>
  /** For ever, with its data. */
  end(): void
}

/** Nodes of one cluster, the first of which holds no more than the others and leads them; undefined: there is no such server here. */
export async function elasticsearchNodes(count: number): Promise<Node[] | undefined> {
  const script = sharedFolder('elasticsearch', 'start')
  if (script === undefined) return undefined
  // The nodes speak to each other a hundred ports above.
  const first = await freePorts(count)
  const nodes: Node[] = []
  for (let index = 0; index < count; index++) {
    const port = String(first + index)
    const join = index === 0 ? [] : ['--join', String(first)]
    const node = nodeAt(script, port, ['--port', port, '--heap', '512m', ...join])
    await node.start()
    nodes.push(node)
  }
  return nodes
}

function nodeAt(script: string, port: string, options: string[]): Node {
  const folder = join(process.env['TMPDIR'] ?? tmpdir(), 'campa-elasticsearch')
  let isUp = false
  const kill = (): void => {
    if (isUp) process.kill(-Number(readFileSync(join(folder, `pid-${port}`), 'utf8')), 'SIGKILL')
    isUp = false
  }
  return {
    url: `http://127.0.0.1:${port}`,
    kill,
    end() {
      kill()
      for (const kind of ['data', 'config', 'logs', 'pid'])
        rmSync(join(folder, `${kind}-${port}`), { recursive: true, force: true })
    },
    async start() {
      await run(script, options)
      isUp = true
    },
  }
}

/** Throws away the indexes of a brick. */
export async function forgetIndexes(url: string | undefined, prefix: string): Promise<void> {
  if (url === undefined) return
  const client = new Client({ node: url })
  const found = await client.indices.get({ index: `${prefix}*`, allow_no_indices: true })
  for (const index of Object.keys(found)) await client.indices.delete({ index })
  await client.close()
}
