/**
 * The two stores in one run, in turn: `node bench/store.ts`. Durable commits a second of records of a kilobyte, one after the other as a controller makes
 * them, and how long 10,000 records take to be read at the start of a master. etcd has three members with TLS, all on this machine and its disk.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MasterStore, Write } from '../src/kernel/store.ts'
import { openGateway } from '../src/machine/store/etcd/gateway.ts'
import { openEtcdStore } from '../src/machine/store/etcd/open-etcd-store.ts'
import { openSqliteStore } from '../src/machine/store/sqlite.ts'
import { startEtcd } from '../test/etcd.ts'

const runMs = 3_000
const records = 10_000

/** SQLite writes nothing for a record that stays the same, so every value is another. */
let written = 0
const value = () => ({ number: ++written, text: 'x'.repeat(1024) })

function committed(store: MasterStore, batch: readonly Write[]): Promise<string> {
  return new Promise((resolve) => store.commit(batch, ({ outcome }) => resolve(outcome)))
}

/** Commits for a while, each when the one before is stored. */
async function measure(store: MasterStore, size: number): Promise<string> {
  const took: number[] = []
  const began = performance.now()
  while (performance.now() - began < runMs) {
    const batch = Array.from({ length: size }, (_, index) => ({ key: `bench/${index}`, value: value() }))
    const sent = performance.now()
    const outcome = await committed(store, batch)
    if (outcome !== 'stored') throw new Error(`a batch is ${outcome}`)
    took.push(performance.now() - sent)
  }
  took.sort((one, other) => one - other)
  const at = (share: number) => (took[Math.floor(took.length * share)] ?? 0).toFixed(1)
  const commits = Math.round((took.length * 1_000) / runMs)
  return `${commits} commits/s, ${commits * size} records/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
}

async function load(open: () => Promise<MasterStore>): Promise<string> {
  const before = await open()
  for (let from = 0; from < records; from += 100)
    await committed(
      before,
      Array.from({ length: 100 }, (_, index) => ({ key: `load/${from + index}`, value: value() })),
    )
  const began = performance.now()
  const opened = await open()
  const found = [...opened.load()].length
  return `${found} records opened and read in ${((performance.now() - began) / 1_000).toFixed(2)} s`
}

const directory = mkdtempSync(join(tmpdir(), 'reddog-bench-'))
const ends: (() => Promise<void>)[] = []
try {
  const etcd = await startEtcd({ after: (end) => ends.push(end) }, 3)
  const gateway = openGateway(etcd)
  ends.unshift(async () => gateway.close())
  const stores: Readonly<Record<string, () => Promise<MasterStore>>> = {
    SQLite: async () => openSqliteStore(join(directory, 'fabric.db')),
    'etcd, three members': () => openEtcdStore(gateway),
  }
  const open = new Map(
    await Promise.all(Object.entries(stores).map(async ([name, make]) => [name, await make()] as const)),
  )
  for (const size of [1, 10, 100])
    for (const [name, store] of open) console.log(`${size} records a commit, ${name}: ${await measure(store, size)}`)
  for (const [name, make] of Object.entries(stores)) console.log(`load, ${name}: ${await load(make)}`)
} finally {
  for (const end of ends) await end()
  rmSync(directory, { recursive: true })
}
process.exit()
