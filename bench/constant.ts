// A node:http server that answers everything with one page from memory: what a server can do at best.
import { createServer } from 'node:http'

const port = Number(process.argv[2])
let page = Buffer.alloc(0)
process.on('message', (text: string) => {
  page = Buffer.from(text, 'base64')
  process.send?.('loaded')
})
createServer((_, response) => {
  response.setHeader('Content-Type', 'text/xml; charset=utf-8')
  response.end(page)
}).listen(port, '127.0.0.1', () => process.send?.('ready'))
