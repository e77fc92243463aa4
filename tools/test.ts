/** `npm test`: types, lint, format and dead code, then every test, then a look at what was left behind. The exit code says whether all is well. */
import { spawnSync } from 'node:child_process'
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { fileURLToPath } from 'node:url'
import { guestParts, leftBehind } from './left-behind.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const checks: Readonly<Record<string, readonly string[]>> = {
  types: ['tsc', '-p', '.'],
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  format: ['biome', 'ci', '.'],
  'dead code': ['knip'],
}

/** Files that a run names as its slowest: where its time went. */
const listedFiles = 40

const began = Date.now()
const faults: string[] = []

for (const [name, [program = '', ...args]] of Object.entries(checks)) {
  const { status } = spawnSync(join(root, 'node_modules/.bin', program), args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) faults.push(name)
}

// Every test has its temporary directories below one of ours, so that whatever is left can be found. Short: paths of sockets are.
const temporary = mkdtempSync('/tmp/rd-')
// Guests have uids of their own and must get to theirs, and houses of other users make theirs, as in any temporary directory.
chmodSync(temporary, 0o1777)
process.env['TMPDIR'] = temporary
const before = guestParts()
const tests = await runTests(globSync('test/**/*.test.ts', { cwd: root }).sort())
if (!tests.success) faults.push('tests')
// On the continuous integration all that a test needs is installed; only the corpus of real definitions may be absent.
const unwanted = tests.skipped.filter((reason) => !/corpus/i.test(reason))
if (process.env['CI'] === 'true' && unwanted.length > 0) faults.push(`skipped: ${unwanted.join('; ')}`)
faults.push(...leftBehind(temporary, before))
rmSync(temporary, { recursive: true, force: true })

console.log(`\nSlowest files, in seconds:\n${slowest(tests.seconds).join('\n')}`)
const { passed, failed, skipped } = tests.counts
console.log(
  `\n${faults.length === 0 ? 'All is well' : `FAILED: ${faults.join(', ')}`}. ${passed} tests passed, ${failed} failed, ${skipped} skipped, in ${Math.round((Date.now() - began) / 1000)} s.`,
)
process.exit(faults.length === 0 ? 0 : 1)

interface Tests {
  readonly success: boolean
  readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number }
  /** Why tests were skipped. */
  readonly skipped: readonly string[]
  /** How long the tests of each file took. */
  readonly seconds: ReadonlyMap<string, number>
}

function slowest(seconds: Tests['seconds']): readonly string[] {
  const files = [...seconds].toSorted(([, a], [, b]) => b - a).slice(0, listedFiles)
  return files.map(([file, taken]) => `${taken.toFixed(0).padStart(5)}  ${relative(root, file)}`)
}

function runTests(files: readonly string[]): Promise<Tests> {
  return new Promise((resolve) => {
    const skipped: string[] = []
    const seconds = new Map<string, number>()
    let counts = { passed: 0, failed: 0, skipped: 0 }
    let success = false
    const stream = run({ files: files.map((file) => join(root, file)), concurrency: availableParallelism(), cwd: root })
    stream.on('test:complete', ({ file, nesting, details }) => {
      if (file !== undefined && nesting === 0) seconds.set(file, (seconds.get(file) ?? 0) + details.duration_ms / 1_000)
    })
    stream.on('test:pass', ({ skip, name }) => {
      if (skip !== undefined && skip !== false) skipped.push(typeof skip === 'string' ? skip : name)
    })
    stream.on('test:summary', (summary) => {
      if (summary.file !== undefined) return
      const { tests: all, passed, skipped: passedOver, todo } = summary.counts
      counts = { passed, failed: all - passed - passedOver - todo, skipped: passedOver }
      success = summary.success
    })
    stream.compose(spec).pipe(process.stdout, { end: false })
    stream.on('end', () => setImmediate(() => resolve({ success, counts, skipped, seconds })))
  })
}
