import { join, relative } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

/** Characters of what a failed test said in the list of failures at the end, which is all that some readers of a run see. */
const saidLength = 400

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

/** Runs the files of `root`, `concurrency` at once, and prints what they say. */
export function runTests(root: string, files: readonly string[], concurrency: number): Promise<TestRun> {
  return new Promise((resolve) => {
    const failures: Failure[] = []
    const skipped: string[] = []
    const seconds = new Map<string, number>()
    let counts = { passed: 0, failed: 0, skipped: 0 }
    let success = false
    const stream = run({ files: files.map((file) => join(root, file)), concurrency, cwd: root })
    stream.on('test:complete', ({ file = '', name, details }) => {
      // A file is the test around its own.
      if (file === name) seconds.set(relative(root, file), details.duration_ms / 1_000)
    })
    stream.on('test:fail', ({ file = '', name, details: { error } }) => {
      // A suite fails with its tests.
      if ('failureType' in error && error.failureType === 'subtestsFailed') return
      const { message } = error.cause instanceof Error ? error.cause : error
      failures.push({ file: relative(root, file), name, said: message.replace(/\s+/g, ' ').slice(0, saidLength) })
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
    stream.on('end', () => setImmediate(() => resolve({ success, counts, failures, skipped, seconds })))
  })
}
