// What a statement has to look at to give its answer: what tells in a small table how it will do in a large one.
import type { Context } from '../server/context.ts'

/** Rows of a table that each statement of `work` looks at. Each is done once more, to be explained. */
export async function rowsRead(
  ctx: Context,
  table: string,
  work: () => Promise<unknown>,
): Promise<number[]> {
  const asked: [string, unknown[]][] = []
  const query = ctx.db.query.bind(ctx.db)
  ctx.db.query = (sql, values = []) => {
    asked.push([sql, values])
    return query(sql, values)
  }
  try {
    await work()
  } finally {
    ctx.db.query = query
  }
  const read: number[] = []
  for (const [sql, values] of asked) {
    const [answer] = await query(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, values)
    read.push(rowsIn(answer?.['QUERY PLAN'], table))
  }
  return read
}

function rowsIn(plan: unknown, table: string): number {
  if (typeof plan !== 'object' || plan === null) return 0
  const node = plan as Record<string, unknown>
  const counts = ['Actual Rows', 'Rows Removed by Filter'].map((each) => Number(node[each] ?? 0))
  const own = node['Relation Name'] === table ? counts.reduce((sum, each) => sum + each) : 0
  return Object.values(node).reduce<number>((sum, each) => sum + rowsIn(each, table), own)
}
