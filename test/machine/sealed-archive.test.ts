/** A sealed archive appears whole at its name, whoever else writes there. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSealedArchive, writeSealedArchive } from '../../src/machine/backup/sealed-archive.ts'

const passphrase = 'correct horse battery staple'
/** Random, so that packing takes long enough for both to write at a time. */
const sizeBytes = 16 * 1024 * 1024

test('Two that are written to one file at a time: both succeed, one of them is there whole, and nothing else is left', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-sealed-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const out = join(directory, 'out')
  mkdirSync(out)
  const sources = ['a', 'b'].map((name) => {
    const source = join(directory, name)
    mkdirSync(source)
    writeFileSync(join(source, 'content'), randomBytes(sizeBytes))
    return source
  })
  const file = join(out, 'fabric.backup')
  await Promise.all(sources.map((source) => writeSealedArchive(source, passphrase, file)))
  assert.deepEqual(readdirSync(out), ['fabric.backup'])
  const opened = join(directory, 'opened')
  mkdirSync(opened)
  await openSealedArchive(file, passphrase, opened)
  const content = readFileSync(join(opened, 'content'))
  assert.ok(sources.some((source) => readFileSync(join(source, 'content')).equals(content)))
})

test('What a killed one has left beside the file is removed by the next', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-sealed-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  const source = join(directory, 'source')
  mkdirSync(source)
  writeFileSync(join(source, 'content'), 'content')
  const file = join(directory, 'fabric.backup')
  const library = JSON.stringify(join(import.meta.dirname, '../../src/machine/backup/sealed-archive.ts'))
  // It is killed when what it writes is about to get its name.
  const script = `import fs from 'node:fs/promises'
    import { syncBuiltinESMExports } from 'node:module'
    fs.rename = () => process.kill(process.pid, 'SIGKILL')
    syncBuiltinESMExports()
    const { writeSealedArchive } = await import(${library})
    await writeSealedArchive(${JSON.stringify(source)}, '${passphrase}', ${JSON.stringify(file)})`
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '--eval', script])
  assert.equal(signal, 'SIGKILL')
  assert.equal(existsSync(file), false)
  assert.equal(readdirSync(directory).length, 2)
  await writeSealedArchive(source, passphrase, file)
  assert.deepEqual(readdirSync(directory).toSorted(), ['fabric.backup', 'source'])
})
