/** What every store promises (kernel/store.ts), of each that Reddog has. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { MasterStore, StoreAnswer } from '../../src/kernel/store.ts'
import { openGateway } from '../../src/machine/store/etcd/gateway.ts'
import { openEtcdStore } from '../../src/machine/store/etcd/open-etcd-store.ts'
import { openSqliteStore } from '../../src/machine/store/sqlite.ts'
import { startEtcd, withoutEtcd } from '../etcd.ts'
import { committed, stored } from './committed.ts'

/** Makes a store; the answer opens it for one master more. */
type Made = (t: TestContext) => Promise<() => Promise<MasterStore>>

const stores: readonly { readonly name: string; readonly skip: string | false; readonly make: Made }[] = [
  {
    name: 'in a file (SQLite)',
    skip: false,
    async make(t) {
      const directory = mkdtempSync(join(tmpdir(), 'reddog-contract-'))
      const opened: MasterStore[] = []
      t.after(() => {
        for (const store of opened) store.close()
        rmSync(directory, { recursive: true, force: true })
      })
      return async () => {
        const store = openSqliteStore(join(directory, 'fabric.db'))
        opened.push(store)
        return store
      }
    },
  },
  { name: 'in etcd with one member', skip: withoutEtcd, make: (t) => inEtcd(t, 1) },
  { name: 'in etcd with three members', skip: withoutEtcd, make: (t) => inEtcd(t, 3) },
]

async function inEtcd(t: TestContext, members: number): Promise<() => Promise<MasterStore>> {
  const etcd = await startEtcd(t, members)
  return async () => {
    const gateway = openGateway(etcd)
    t.after(() => gateway.close())
    return openEtcdStore(gateway)
  }
}

function raised(store: MasterStore, epoch: number): Promise<StoreAnswer> {
  return new Promise((resolve) => store.raise(epoch, resolve))
}

const mebibyte = 1024 * 1024

for (const { name, skip, make } of stores)
  describe(`a store ${name}`, { skip }, () => {
    it('gives back what was committed, in the order of the bytes of its keys, without what was dropped', async (t) => {
      const open = await make(t)
      const first = await open()
      assert.deepEqual([...first.load()], [])
      const keys = ['b', 'a/2', 'ä', 'a0', 'a/10', '__proto__', 'a']
      assert.deepEqual(await committed(first, ...keys.map((key) => ({ key, value: { key } }))), stored)
      assert.deepEqual(await committed(first, { key: 'b', value: undefined }, { key: 'a', value: 'ü' }), stored)
      const found = [...(await open()).load()]
      assert.deepEqual(
        found.map(([key]) => key),
        ['__proto__', 'a', 'a/10', 'a/2', 'a0', 'ä'],
      )
      assert.deepEqual([found[0]?.[1], found[1]?.[1]], [{ key: '__proto__' }, 'ü'])
    })

    it('takes a batch as large as batches are, a group of more records, a key twice, and the largest record', async (t) => {
      const open = await make(t)
      const store = await open()
      const batch = Array.from({ length: 100 }, (_, index) => ({
        key: `r/${index}`,
        value: 'x'.repeat(mebibyte / 100),
      }))
      assert.deepEqual(await committed(store, ...batch), stored)
      const group = Array.from({ length: 1_000 }, (_, index) => ({ key: `s/${index}`, value: index }))
      assert.deepEqual(await committed(store, ...group), stored)
      assert.deepEqual(await committed(store, { key: 't', value: 1 }, { key: 't', value: 2 }), stored)
      const large = 'y'.repeat(10 * mebibyte)
      assert.deepEqual(await committed(store, { key: 'u', value: large }), stored)
      const found = new Map((await open()).load())
      assert.equal(found.size, 1_102)
      assert.deepEqual([found.get('r/99'), found.get('s/999'), found.get('t')], [batch[99]?.value, 999, 2])
      assert.ok(found.get('u') === large)
    })

    it('is read as of its opening, whole, however many records there are', async (t) => {
      const open = await make(t)
      const store = await open()
      const numbers = Array.from({ length: 2_345 }, (_, index) => index)
      for (let from = 0; from < numbers.length; from += 100) {
        const batch = numbers.slice(from, from + 100).map((number) => ({ key: `n/${number}`, value: number }))
        assert.deepEqual(await committed(store, ...batch), stored)
      }
      const found = [...(await open()).load()]
      assert.deepEqual(
        found.map(([, number]) => number).toSorted((a, b) => Number(a) - Number(b)),
        numbers,
      )
    })

    it('has one master: a newer one fences the older off, commits and raising (A-2)', async (t) => {
      const open = await make(t)
      const older = await open()
      assert.deepEqual(await committed(older, { key: 'a', value: 'older' }), stored)
      const newer = await open()
      assert.ok(newer.epoch() > older.epoch())
      for (const answer of [await committed(older, { key: 'a', value: 'late' }), await raised(older, 1_000)]) {
        assert.ok(answer.outcome === 'superseded')
        assert.match(answer.reason, /no longer master/)
      }
      assert.deepEqual(await committed(newer, { key: 'b', value: 'newer' }), stored)
      const expected = [
        ['a', 'older'],
        ['b', 'newer'],
      ]
      assert.deepEqual([...(await open()).load()], expected)
    })

    it('goes on under a higher epoch, which is durable (A-32)', async (t) => {
      const open = await make(t)
      const store = await open()
      assert.deepEqual(await raised(store, 100), stored)
      assert.equal(store.epoch(), 100)
      assert.deepEqual(await committed(store, { key: 'a', value: 1 }), stored)
      const next = await open()
      assert.equal(next.epoch(), 101)
      assert.deepEqual([...next.load()], [['a', 1]])
      assert.equal((await committed(store, { key: 'a', value: 2 })).outcome, 'superseded')
    })
  })
