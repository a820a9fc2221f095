// What a room adds to the brick.
import type Router from '@koa/router'
import type { EntitySchema } from 'typeorm'
import type { Front, Observe } from './http/app.ts'
import type { LineReader } from './changes/changes.ts'
import type { Context } from './context.ts'
import type { Job } from './queue/queue.ts'

export interface Room {
  name: string
  entities?: EntitySchema[]
  routes?(router: Router, ctx: Context): void
  /** Answers of its own before the middleware, where that costs more than they do. */
  front?(ctx: Context, observe: Observe): Front
  jobs?: Job[]
  /** What it does by itself wherever work is done; returns how that ends, once what is under way is stored. */
  work?(ctx: Context): () => Promise<void>
  /** What runs beside the answers of a server; returns how it ends, once the last answer is through. */
  beside?(ctx: Context): () => Promise<void>
  /** Readers of the change line that this process keeps at its end. */
  readers?(ctx: Context): Promise<LineReader<never>[]>
}
