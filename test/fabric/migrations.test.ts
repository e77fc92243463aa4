/** A store of an earlier schema is brought up when it is opened (docs/decisions/releases.md). */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { broughtUp } from '../../src/fabric/controller/state/bring-up.ts'
import type { Migration } from '../../src/fabric/controller/state/migrations.ts'
import type { MasterStore, SchemaMark } from '../../src/kernel/store.ts'
import { openSqliteStore } from '../../src/machine/store/sqlite.ts'

const sizes = Array.from({ length: 250 }, (_, number) => [`size/${String(number).padStart(3, '0')}`, number] as const)

/** Two schemas on: numbers become objects, then those objects get a unit; names go. */
const migrations: Readonly<Record<number, Migration>> = {
  3: (_, record) => (typeof record === 'number' ? { size: record } : record),
  4: (key, record) => (key.startsWith('name/') ? undefined : { ...(record as object), unit: 'MB' }),
}
const after = sizes.map(([key, size]) => [key, { size, unit: 'MB' }])

function storeFile(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-schema-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const store = openSqliteStore(join(directory, 'fabric.db'), 2)
  const writes = [...sizes, ['name/a', 'a'] as const].map(([key, value]) => ({ key, value }))
  store.commit(writes, ({ outcome }) => assert.equal(outcome, 'stored'))
  store.close()
  return join(directory, 'fabric.db')
}

const open = (file: string) => openSqliteStore(file, 4)
const raised = (store: MasterStore, mark: SchemaMark) =>
  broughtUp({ store, records: store.load(), mark, migrations, target: 4 })

describe('a store of an earlier schema', () => {
  it('has all its records brought up, once', async (t) => {
    const file = storeFile(t)
    for (let start = 0; start < 2; start++) {
      const store = open(file)
      assert.deepEqual(await raised(store, store), after)
      assert.equal(store.schema(), 4)
      store.close()
    }
  })

  it('is brought up the next time when that was interrupted after any batch', async (t) => {
    for (const taken of [0, 1, 2]) {
      const file = storeFile(t)
      const store = open(file)
      let left = taken
      const failing: MasterStore = {
        ...store,
        commit: (batch, answered) =>
          left-- > 0 ? store.commit(batch, answered) : answered({ outcome: 'refused', reason: 'the disk is full' }),
      }
      await assert.rejects(raised(failing, store), /the disk is full/)
      assert.equal(store.schema(), 2)
      store.close()
      const next = open(file)
      assert.deepEqual(await raised(next, next), after)
      assert.deepEqual([...next.load()], after)
      next.close()
    }
  })

  it('of a later one is refused by a sentence, and not touched', async (t) => {
    const file = storeFile(t)
    const store = open(file)
    await raised(store, store)
    store.close()
    const before = readFileSync(file)
    assert.throws(() => openSqliteStore(file, 3), /written by a newer Reddog \(schema 4, this one knows 3\)/)
    assert.deepEqual(readFileSync(file), before)
  })
})
