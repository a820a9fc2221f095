#!/usr/bin/env node
// Runs the built command line, or the sources themselves where they are newer than the build (development).
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const built = join(root, 'dist', 'server', 'cli', 'campa.js')
const source = join(root, 'server', 'cli', 'campa.ts')
const folders = ['server', 'harvester', 'schemas', 'migrations', 'config', 'demo', 'bench']

function newest(folder) {
  let time = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) time = Math.max(time, newest(path))
    else if (entry.name.endsWith('.ts')) time = Math.max(time, statSync(path).mtimeMs)
  }
  return time
}

function stale() {
  if (!existsSync(built)) return true
  if (!existsSync(source)) return false
  const made = statSync(built).mtimeMs
  return folders.some(
    (folder) => existsSync(join(root, folder)) && newest(join(root, folder)) > made,
  )
}

if (stale()) {
  const { register } = await import('tsx/esm/api')
  register()
  await import(source)
} else {
  await import(built)
}
