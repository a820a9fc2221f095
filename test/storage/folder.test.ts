// What is of a folder alone: what the disk says when it cannot tell.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderStorage } from '../../server/storage/folder.ts'

describe('a folder of files', () => {
  let root: string
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'campa-folder-'))
  })
  after(() => rmSync(root, { recursive: true, force: true }))

  it('that cannot be looked into is not taken for an empty one', async () => {
    const storage = folderStorage(root)
    symlinkSync(join(root, 'loop'), join(root, 'loop'))
    await assert.rejects(storage.has('loop/a'), { code: 'ELOOP' })
    await assert.rejects(storage.missing(['loop/a']), { code: 'ELOOP' })
    writeFileSync(join(root, 'file'), '')
    assert.equal(await storage.has('file/a'), false)
    assert.equal(await storage.has('nowhere/a'), false)
  })
})
