/** A master that commits pairs of records for as long as it lives, and says after each what is safe. */
import { openSqliteStore } from '../../src/machine/store/sqlite.ts'

const store = openSqliteStore(process.argv[2] as string)
for (let number = 1; ; number++) {
  const value = { number, padding: 'x'.repeat(2_000) }
  store.commit([
    { key: 'a/1', value },
    { key: `b/${number % 50}`, value },
    { key: 'c/1', value },
  ])
  process.stdout.write(`${number}\n`)
}
