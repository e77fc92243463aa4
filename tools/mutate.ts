/**
 * Changes the thinking parts in one small place at a time, and shows which changes no test complains of:
 *
 *   node tools/mutate.ts [--sample 200] [--seed 1] [--part 3/20] [--processors 2] [--only PART-OF-A-PATH] [--quick]
 *
 * Changed is what the agents reach on their own floors (decide, receive, settle, the balancer's decisions); asked are the tests that
 * do no I/O: tables, transcripts, storms. A change with which they do not end is found too. With --quick the tables of the change's own
 * floor alone are asked: what they do not find others may, but that takes seconds instead of minutes.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { randomFrom } from '../src/sim/random.ts'
import { houseOf } from '../test/tidy/house.ts'
import { mustBePure } from '../test/tidy/purity.ts'
import { type Mutant, mutantsOf } from './mutate/mutants.ts'

const root = join(import.meta.dirname, '..')
/** Tests of the thinking parts. To crash at every commit takes long and says little about a single decision; tests of checkers say nothing of it. */
const ownTests = /^test\/(?:fabric|host|guest|load-balancer|sim)\/(?!crash|.*checker|network|app-agent).*\.test\.ts$/
/** These do no I/O either, but share a file of builders with tests that do; command lines are given to a shell, which is quick. */
const alsoPure =
  /^test\/(?:load-balancer\/(?:agent|distribution|read-rotation)|guest\/(?:command-line|diagnostics-decisions|guest-agent(?:-folds)?|role-roots))\.test\.ts$/
/** Storms that show what others show too, and take half of the time. */
const slowTwins = 'brought back|same every time'
/** Some four times what each stage takes, in seconds of one processor. */
const longestS = [45, 45, 80, 100]

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    part: { type: 'string', default: '1/1' },
    processors: { type: 'string', default: String(availableParallelism()) },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
  },
})

const house = houseOf(textsOf('{src,test}/**/*.ts'))
const thinking = [...mustBePure(house)].filter(
  (file) => /^src\/(?:fabric|host|guest)\/(?!contract\/)/.test(file) && file.includes(values.only),
)
/** Each test with all that it loads: one that does not load a file says nothing of it. */
const tests = new Map(
  house.files
    .filter((file) => alsoPure.test(file) || ownTests.test(file))
    .map((file) => [file, loadedBy(file)] as const)
    .filter(([file, loaded]) => alsoPure.test(file) || !doesIo(loaded)),
)
const all = thinking.toSorted().flatMap((file) => mutantsOf(file, house.moduleOf(file).text))
const drawn = values.sample === undefined ? all : sampleOf(all, Number(values.sample), Number(values.seed))
/** Shows that the tests pass as they are asked here. */
const none: Mutant = { file: 'package.json', start: 0, end: 0, text: '' }
const asked = partOf(drawn, values.part)

console.log(
  `${all.length} changes of ${thinking.length} files, ${asked.length} of them tried; ${tests.size} files of tests`,
)
// The first part asks this for all parts.
if (values.part.startsWith('1/') && (await isFoundBy(undefined)))
  throw new Error('The tests fail without any change. Mend them first.')
const survivors: Mutant[] = []
let tried = 0
const left = asked.values()
await Promise.all(Array.from({ length: Number(values.processors) }, tryAll))
console.log(
  `${survivors.length} of ${asked.length} survived: ${((100 * survivors.length) / asked.length).toFixed(1)} %`,
)

async function tryAll(): Promise<void> {
  for (const mutant of left) {
    if (!(await isFoundBy(mutant))) {
      survivors.push(mutant)
      console.log(described(mutant))
    }
    // A run that is stopped has said of how many changes it speaks.
    process.stderr.write(`${++tried} of ${asked.length} tried, ${survivors.length} survived\n`)
  }
}

/** Whether a test complains, or one does not come to its end: first those that find most in the least time. */
async function isFoundBy(mutant: Mutant | undefined): Promise<boolean> {
  const asked = [...tests].flatMap(([file, loaded]) => (!mutant || loaded.has(mutant.file) ? [file] : []))
  const stages = Map.groupBy(asked, (file) => stageOf(file, mutant))
  for (const [stage, files] of [...stages].toSorted(([one], [other]) => one - other))
    if ((stage === 0 || !values.quick) && (await complains(files, mutant, longestS[stage]))) return true
  return false
}

/** Tables of the change's own floor, then all others with the transcripts, then storms of the building, then those of updates, which take longest. */
function stageOf(file: string, mutant: Mutant | undefined): number {
  if (file.startsWith('test/fabric/') && file.includes('storm')) return 3
  if (/^test\/sim\/(?!scenarios)/.test(file)) return 2
  const floor = mutant?.file.includes('/load-balancer/') ? 'load-balancer' : mutant?.file.split('/')[1]
  return file.split('/')[1] === floor ? 0 : 1
}

/** Asked no more after the first that does. */
async function complains(files: readonly string[], mutant: Mutant | undefined, seconds?: number): Promise<boolean> {
  const words = [
    '--import',
    join(root, 'tools/mutate/hook.ts'),
    '--test',
    '--test-isolation=none',
    '--test-reporter=tap',
    '--test-skip-pattern',
    slowTwins,
    ...files,
  ]
  // Time of the processor, since a busy machine says nothing of a test.
  const child = spawn('sh', ['-c', `ulimit -t ${seconds}; exec "$@"`, 'sh', process.execPath, ...words], {
    cwd: root,
    env: { ...process.env, MUTANT: JSON.stringify(mutant ?? none) },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'close')
  for await (const line of createInterface({ input: child.stdout })) if (/^\s*not ok /.test(line)) child.kill('SIGKILL')
  const [code] = (await ended) as [number | null]
  return code !== 0
}

/** The targets of all imports of a file, transitively, and the file itself. */
function loadedBy(file: string, loaded = new Set<string>()): ReadonlySet<string> {
  if (loaded.has(file)) return loaded
  loaded.add(file)
  if (house.files.includes(file))
    for (const { target, typeOnly } of house.importsOf(file)) if (!typeOnly) loadedBy(target, loaded)
  return loaded
}

/** Whether any of these is the machine or starts a process. */
function doesIo(loaded: ReadonlySet<string>): boolean {
  return [...loaded].some((target) => target === 'node:child_process' || target.startsWith('src/machine/'))
}

function sampleOf(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] {
  const random = randomFrom(seed)
  return mutants
    .map((mutant) => ({ mutant, at: random.next() }))
    .toSorted((one, other) => one.at - other.at)
    .slice(0, count)
    .map(({ mutant }) => mutant)
}

/** The `part` "3/20" of a list: what stands third in each twenty, so that a few parts of a sample are a sample too. */
function partOf(mutants: readonly Mutant[], part: string): readonly Mutant[] {
  const [which = NaN, of = NaN] = part.split('/').map(Number)
  if (!(which >= 1 && which <= of))
    throw new Error(`"--part ${part}" names no part. Write one as 3/20, between 1/20 and 20/20.`)
  return mutants.filter((_, index) => index % of === which - 1)
}

function described({ file, start, end, text }: Mutant): string {
  const { text: source } = house.moduleOf(file)
  const line = source.slice(0, start).split('\n').length
  const short = (words: string) => (words.length > 80 ? `${words.slice(0, 77)}…` : words).replaceAll(/\s+/g, ' ')
  return `${file}:${line}  ${short(source.slice(start, end))}  →  ${short(text)}`
}

function textsOf(pattern: string): ReadonlyMap<string, string> {
  const files = globSync(pattern, { cwd: root }).map((file) => relative(root, join(root, file)))
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
}
