// Every migration, oldest first.
import { FirstTables1763750000000 } from './20261121-first-tables.ts'

export const migrations = [FirstTables1763750000000]
