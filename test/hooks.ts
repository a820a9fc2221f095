// One PostgreSQL server for the whole run: DATABASE_URL's, or an embedded one in a temporary folder. Each test file that
// needs tables takes a schema of its own (test/house.ts).
import { joinTemporary, type TemporaryServer } from '../server/db/embedded.ts'

let server: TemporaryServer | undefined

export async function mochaGlobalSetup(): Promise<void> {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('CAMPA_')) delete process.env[name]
  }
  if (process.env['DATABASE_URL']) {
    process.env['TEST_DATABASE_URL'] = process.env['DATABASE_URL']
    return
  }
  const quick = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']
  server = await joinTemporary('campa-test', quick)
  await server.createDatabase('campa_test')
  process.env['TEST_DATABASE_URL'] = server.url('campa_test')
}

export async function mochaGlobalTeardown(): Promise<void> {
  await server?.leave()
}
