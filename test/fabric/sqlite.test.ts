import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { StoreAnswer } from '../../src/kernel/store.ts'
import { newFabricKey, openSealer } from '../../src/machine/certificates/sealer.ts'
import { sealedStore } from '../../src/machine/store/sealed-store.ts'
import { openSqliteStore } from '../../src/machine/store/sqlite.ts'
import { until } from '../until.ts'
import { storeBatch } from './store-batch.ts'

function directoryOf(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-store-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

function answeredSuperseded(answer: StoreAnswer): void {
  assert.ok(answer.outcome === 'superseded')
  assert.match(answer.reason, /no longer master/)
}

describe('the embedded store', () => {
  it('gives back what was committed, in key order, without what was dropped', (t) => {
    const file = join(directoryOf(t), 'data', 'fabric.db')
    const first = openSqliteStore(file)
    storeBatch(
      first,
      { key: 'host/b', value: { cores: 8 } },
      { key: 'host/a', value: { cores: 4 } },
      { key: 'service/x', value: 1 },
    )
    storeBatch(first, { key: 'service/x', value: undefined }, { key: 'host/b', value: { cores: 16 } })
    first.close()
    const second = openSqliteStore(file)
    assert.deepEqual(
      [...second.load()],
      [
        ['host/a', { cores: 4 }],
        ['host/b', { cores: 16 }],
      ],
    )
    second.close()
  })

  it('sealed, holds no value in clear, and opens none in the place of another or under another key (design.md 8)', (t) => {
    const directory = directoryOf(t)
    const file = join(directory, 'fabric.db')
    const key = (name: string) => {
      const path = join(directory, name)
      writeFileSync(path, newFabricKey())
      return openSealer(path)
    }
    const own = key('own.key')
    const store = sealedStore(openSqliteStore(file), own)
    storeBatch(store, { key: 'a', value: { setting: 'the password' } }, { key: 'b', value: { setting: 'another' } })
    assert.deepEqual(
      [...store.load()],
      [
        ['a', { setting: 'the password' }],
        ['b', { setting: 'another' }],
      ],
    )
    for (const name of readdirSync(directory))
      assert.equal(readFileSync(join(directory, name)).includes('password'), false, name)
    store.close()
    assert.throws(
      () => [...sealedStore(openSqliteStore(file), key('other.key')).load()],
      /record a .* cannot be opened/,
    )
    const plain = openSqliteStore(file)
    const [, of] = [...plain.load()]
    storeBatch(plain, { key: 'a', value: of?.[1] })
    assert.throws(() => [...sealedStore(plain, own).load()], /record a .* cannot be opened/)
    plain.close()
  })

  it('has one master: a newer one fences the older off (A-2)', (t) => {
    const file = join(directoryOf(t), 'fabric.db')
    const older = openSqliteStore(file)
    const newer = openSqliteStore(file)
    assert.ok(newer.epoch() > older.epoch())
    older.commit([{ key: 'a', value: 1 }], answeredSuperseded)
    storeBatch(newer, { key: 'b', value: 2 })
    assert.deepEqual([...newer.load()], [['b', 2]])
    older.close()
    newer.close()
  })

  it('refuses a batch while another process writes, and takes it after that', (t) => {
    const file = join(directoryOf(t), 'fabric.db')
    const store = openSqliteStore(file)
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    store.commit([{ key: 'a', value: 1 }], (answer) =>
      assert.deepEqual(answer, { outcome: 'refused', reason: 'another process is writing to the store.' }),
    )
    other.exec('ROLLBACK')
    storeBatch(store, { key: 'a', value: 2 })
    assert.deepEqual([...store.load()], [['a', 2]])
    other.close()
    store.close()
  })

  it('refuses a batch for which the disk has no space, stores nothing of it, and takes it when there is', {
    skip: process.getuid?.() === 0 ? false : 'it needs root to mount a small disk',
  }, (t) => {
    const disk = directoryOf(t)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk])
    try {
      const store = openSqliteStore(join(disk, 'fabric.db'))
      const filler = join(disk, 'filler')
      assert.throws(() => writeFileSync(filler, Buffer.alloc(2 * 1024 * 1024)), { code: 'ENOSPC' })
      const batch = [1, 2].map((number) => ({ key: `${number}`, value: 'x'.repeat(100_000) }))
      store.commit(batch, (answer) =>
        assert.deepEqual(answer, {
          outcome: 'refused',
          reason: 'no space is left on the disk of the store. Free some.',
        }),
      )
      assert.deepEqual([...store.load()], [])
      rmSync(filler)
      storeBatch(store, ...batch)
      assert.equal([...store.load()].length, 2)
      store.close()
    } finally {
      execFileSync('umount', [disk])
    }
  })

  it('goes on under a higher epoch, which is durable; a master that was fenced off cannot (A-32)', (t) => {
    const file = join(directoryOf(t), 'fabric.db')
    const older = openSqliteStore(file)
    const newer = openSqliteStore(file)
    older.raise(100, answeredSuperseded)
    newer.raise(100, ({ outcome }) => assert.equal(outcome, 'stored'))
    assert.equal(newer.epoch(), 100)
    storeBatch(newer, { key: 'a', value: 1 })
    newer.close()
    const next = openSqliteStore(file)
    assert.equal(next.epoch(), 101)
    assert.deepEqual([...next.load()], [['a', 1]])
    next.close()
    older.close()
  })

  it('refuses a file of a newer version, and one from before records were sealed, in one sentence and leaves it alone', (t) => {
    const file = join(directoryOf(t), 'fabric.db')
    openSqliteStore(file).close()
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 99')
    assert.throws(() => openSqliteStore(file), /written by a newer Reddog \(schema 99, this one knows 2\)/)
    database.exec('PRAGMA user_version = 1')
    assert.throws(() => openSqliteStore(file), /written by an early Reddog \(schema 1, .*name another one with --data/)
    assert.equal(database.prepare('SELECT epoch FROM master').get()?.['epoch'], 1)
    database.close()
  })

  it('loses no committed batch and tears none when its process is killed', { timeout: 60_000 }, async (t) => {
    const file = join(directoryOf(t), 'fabric.db')
    for (let round = 0; round < 3; round++) {
      const master = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./sqlite-child.ts')), file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      t.after(() => master.kill('SIGKILL'))
      let said = ''
      master.stdout.on('data', (chunk) => {
        said += chunk
      })
      await until(() => said.split('\n').length > 20 + round * 7, 'some batches are committed')
      master.kill('SIGKILL')
      await once(master, 'close')
      const safe = Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1))
      const store = openSqliteStore(file)
      const records = new Map(store.load() as Iterable<[string, { number: number }]>)
      const found = records.get('a/1')?.number ?? 0
      assert.ok(found >= safe, `batch ${safe} was reported safe, ${found} was found`)
      assert.equal(records.get('c/1')?.number, found)
      assert.equal(records.get(`b/${found % 50}`)?.number, found)
      store.close()
    }
  })
})
