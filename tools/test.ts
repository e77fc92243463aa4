/** `npm test`: types, lint, format and dead code, then every test, then a look at what was left behind. The exit code says whether all is well. */
import { spawnSync } from 'node:child_process'
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openIdleProcessors } from './idle-processors.ts'
import { guestParts, leftBehind } from './left-behind.ts'
import { runTests, type TestRun } from './run-tests.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const checks: Readonly<Record<string, readonly string[]>> = {
  types: ['tsc', '-p', '.'],
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  format: ['biome', 'ci', '.'],
  'dead code': ['knip'],
}

/** Files that a run names as its slowest: where its time went. */
const listedFiles = 40

/**
 * Files with a failure that are run once more, alone, on the continuous integration, whose machine does other work beside. Each
 * such failure is named at the end. More of them are no chance.
 */
const retriedFiles = 3

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
process.env['REDDOG_BUILT'] = 'yes'
const before = guestParts()
const files = globSync('test/**/*.test.ts', { cwd: root }).sort()
const tests = await runTests(root, files, availableParallelism(), openIdleProcessors())
const again = await runAgain(tests)
if (!(again ?? tests).success) faults.push('tests')
// On the continuous integration all that a test needs is installed; only the corpus of real definitions may be absent.
const unwanted = tests.skipped.filter((reason) => !/corpus/i.test(reason))
if (process.env['CI'] === 'true' && unwanted.length > 0) faults.push(`skipped: ${unwanted.join('; ')}`)
faults.push(...leftBehind(temporary, before))
rmSync(temporary, { recursive: true, force: true })

console.log(`\nSlowest files, in seconds:\n${slowest(tests.seconds).join('\n')}`)
for (const { file, name, said } of tests.failures)
  console.log(`\n${again?.success ? 'UNSTEADY, passed when run again alone' : 'FAILED'}: ${file}: ${name}: ${said}`)
const { passed, failed, skipped } = tests.counts
console.log(
  `\n${faults.length === 0 ? 'All is well' : `FAILED: ${faults.join(', ')}`}. ${passed} tests passed, ${failed} failed${again ? ' at first' : ''}, ${skipped} skipped, in ${Math.round((Date.now() - began) / 1000)} s.`,
)
process.exit(faults.length === 0 ? 0 : 1)

function slowest(seconds: TestRun['seconds']): readonly string[] {
  const files = [...seconds].toSorted(([, a], [, b]) => b - a).slice(0, listedFiles)
  return files.map(([file, taken]) => `${taken.toFixed(0).padStart(5)}  ${file}`)
}

/** Undefined where nothing is to be run again. */
async function runAgain({ success, failures }: TestRun): Promise<TestRun | undefined> {
  const files = [...new Set(failures.map(({ file }) => file))]
  if (success || process.env['CI'] !== 'true' || files.length === 0 || files.length > retriedFiles) return undefined
  console.log(`\nOnce more, alone: ${files.join(', ')}`)
  return runTests(root, files, 1)
}
