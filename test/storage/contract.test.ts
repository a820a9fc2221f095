// What both kinds of store promise.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Config } from '../../config/config.ts'
import { openStorage } from '../../server/storage/open.ts'
import { Missing, readAhead, type Storage } from '../../server/storage/storage.ts'
import { needed, testConfig } from '../house.ts'
import { missingStore, openStore, type Store } from './store.ts'

const bytesFor = (size: number): Buffer => randomBytes(size)
const kinds: Record<string, (store: Store) => Partial<Config>> = {
  'a folder': () => ({}),
  'a store of the S3 kind': (store) => store.settings(),
}

for (const [kind, settings] of Object.entries(kinds)) {
  describe(`files in ${kind}`, () => {
    let store: Store | undefined
    let config: Config | undefined
    let storage: Storage
    before(async function () {
      this.timeout(60_000)
      if (kind !== 'a folder') store = await openStore()
      if (kind !== 'a folder' && !store) return
      config = await testConfig(store && settings(store))
      storage = await openStorage(config)
    })
    beforeEach(function () {
      needed(config, missingStore, this)
    })
    after(async () => {
      await storage?.close()
      if (config) rmSync(config.dataDir, { recursive: true, force: true })
      await store?.close()
    })

    const put = (key: string, bytes: Buffer): Promise<void> =>
      storage.put(key, (path) => writeFile(path, bytes))

    /** What lies on this machine and is no key. */
    const aside = (): string[] =>
      existsSync(config?.dataDir ?? '')
        ? readdirSync(config?.dataDir ?? '', { recursive: true, withFileTypes: true })
            .filter((each) => each.isFile() && /\.(?:part|copy)$/.test(each.name))
            .map((each) => each.name)
        : []

    for (const size of [0, 1, 65_535, 65_536, 65_537, 9_000_000]) {
      it(`are kept as they are, of ${size} bytes`, async () => {
        const bytes = bytesFor(size)
        const key = `files/of/${size}`
        assert.equal(await storage.has(key), false)
        await put(key, bytes)
        assert.equal(await storage.has(key), true)
        assert.equal(await storage.size(key), size)
        assert.ok((await buffer(storage.read(key))).equals(bytes))
        assert.ok(await storage.local(key, async (path) => readFileSync(path).equals(bytes)))
        const opened = await storage.open(key)
        assert.equal(opened.size, size)
        assert.ok((await opened.read(0, size, Buffer.from('ab'))).subarray(2).equals(bytes))
        await assert.rejects(opened.read(0, size + 1))
        await opened.close()
        assert.deepEqual(aside(), [])
      })
    }

    it('are read in parts', async () => {
      const bytes = bytesFor(300_000)
      await put('a/parts', bytes)
      const opened = await storage.open('a/parts')
      const ahead = readAhead(opened)
      for (const [start, length] of [
        [0, 10],
        [65_530, 12],
        [65_536, 100],
        [299_999, 1],
        [100, 299_900],
      ] as const) {
        const wanted = bytes.subarray(start, start + length)
        const end = start + length - 1
        assert.ok((await buffer(storage.read('a/parts', { start, end }))).equals(wanted))
        assert.ok((await opened.read(start, length)).equals(wanted))
        assert.ok((await ahead.read(start, length)).equals(wanted))
        const headed = await opened.read(start, length, Buffer.from('before'))
        assert.equal(headed.toString('latin1', 0, 6), 'before')
        assert.ok(headed.subarray(6).equals(wanted))
      }
      await assert.rejects(ahead.read(299_999, 2))
      await assert.rejects(opened.read(300_000, 1))
      await opened.close()
    })

    it('are there as a whole or not at all', async () => {
      await assert.rejects(
        storage.put('a/half', async (path) => {
          await writeFile(path, 'half')
          assert.equal(await storage.has('a/half'), false)
          throw new Error('no more')
        }),
        /no more/,
      )
      assert.equal(await storage.has('a/half'), false)
      assert.deepEqual(aside(), [])
    })

    it('are at hand for who has just put them', async () => {
      const bytes = bytesFor(1000)
      await assert.rejects(
        storage.put(
          'a/used',
          (path) => writeFile(path, bytes),
          async (path) => {
            assert.ok(await storage.has('a/used'))
            assert.ok(readFileSync(path).equals(bytes))
            throw new Error('used')
          },
        ),
        /used/,
      )
      assert.equal(await storage.size('a/used'), 1000)
    })

    it('are looked for together', async () => {
      const there = ['b/one', 'b/one.two', 'b/six/two', 'c/one', 'b-one']
      for (const key of there) await put(key, bytesFor(1))
      const not = ['b/on', 'b/one.t', 'b/two', 'a/zz', 'd', 'b-one-two']
      assert.deepEqual(await storage.missing([...not, ...there]), new Set(not))
      assert.deepEqual(await storage.missing(there), new Set())
      assert.deepEqual(await storage.missing(['zz']), new Set(['zz']))
      assert.deepEqual(await storage.missing([]), new Set())
    })

    it('are removed, more than once too', async () => {
      await put('a/gone', bytesFor(10))
      await storage.remove('a/gone')
      await storage.remove('a/gone')
      assert.equal(await storage.has('a/gone'), false)
    })

    it('are said to be missing where there are none', async () => {
      await assert.rejects(storage.size('a/none'), Missing)
      await assert.rejects(storage.open('a/none'), Missing)
      await assert.rejects(
        storage.local('a/none', () => Promise.resolve()),
        Missing,
      )
      await assert.rejects(buffer(storage.read('a/none')))
      assert.deepEqual(aside(), [])
    })

    it('lie under keys of ours alone', async () => {
      for (const key of ['../a', '/a', 'a/../b', 'A', 'a//b', '', 'a b', 'a%2fb']) {
        await assert.rejects(put(key, bytesFor(1)), /storage key/, key)
        await assert.rejects(async () => buffer(storage.read(key)), /storage key/, key)
      }
    })

    it('stay as they are under the hands of many', async () => {
      const bytes = bytesFor(200_000)
      await Promise.all([1, 2, 3].map(() => put('a/same', bytes)))
      const opened = await storage.open('a/same')
      const [all, ...parts] = await Promise.all([
        buffer(storage.read('a/same')),
        ...[1, 2, 3, 4].map((nth) => opened.read(nth * 30_000, 50_000)),
      ])
      assert.ok(all.equals(bytes))
      for (const [index, each] of parts.entries())
        assert.ok(each.equals(bytes.subarray((index + 1) * 30_000, (index + 1) * 30_000 + 50_000)))
      await opened.close()
    })

    it('of a process that was killed are not there, and what it left goes', async function () {
      this.timeout(60_000)
      const script = fileURLToPath(new URL('./putting.ts', import.meta.url))
      const child = fork(script, [JSON.stringify(config)], { execArgv: ['--import', 'tsx'] })
      await once(child, 'message')
      child.send('a/killed')
      const isHalf = (): boolean =>
        kind === 'a folder'
          ? aside().some((name) => name.startsWith('killed.'))
          : (store?.asked ?? []).some((line) => /^PUT .*a\/killed\?.*partNumber=1/.test(line))
      while (!isHalf()) await new Promise((done) => setTimeout(done, 5))
      child.kill('SIGKILL')
      await once(child, 'exit')
      assert.equal(await storage.has('a/killed'), false)
      assert.equal(aside().length, 1)
      await storage.tidy('a/killed')
      assert.deepEqual(aside(), [])
      assert.equal(
        (store?.asked ?? []).some((line) => /^DELETE .*a\/killed\?.*uploadId/.test(line)),
        kind !== 'a folder',
      )
      assert.equal(await storage.has('a/killed'), false)
      await put('a/killed', bytesFor(5))
      assert.equal(await storage.size('a/killed'), 5)
    })
  })
}
