// iiif-processor behind plain node:http, as its documentation has it; the sizes of the levels are read once.
// Its arguments: a port, a pyramid, the folder where it is installed.
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import sharp from 'sharp'

interface Result {
  type: string
  contentType?: string
  body?: Buffer | string
}

interface Module {
  Processor: new (
    url: string,
    stream: () => Promise<NodeJS.ReadableStream>,
    options: { dimensionFunction: () => Promise<{ width: number; height: number }[]> },
  ) => { execute(): Promise<Result> }
}

const [port = '', pyramid = '', installed = ''] = process.argv.slice(2)
const { Processor } = createRequire(join(installed, 'package.json'))('iiif-processor') as Module

const { pages = 1 } = await sharp(pyramid, { limitInputPixels: false }).metadata()
const levels = await Promise.all(
  Array.from({ length: pages }, async (_, page) => {
    const { width, height } = await sharp(pyramid, { page, limitInputPixels: false }).metadata()
    return { width, height }
  }),
)

createServer((request, response) => {
  const url = `http://127.0.0.1:${port}${request.url}`
  const stream = () => Promise.resolve(createReadStream(pyramid))
  new Processor(url, stream, { dimensionFunction: () => Promise.resolve(levels) })
    .execute()
    .then(({ type, contentType, body }) => {
      response.writeHead(type === 'content' ? 200 : 500, { 'Content-Type': contentType ?? '' })
      response.end(body)
    })
    .catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
}).listen(Number(port), '127.0.0.1')
