// A network of many sources in every state, written down as harvests would have left it.
import type { Context } from '../../server/context.ts'
import type { JsonObject } from '../../schemas/record.ts'
import { ensureCollection } from '../../server/collections/collections.ts'

const towns: [name: string, north: number, east: number][] = [
  ['Grenoble', 45.188, 5.724],
  ['Lyon', 45.764, 4.836],
  ['Chambéry', 45.564, 5.918],
  ['Annecy', 45.899, 6.129],
  ['Valence', 44.933, 4.892],
  ['Saint-Étienne', 45.439, 4.387],
  ['Marseille', 43.296, 5.37],
  ['Montpellier', 43.611, 3.877],
  ['Toulouse', 43.605, 1.444],
  ['Bordeaux', 44.838, -0.579],
  ['Nantes', 47.218, -1.554],
  ['Brest', 48.39, -4.486],
  ['Lille', 50.629, 3.057],
  ['Strasbourg', 48.573, 7.752],
  ['Paris', 48.857, 2.352],
  ['Ajaccio', 41.919, 8.739],
]
const kinds = [
  ['museum', 'Musée'],
  ['archive', 'Archives'],
  ['university', 'Université'],
  ['library', 'Bibliothèque'],
  ['school', 'École'],
] as const

export const states = ['fresh', 'running', 'late', 'failing', 'paused', 'never'] as const
type State = (typeof states)[number]

const hour = 3_600_000
const day = 24 * hour

/** Adds `count` sources, the states in turn; those of one kind have no description of themselves. */
export async function fillNetwork(
  ctx: Context,
  count: number,
  { collections = true }: { collections?: boolean } = {},
): Promise<string[]> {
  const slugs: string[] = []
  for (let index = 0; index < count; index++) {
    const source = await addOne(ctx, index, states[index % states.length] ?? 'fresh')
    slugs.push(source.slug)
    if (collections) {
      await ensureCollection(ctx, {
        slug: source.slug,
        sourceId: source.id,
        title: { und: source.name },
        profile: 'dublin-core',
      })
    }
  }
  return slugs
}

async function addOne(
  ctx: Context,
  index: number,
  state: State,
): Promise<{ id: number; slug: string; name: string }> {
  const now = ctx.clock().getTime()
  const [town, north, east] = towns[(index * 7) % towns.length] ?? ['Lyon', 45.764, 4.836]
  const [level, word] = kinds[index % kinds.length] ?? kinds[0]
  const round = Math.floor(index / towns.length)
  const name = `${word} ${/^[AEIO]/.test(town) ? 'd’' : 'de '}${town}${round ? ` ${round + 1}` : ''}`
  const slug = `source-${index}`
  const home = `https://source-${index}.example.org/`
  const brick = level !== 'library'
  const identify: JsonObject = {
    repositoryName: name,
    adminEmails: [`archives@source-${index}.example.org`],
    deletedRecord: 'persistent',
    granularity: 'YYYY-MM-DDThh:mm:ssZ',
    ...(brick && { logo: `${ctx.config.baseUrl}/static/0/icon.svg` }),
    description: brick
      ? {
          identifier: home,
          type: level,
          publisher: `Ville de ${town}`,
          format: 'CaMPA 0.1.0',
          coverage: `name=${town}; north=${north}; east=${east}`,
        }
      : {},
  }
  const records = state === 'never' ? 0 : 40 + ((index * 7919) % 90_000)
  const keepers = [
    { name, url: home, records: Math.floor(records / 2) },
    ...(index % 6 === 0
      ? Array.from({ length: 9 }, (_, i) => ({
          name: `École no ${i + 1} de ${town}`,
          url: `https://ecole-${i}.example.org/`,
          records: Math.floor(records / 20) + i,
        }))
      : []),
  ]
  const [row] = await ctx.db.query<{ id: number }>(
    `INSERT INTO sources (slug, url, name, identify, granularity, metadata_prefix, every_minutes, records, keepers, created_at,
       next_run_at, paused, paused_at)
     VALUES ($1, $2, $3, $4, 'YYYY-MM-DDThh:mm:ssZ', $5, 1440, $6, $7, $8, $9, $10, $11) RETURNING id`,
    [
      slug,
      `${home}oai`,
      name,
      JSON.stringify(identify),
      brick ? 'mets' : 'oai_dc',
      records,
      JSON.stringify(keepers),
      new Date(now - 60 * day),
      new Date(now + 5 * hour),
      state === 'paused',
      state === 'paused' ? new Date(now - 9 * day) : null,
    ],
  )
  const id = row?.id ?? 0
  if (state !== 'never') await addHarvests(ctx, id, state, records)
  return { id, slug, name }
}

interface Run {
  age: number
  minutes: number | null
  status: 'running' | 'complete' | 'failed'
  diagnosis?: string
  counts: number[]
  size?: number
  scratch?: boolean
  problems?: JsonObject[]
}

async function addHarvests(ctx: Context, id: number, state: State, records: number): Promise<void> {
  const now = ctx.clock().getTime()
  const oldest = state === 'late' ? 33 : 30
  const runs: Run[] = Array.from({ length: 29 }, (_, i): Run => {
    const lively = (id * 31 + i * 17) % 11
    const first = i === 0
    const failed = !first && i < 28 && (id + i) % 13 === 0
    return {
      age: oldest - i,
      minutes: first ? 95 : 1 + (lively % 4),
      status: failed ? 'failed' : 'complete',
      ...(failed && { diagnosis: 'timeout' }),
      counts: first
        ? [Math.ceil(records / 500), records, records, 0, 0, 3]
        : [1, lively * 40, lively * 9, lively * 28, lively * 3, 0],
      ...(first && { scratch: true }),
    }
  })
  if (state === 'running') {
    const done = Math.round(records * 0.4)
    const counts = [Math.ceil(done / 500), done, 0, 120, 4, 0]
    runs.push({
      age: 0.003,
      minutes: null,
      status: 'running',
      counts,
      size: records,
      scratch: true,
    })
  } else if (state === 'failing') {
    runs.splice(-4)
    for (const age of [3, 2, 1, 0.1]) {
      runs.push({
        age,
        minutes: 2,
        status: 'failed',
        diagnosis: id % 2 ? 'html-instead-of-oai' : 'unreachable',
        counts: [0, 0, 0, 0, 0, 0],
        problems: [
          {
            code: 'diagnosis',
            count: 1,
            examples: [
              { message: 'it answers with a web page ("Maintenance") instead of OAI-PMH' },
            ],
          },
        ],
      })
    }
  } else if (state === 'fresh') {
    const problems = [
      {
        code: 'record-not-well-formed',
        count: 12,
        examples: [
          { message: 'line 3: tag dc:title is not closed', identifier: `oai:source-${id}:17` },
          { message: 'line 1: bad character U+0003', identifier: `oai:source-${id}:90` },
        ],
      },
      { code: 'sets-unread', count: 1, examples: [{ message: 'it refuses ListSets' }] },
    ]
    runs.push({
      age: 0.2,
      minutes: 3,
      status: 'complete',
      counts: [3, 1200, 40, 300, 6, 12],
      problems,
    })
  }
  for (const run of runs) await addRun(ctx, id, now, run)
}

async function addRun(ctx: Context, id: number, now: number, run: Run): Promise<void> {
  const started = now - run.age * day
  const ended = run.minutes === null ? null : new Date(started + run.minutes * 60_000)
  await ctx.db.query(
    `INSERT INTO harvests (source_id, started_at, ended_at, advanced_at, status, diagnosis, pages, records, added, changed,
       deleted, refused, complete_list_size, from_scratch, problems, metadata_prefix)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'oai_dc')`,
    [
      id,
      new Date(started),
      ended,
      ended ?? new Date(now),
      run.status,
      run.diagnosis ?? null,
      ...run.counts,
      run.size ?? null,
      run.scratch ?? false,
      JSON.stringify(run.problems ?? []),
    ],
  )
}
