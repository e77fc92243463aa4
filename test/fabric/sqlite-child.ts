/** A master that commits pairs of records for as long as it lives, and says after each what is safe. */
import { openSqliteStore } from '../../src/machine/store/sqlite.ts'

const store = openSqliteStore(process.argv[2] as string)
for (let number = 1; ; number++) {
  const value = { number, padding: 'x'.repeat(2_000) }
  const batch = ['a/1', `b/${number % 50}`, 'c/1'].map((key) => ({ key, value }))
  store.commit(batch, ({ outcome }) => process.stdout.write(`${outcome === 'stored' ? number : outcome}\n`))
}
