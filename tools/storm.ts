/**
 * Runs storms: `npm run storm -- --seeds 1000 [--from 1] [--within 10min] [--processors 2] [--restores]`. Prints the transcript of each that breaks
 * something, and a closing line; `--from N --seeds 1` runs one of them again. `--within`: none begins later, and the closing line says how many there
 * were. `--restores`: backups of the store are brought back too.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { parseDuration } from '../src/kernel/timers.ts'
import { restoringDeeds } from '../src/sim/deeds/restoring.ts'
import { type StormReport, storm } from '../src/sim/storm.ts'

/** What a child process tells of a storm. */
interface Told extends Omit<StormReport, 'broken'> {
  readonly broken?: string | undefined
}

interface Asked {
  readonly seed: number
  readonly restores: boolean
}

if (process.send) runAsked()
else await runAll()

/** In a child process: runs the storms that the parent asks for. */
function runAsked(): void {
  process.on('message', ({ seed, restores }: Asked) => {
    const { broken, transcript, ...report } = storm(seed, restores ? restoringDeeds : [])
    process.send?.({ ...report, broken: broken?.message, transcript: broken ? transcript : [] } satisfies Told)
  })
}

async function runAll(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      within: { type: 'string' },
      processors: { type: 'string', default: String(availableParallelism()) },
      restores: { type: 'boolean', default: false },
    },
  })
  const [seeds, from, processors] = [Number(values.seeds), Number(values.from), Number(values.processors)]
  const within = values.within === undefined ? Number.POSITIVE_INFINITY : parseDuration(values.within)
  if (![seeds, from, processors].every(Number.isInteger) || seeds < 1 || processors < 1 || within === undefined) {
    process.stderr.write(
      `--seeds ${values.seeds} --from ${values.from} --processors ${values.processors}${values.within === undefined ? '' : ` --within ${values.within}`}: write whole numbers, and a duration, as in --seeds 100 --from 1 --within 10min.\n`,
    )
    process.exit(2)
  }
  const started = performance.now()
  const isTime = () => performance.now() - started < within
  const reports: Told[] = []
  let next = from
  const runner = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = fork(import.meta.filename)
      const another = () => {
        if (next < from + seeds && isTime()) child.send({ seed: next++, restores: values.restores } satisfies Asked)
        else child.disconnect()
      }
      child.once('error', reject)
      child.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`a storm ended its process with ${code}`)),
      )
      child.on('message', (report: Told) => {
        reports.push(report)
        if (report.broken !== undefined)
          process.stdout.write(`${report.transcript.join('\n')}\nSeed ${report.seed}: ${report.broken}\n\n`)
        another()
      })
      another()
    })
  await Promise.all(Array.from({ length: Math.min(processors, seeds) }, runner))
  const realMs = performance.now() - started
  const sum = (what: 'simulatedMs' | 'events') => reports.reduce((total, report) => total + report[what], 0)
  const broken = reports.filter((report) => report.broken !== undefined).map(({ seed }) => seed)
  const counted = reports.length < seeds ? `${reports.length} of ${seeds}` : String(seeds)
  const outcome = broken.length === 0 ? 'nothing broke' : `broken: ${broken.toSorted((a, b) => a - b).join(', ')}`
  process.stdout.write(
    `${counted} storms from seed ${from}, ${(sum('simulatedMs') / 3_600_000).toFixed(0)} simulated hours in ${(realMs / 1_000).toFixed(1)} s (${Math.round(sum('simulatedMs') / realMs)} × real time, ${sum('events')} events): ${outcome}.\n`,
  )
  process.exitCode = broken.length === 0 ? 0 : 1
}
