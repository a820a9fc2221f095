// Mail to the operator when a person must act, and only then: once for each trouble, once more when it is over, and all that
// is new in one mail. Most of what goes wrong at night is well in the morning, so nothing is a trouble before its time.
import type { Context } from '../context.ts'
import { recall, setSetting } from '../db/settings.ts'
import { sendMail } from '../mail/mail.ts'
import type { Job } from '../queue/queue.ts'
import { languages, wordsIn, type Words } from '../text/text.ts'
import type { Trouble } from './entities.ts'
import type { Noted } from './report.ts'
import { listSources, type SourceSummary } from './summaries.ts'
import { remedyText, troubleText } from './troubles.ts'

type TroubleKind = 'failing' | 'certificate' | 'late' | 'moved' | 'kept'

const hour = 3_600_000
const day = 24 * hour
/** What no second try mends is told sooner. */
const patience: Record<string, number> = {
  'address-refused': hour,
  'address-wrong': hour,
  'robots-refuse': hour,
}
/** Between two mails; what comes meanwhile waits for the next one. */
const betweenMails = 6 * hour
/** Sources that a mail names; the page has them all. */
const mostNamed = 40

interface LastWords {
  /** Why the last harvest failed. */
  failure: string
  /** Problems of the last complete one. */
  problems: Noted[]
}

type Found = Pick<Trouble, 'since' | 'reason'> & { kind: TroubleKind }

const isCertificate = (reason: string): boolean =>
  /certificate|self[- ]signed|altname/i.test(reason)

/** What of a source wants a person now. */
export function troublesOf(source: SourceSummary, said: LastWords, now: Date): Found[] {
  const { health, completedAt } = source
  const lasts = (time: number): boolean => now.getTime() - health.since.getTime() >= time
  if (health.state === 'paused') return []
  if (health.state === 'failing') {
    const { since, diagnosis = 'other' } = health
    const reason = said.failure || diagnosis
    if (isCertificate(reason) && lasts(hour)) return [{ kind: 'certificate', since, reason }]
    return lasts(patience[diagnosis] ?? day) ? [{ kind: 'failing', since, reason }] : []
  }
  const found: Found[] = []
  if (health.state === 'late' && lasts(day))
    found.push({ kind: 'late', since: health.since, reason: '' })
  for (const { code, examples } of said.problems) {
    const kind = ({ moved: 'moved', 'vanished-not-withdrawn': 'kept' } as const)[code as string]
    const reason = examples[0]?.message ?? code
    if (kind && completedAt) found.push({ kind, since: completedAt, reason })
  }
  return found
}

/** Notices what has begun and what is over. */
export async function noticeTroubles(ctx: Context): Promise<void> {
  const now = ctx.clock()
  const sources = await listSources(ctx)
  const words = await lastWords(ctx)
  const quiet: LastWords = { failure: '', problems: [] }
  const found = sources.flatMap((source) =>
    troublesOf(source, words.get(source.id) ?? quiet, now).map((each) => ({
      ...each,
      sourceId: source.id,
    })),
  )
  const columns = [
    found.map((each) => each.sourceId),
    found.map((each) => each.kind),
    found.map((each) => each.since),
    found.map((each) => each.reason.slice(0, 500)),
  ]
  await ctx.db.transaction(async (client) => {
    await client.query(
      `INSERT INTO source_troubles (source_id, kind, since, reason)
       SELECT * FROM unnest($1::int[], $2::text[], $3::timestamptz[], $4::text[])
       ON CONFLICT (source_id, kind) DO UPDATE SET reason = excluded.reason, over_at = NULL`,
      columns,
    )
    // What nobody was told of need not be taken back.
    await client.query(
      `WITH gone AS (
         SELECT source_id, kind FROM source_troubles
         EXCEPT SELECT * FROM unnest($1::int[], $2::text[])),
       untold AS (
         DELETE FROM source_troubles t USING gone
         WHERE t.source_id = gone.source_id AND t.kind = gone.kind AND t.told_at IS NULL)
       UPDATE source_troubles t SET over_at = coalesce(t.over_at, $3) FROM gone
       WHERE t.source_id = gone.source_id AND t.kind = gone.kind AND t.told_at IS NOT NULL`,
      [columns[0], columns[1], now],
    )
  })
}

const missing = 'vanished-not-withdrawn'

async function lastWords(ctx: Context): Promise<Map<number, LastWords>> {
  const rows = await ctx.db.query<{
    id: number
    failed: Noted[] | null
    problems: Noted[] | null
    whole: Noted[] | null
  }>(
    `SELECT s.id, failed.problems AS failed, done.problems, whole.problems AS whole FROM sources s
     LEFT JOIN LATERAL (SELECT problems FROM harvests
       WHERE source_id = s.id AND status = 'failed' ORDER BY started_at DESC, id DESC LIMIT 1) AS failed ON true
     LEFT JOIN LATERAL (SELECT problems FROM harvests
       WHERE source_id = s.id AND status = 'complete' ORDER BY started_at DESC, id DESC LIMIT 1) AS done ON true
     LEFT JOIN LATERAL (SELECT problems FROM harvests
       WHERE source_id = s.id AND status = 'complete' AND compares ORDER BY started_at DESC, id DESC LIMIT 1) AS whole ON true
     WHERE s.forget_at IS NULL`,
  )
  return new Map(
    rows.map(({ id, failed, problems, whole }) => {
      const diagnosis = failed?.find((each) => each.code === 'diagnosis')
      // What is missing is seen by a harvest of all only: those of what changed say nothing of it.
      const met = [
        ...(problems ?? []).filter(({ code }) => code !== missing),
        ...(whole ?? []).filter(({ code }) => code === missing),
      ]
      return [id, { failure: diagnosis?.examples[0]?.message ?? '', problems: met }]
    }),
  )
}

export interface Told extends Trouble {
  slug: string
  name: string
  diagnosis: string | null
}

/** What wants a person, what is over among it last. */
export async function listTroubles(ctx: Context): Promise<Told[]> {
  return ctx.db.query<Told>(
    `SELECT source_id AS "sourceId", kind, since, reason, told_at AS "toldAt", over_at AS "overAt", slug, name, (
       SELECT diagnosis FROM harvests h WHERE h.source_id = s.id AND diagnosis IS NOT NULL
       ORDER BY started_at DESC, id DESC LIMIT 1) AS diagnosis
     FROM source_troubles t JOIN sources s ON s.id = t.source_id
     ORDER BY over_at NULLS FIRST, since, slug`,
  )
}

const lastMail = 'troubles-mailed-at'

/** Tells the operator what is new, if it is time for a mail. Without a mail server it stands on the page, and in the log. */
export async function tellTroubles(ctx: Context): Promise<void> {
  const troubles = await listTroubles(ctx)
  const fresh = troubles.filter(({ toldAt, overAt }) => toldAt === null && overAt === null)
  const over = troubles.filter(({ overAt }) => overAt !== null)
  if (!fresh.length && !over.length) return
  const now = ctx.clock()
  const before = await recall<string>(ctx.db, lastMail)
  if (before && now.getTime() - new Date(before).getTime() < betweenMails) return
  const mail = mailOf(ctx, fresh, over)
  if (!(await sendMail(ctx, mail))) {
    ctx.log.warn({ troubles: fresh.map(({ slug, kind }) => `${slug}: ${kind}`) }, mail.subject)
  }
  await ctx.db.transaction(async (client) => {
    await client.query(
      `UPDATE source_troubles t SET told_at = $3 FROM unnest($1::int[], $2::text[]) AS told(source_id, kind)
       WHERE t.source_id = told.source_id AND t.kind = told.kind`,
      [fresh.map((each) => each.sourceId), fresh.map((each) => each.kind), now],
    )
    await client.query(
      `DELETE FROM source_troubles t USING unnest($1::int[], $2::text[]) AS told(source_id, kind)
       WHERE t.source_id = told.source_id AND t.kind = told.kind AND t.over_at IS NOT NULL`,
      [over.map((each) => each.sourceId), over.map((each) => each.kind)],
    )
    await setSetting(client, lastMail, now.toISOString())
  })
}

/** In both languages: which one the reader speaks is not known. */
export function mailOf(
  ctx: Context,
  fresh: Told[],
  over: Told[],
): { to: string; subject: string; text: string } {
  const { name, adminEmail } = ctx.config
  const subject = languages
    .map((each) => {
      const { t } = wordsIn(each)
      return fresh.length
        ? t('alarm.subject', { brick: name, count: fresh.length })
        : t('alarm.subjectOver', { brick: name, count: over.length })
    })
    .join(' / ')
  const text = languages.map((each) => letter(ctx, wordsIn(each), fresh, over)).join('\n\n--\n\n')
  return { to: adminEmail, subject, text }
}

function letter(ctx: Context, words: Words, fresh: Told[], over: Told[]): string {
  const { t } = words
  const list = (troubles: Told[], lines: (each: Told) => string[]): string[] => [
    ...troubles.slice(0, mostNamed).map((each) =>
      lines(each)
        .filter((line) => line.trim())
        .join('\n'),
    ),
    ...(troubles.length > mostNamed
      ? [t('network.moreChildren', { count: troubles.length - mostNamed })]
      : []),
  ]
  const parts = [t('alarm.greeting', { brick: ctx.config.name })]
  if (fresh.length) {
    parts.push(
      t('alarm.fresh'),
      ...list(fresh, (each) => [
        `* ${plain(each.name)}`,
        `  ${whatOf(words, each)} (${t('alarm.since', { day: words.day(each.since) })})`,
        `  ${plain(each.reason)}`,
        `  ${remedyOf(words, each)}`,
        `  ${ctx.links.network(each.slug)}`,
      ]),
    )
  }
  if (over.length) {
    parts.push(
      t('alarm.over'),
      ...list(over, (each) => [`* ${plain(each.name)}: ${whatOf(words, each)}`]),
    )
  }
  parts.push(t('alarm.foot'), ctx.links.network('operator'))
  return parts.join('\n\n')
}

// Words of a stranger: on one line, and without addresses that a mail program would make links of.
const plain = (text: string): string => text.replace(/\s+/g, ' ').replace(/:\/\//g, ' ').trim()

const codeOf: Partial<Record<string, string>> = { moved: 'moved', kept: 'vanished-not-withdrawn' }

export function whatOf(words: Words, { kind, diagnosis }: Told): string {
  if (kind === 'certificate' || kind === 'late') return words.t(`alarm.${kind}`)
  return troubleText(words, codeOf[kind] ?? diagnosis ?? 'other')
}

export function remedyOf(words: Words, { kind, diagnosis }: Told): string {
  if (kind === 'certificate' || kind === 'late') return words.t(`alarm.${kind}Remedy`)
  return remedyText(words, codeOf[kind] ?? diagnosis ?? 'other')
}

export const alarm: Job = {
  name: 'tell-troubles',
  schedule: '23 * * * *',
  async handle(ctx) {
    await noticeTroubles(ctx)
    await tellTroubles(ctx)
  },
}
