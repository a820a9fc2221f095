// A brick from configuration to running and back: the tools that every command needs, and the server on top of them.
import { createServer, type RequestListener, type Server } from 'node:http'
import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { pino, type Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { follow } from './changes/changes.ts'
import { createContext, type Context } from './context.ts'
import { openDatabase } from './db/db.ts'
import { settledDomain } from './db/settings.ts'
import { openEngine } from './engine/open.ts'
import { createApp } from './http/app.ts'
import { requestTimer } from './operations/operations.ts'
import { profilesOf } from './profiles/profiles.ts'
import { noteWriting, settleFormats } from './records/records.ts'
import { startQueue } from './queue/queue.ts'
import { entities, rooms } from './rooms.ts'
import { openStorage } from './storage/open.ts'
import { errorPages, readJoined } from './web/web.ts'

export interface Brick {
  ctx: Context
  close: () => Promise<void>
}

export interface RunningBrick extends Brick {
  /** Where it listens, as http://127.0.0.1:8080. */
  address: string
}

/** The tools of a brick without its server: what a command needs. */
export async function openBrick(
  stated: Config,
  log: Logger = pino({ level: stated.logLevel }),
): Promise<Brick> {
  // V8 left to itself lets the heap grow to four times what lives in it. Measured on a harvest that is indexed: peak RSS
  // 276 MB instead of 370, and no more CPU.
  setFlagsFromString('--heap-growing-percent=100')
  await mkdir(stated.dataDir, { recursive: true })
  const db = await openDatabase(stated, entities)
  const { stops, close } = ending(() => db.close())
  try {
    const domain = await settledDomain(db, stated.domain, log)
    const config = Object.freeze({ ...stated, domain })
    profilesOf(config)
    const engine = await openEngine(config, db, log)
    stops.push(() => engine.close())
    const storage = await openStorage(config)
    stops.push(() => storage.close())
    const ctx = createContext({ config, db, engine, log, storage })
    await settleFormats(ctx)
    await noteWriting(ctx)
    await readJoined(ctx)
    return { ctx, close }
  } catch (error) {
    await close()
    throw error
  }
}

type Stop = () => Promise<void>

/** What was begun on top of something is ended in reverse, and that last. */
function ending(last: Stop): { stops: Stop[]; close: Stop } {
  const stops = [last]
  return {
    stops,
    async close() {
      for (const stop of stops.splice(0).toReversed()) await stop()
    },
  }
}

/**
 * A brick that does its work (harvests, jobs, its index) and answers nobody: any number of such processes, on any number
 * of machines, share what there is to do.
 */
export async function startWork(
  config: Config,
  log: Logger = pino({ level: config.logLevel }),
): Promise<Brick> {
  const brick = await openBrick(config, log)
  const { ctx } = brick
  const { stops, close } = ending(() => brick.close())
  try {
    const readers = await Promise.all(rooms.map(async (room) => (await room.readers?.(ctx)) ?? []))
    const followers = readers.flat().map((reader) => follow(ctx, reader))
    stops.push(async () => void (await Promise.all(followers.map((each) => each.stop()))))
    const queue = await startQueue(
      ctx,
      rooms.flatMap((room) => room.jobs ?? []),
    )
    stops.push(() => queue.stop())
    for (const room of rooms) if (room.work) stops.push(room.work(ctx))
    return { ctx, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A brick that serves pages and protocols and does its work; one process does it all. */
export async function startBrick(
  config: Config,
  log: Logger = pino({ level: config.logLevel }),
): Promise<RunningBrick> {
  return answer(await startWork(config, log))
}

/** A brick that serves pages and protocols; another process does its work. */
export async function startAnswering(config: Config, log: Logger): Promise<RunningBrick> {
  return answer(await openBrick(config, log))
}

async function answer(brick: Brick): Promise<RunningBrick> {
  const { ctx } = brick
  const { config, log } = ctx
  const { stops, close } = ending(() => brick.close())
  try {
    const prefix = new URL(config.baseUrl).pathname
    const observe = requestTimer(ctx)
    const { koa, router } = createApp(log, prefix, errorPages(ctx), observe)
    for (const room of rooms) room.routes?.(router, ctx)
    for (const room of rooms) if (room.beside) stops.push(room.beside(ctx))
    const handle = koa.callback()
    const server = createServer(
      rooms
        .flatMap((room) => room.front?.(ctx, observe) ?? [])
        .reduceRight<RequestListener>(
          (next, front) => (request, response) => {
            front(request, response, () => next(request, response)).catch((error: unknown) => {
              log.error({ err: error, path: request.url }, 'a request failed')
              response.destroy()
            })
          },
          (request, response) => void handle(request, response),
        ),
    )
    const address = await listen(server, config)
    stops.push(() => closeServer(server))
    return { ctx, address, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listen(server: Server, config: Config): Promise<string> {
  await new Promise<void>((done, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      failed(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${config.port} of ${config.host} is taken: stop the other program or set CAMPA_PORT.`,
            )
          : error,
      )
    })
    server.listen(config.port, config.host, done)
  })
  const bound = server.address()
  return `http://${config.host}:${typeof bound === 'object' && bound ? bound.port : config.port}`
}

// Answers on their way are finished; a client that reads slower than five seconds is cut.
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((done) => server.close(done))
  server.closeIdleConnections()
  const patience = new AbortController()
  await Promise.race([
    closed,
    sleep(5000, undefined, { signal: patience.signal }).catch(() => undefined),
  ])
  patience.abort()
  server.closeAllConnections()
  await closed
}
