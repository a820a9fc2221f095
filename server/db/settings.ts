// Small things that a brick must remember of itself: its secret, its domain.
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { EntitySchema } from 'typeorm'
import type { Json } from '../../schemas/record.ts'
import type { Client, Database } from './db.ts'

export interface SettingRow {
  name: string
  value: Json
}

export const settingEntity = new EntitySchema<SettingRow>({
  name: 'setting',
  tableName: 'settings',
  columns: {
    name: { type: 'text', primary: true, primaryKeyConstraintName: 'settings_pk' },
    value: { type: 'json' },
  },
})

/** The setting as it stands; `initial` is stored and returned the first time, whoever asks first. */
export async function remember<T extends Json>(
  db: Database,
  name: string,
  initial: () => T,
): Promise<T> {
  const known = await recall<T>(db, name)
  if (known !== undefined) return known
  await db.query('INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    name,
    JSON.stringify(initial()),
  ])
  return (await recall<T>(db, name)) ?? initial()
}

/** Writes a setting that may change. */
export async function setSetting(
  client: Pick<Client, 'query'>,
  name: string,
  value: Json,
): Promise<void> {
  await client.query(
    `INSERT INTO settings (name, value) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [name, JSON.stringify(value)],
  )
}

export async function recall<T extends Json>(db: Database, name: string): Promise<T | undefined> {
  const [row] = await db.query<{ value: T }>('SELECT value FROM settings WHERE name = $1', [name])
  return row?.value
}

const secrets = new WeakMap<Database, string>()

/** 256 random bits that only this brick knows; signs what it hands out (resumption tokens). Read once: it never changes. */
export async function brickSecret(db: Database): Promise<string> {
  const known = secrets.get(db)
  if (known !== undefined) return known
  const secret = await remember(db, 'secret', () => randomBytes(32).toString('base64url'))
  secrets.set(db, secret)
  return secret
}

/**
 * The domain of this brick's identifiers. Once there are records under one it stays, whatever a command is told by its
 * environment: an identifier must never mean another record.
 */
export async function settledDomain(db: Database, stated: string, log: Logger): Promise<string> {
  const settled = await remember(db, 'domain', () => stated)
  if (settled === stated) return settled
  const [own] = await db.query('SELECT FROM records WHERE source_id IS NULL LIMIT 1')
  if (own) {
    log.warn(
      `identifiers go on as oai:${settled}:…, under which this brick has records (CAMPA_DOMAIN or CAMPA_BASE_URL says ${stated})`,
    )
    return settled
  }
  await db.query('UPDATE settings SET value = $2 WHERE name = $1', [
    'domain',
    JSON.stringify(stated),
  ])
  return stated
}
