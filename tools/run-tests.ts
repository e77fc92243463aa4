import { once } from 'node:events'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

/** Characters of what a failed test said in the list of failures at the end, which is all that some readers of a run see. */
const saidLength = 400

/** Some two and a half times what the slowest file takes: one that waits for ever stops no run. What it has started may live on. */
const mostFileMs = 420_000

/** How often it is asked whether one more file can run, in milliseconds: a file that has just begun is at its work by then. */
const lookEveryMs = 3_000

interface Failure {
  /** From the root. */
  readonly file: string
  readonly name: string
  readonly said: string
}

/** What a run of test files came to. */
export interface TestRun {
  readonly success: boolean
  readonly counts: { readonly passed: number; readonly failed: number; readonly skipped: number }
  readonly failures: readonly Failure[]
  /** Why tests were skipped. */
  readonly skipped: readonly string[]
  /** How long the tests of each file took. */
  readonly seconds: ReadonlyMap<string, number>
}

/**
 * Runs the files of `root`, `concurrency` at once, and more while `hasTime` for them, and prints what each says when it is over. They are taken from
 * both ends of the list: in this house many at its front wait for other processes, while those at its end compute.
 */
export async function runTests(
  root: string,
  files: readonly string[],
  concurrency: number,
  hasTime: (running: number) => boolean = () => false,
): Promise<TestRun> {
  const waiting = [...files]
  const runs: TestRun[] = []
  const running = new Set<Promise<void>>()
  let fromBack = 0
  const begin = () => {
    const isFromBack = fromBack === 0
    const file = isFromBack ? waiting.pop() : waiting.shift()
    if (file === undefined) return
    if (isFromBack) fromBack++
    const one: Promise<void> = runFile(root, file).then((its) => {
      runs.push(its)
      running.delete(one)
      if (isFromBack) fromBack--
      if (running.size < concurrency || fromBack === 0) begin()
    })
    running.add(one)
  }
  for (let count = 0; count < concurrency; count++) begin()
  const looking = setInterval(() => {
    if (hasTime(running.size)) begin()
  }, lookEveryMs)
  while (running.size > 0) await Promise.race(running)
  clearInterval(looking)
  const sum = (count: keyof TestRun['counts']) => runs.reduce((all, { counts }) => all + counts[count], 0)
  return {
    success: runs.every(({ success }) => success),
    counts: { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') },
    failures: runs.flatMap(({ failures }) => failures),
    skipped: runs.flatMap(({ skipped }) => skipped),
    seconds: new Map(runs.flatMap(({ seconds }) => [...seconds])),
  }
}

async function runFile(root: string, file: string): Promise<TestRun> {
  const failures: Failure[] = []
  const skipped: string[] = []
  const begun = new Set<string>()
  let counts = { passed: 0, failed: 0, skipped: 0 }
  const began = Date.now()
  const limit = AbortSignal.timeout(mostFileMs)
  const stream = run({ files: [join(root, file)], cwd: root, signal: limit })
  stream.on('test:dequeue', ({ name }) => void begun.add(name))
  stream.on('test:complete', ({ name }) => void begun.delete(name))
  stream.on('test:fail', ({ name, todo, details: { error } }) => {
    // A suite fails with its tests, and what is to do may fail.
    if (todo !== undefined && todo !== false) return
    if ('failureType' in error && error.failureType === 'subtestsFailed') return
    const { message } = error.cause instanceof Error ? error.cause : error
    failures.push({ file, name, said: message.replace(/\s+/g, ' ').slice(0, saidLength) })
  })
  stream.on('test:pass', ({ skip, name }) => {
    if (skip !== undefined && skip !== false) skipped.push(typeof skip === 'string' ? skip : name)
  })
  stream.on('test:summary', (summary) => {
    if (summary.file !== undefined) return
    const { tests: all, passed, skipped: passedOver, todo } = summary.counts
    counts = { passed, failed: all - passed - passedOver - todo, skipped: passedOver }
  })
  let said = ''
  const report = stream.compose(spec).on('data', (part: Buffer | string) => {
    said += part
  })
  await once(report, 'end')
  // The sums of one file are no news.
  process.stdout.write(
    said.replace(/^.{0,9}ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+.{0,9}\n/gm, ''),
  )
  if (limit.aborted)
    failures.push({ file, name: [...begun].join('; '), said: `It was ended after ${mostFileMs / 1_000} s.` })
  return {
    success: failures.length === 0,
    counts,
    failures,
    skipped,
    seconds: new Map([[file, (Date.now() - began) / 1_000]]),
  }
}
