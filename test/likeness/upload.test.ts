// A picture that comes, slowly or not at all.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { withUpload } from '../../server/likeness/upload.ts'

describe('an upload', () => {
  let server: Server
  let patience = { still: 60_000, longest: 60_000 }
  before(async () => {
    server = createServer((request, answer) => {
      const read = (path: string) => Promise.resolve(readFileSync(path, 'utf8'))
      void withUpload(request, 'somebody', read, patience)
        .catch((error: Error) => error.message)
        .then((told) => answer.writeHead(200, { Connection: 'close' }).end(told))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  after(() => void server.close())

  function begin(length: number): Socket {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nHost: here\r\nContent-Length: ${length}\r\n\r\n`)
    return socket
  }
  async function answerTo(socket: Socket): Promise<string> {
    let told = ''
    for await (const chunk of socket) told += String(chunk)
    return told
  }

  it('that brings nothing any more is ended', async () => {
    patience = { still: 100, longest: 60_000 }
    const socket = begin(9999)
    socket.write('abc')
    assert.match(await answerTo(socket), /did not come in time/)
  })

  it('that never ends is ended', async () => {
    patience = { still: 60_000, longest: 100 }
    const socket = begin(9999)
    const drip = setInterval(() => socket.write('a'), 10)
    socket.on('error', () => undefined)
    assert.match(await answerTo(socket), /did not come in time/)
    clearInterval(drip)
  })

  it('that is slow and goes on is waited for', async () => {
    patience = { still: 1000, longest: 60_000 }
    const socket = begin(6)
    for (const letter of 'window') {
      socket.write(letter)
      await sleep(250)
    }
    assert.match(await answerTo(socket), /\bwindow\b/)
  })
})
