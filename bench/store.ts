/** Durable commits a second of the store: `node bench/store.ts`. One commit is one record of a kilobyte, synced to disk. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../src/machine/store/sqlite.ts'

const directory = mkdtempSync(join(tmpdir(), 'reddog-bench-'))
const store = openSqliteStore(join(directory, 'fabric.db'))
/** SQLite writes nothing for a record that stays the same, so every value is another. */
let written = 0
const value = () => ({ number: ++written, text: 'x'.repeat(1024) })

for (const records of [1, 10, 100]) {
  const started = performance.now()
  let commits = 0
  while (performance.now() - started < 2_000) {
    const batch = Array.from({ length: records }, (_, index) => ({ key: `bench/${index}`, value: value() }))
    store.commit(batch, ({ outcome }) => {
      if (outcome === 'stored') commits++
    })
  }
  const seconds = (performance.now() - started) / 1_000
  console.log(
    `${String(records).padStart(3)} records a commit: ${Math.round(commits / seconds)} commits/s, ${Math.round((commits * records) / seconds)} records/s`,
  )
}
store.close()
rmSync(directory, { recursive: true })
