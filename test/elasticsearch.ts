// Elasticsearch of a test's own, to be killed: the nodes of a cluster on free ports, each a group of processes.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sharedFolder } from './house.ts'
import { freePorts } from './command.ts'

const run = promisify(execFile)

export interface Node {
  url: string
  /** At once, with all that it started; its data stays. */
  kill(): void
  /** Again, after it was killed. */
  start(): Promise<void>
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
  return {
    url: `http://127.0.0.1:${port}`,
    kill() {
      const leader = Number(readFileSync(join(folder, `pid-${port}`), 'utf8'))
      process.kill(-leader, 'SIGKILL')
    },
    async start() {
      await run(script, options, { maxBuffer: 2 ** 24 })
    },
  }
}
