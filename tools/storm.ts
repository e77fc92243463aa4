/** Runs storms: `npm run storm -- --seeds 1000 [--from 1]`. Prints the transcript of each that breaks something, and a closing line. */
import { parseArgs } from 'node:util'
import { storm } from '../src/sim/storm.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' } },
})
const [seeds, from] = [Number(values.seeds), Number(values.from)]
if (!Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(from)) {
  process.stderr.write(
    `--seeds ${values.seeds} --from ${values.from}: write whole numbers, as in --seeds 100 --from 1.\n`,
  )
  process.exit(2)
}

const started = performance.now()
let simulatedMs = 0
let events = 0
const broken: number[] = []
for (let seed = from; seed < from + seeds; seed++) {
  const report = storm(seed)
  simulatedMs += report.simulatedMs
  events += report.events
  if (!report.broken) continue
  broken.push(seed)
  process.stdout.write(`${report.transcript.join('\n')}\nSeed ${seed}: ${report.broken.message}\n\n`)
}
const realMs = performance.now() - started
const outcome = broken.length === 0 ? 'nothing broke' : `broken: ${broken.join(', ')}`
process.stdout.write(
  `${seeds} storms from seed ${from}, ${(simulatedMs / 3_600_000).toFixed(0)} simulated hours in ${(realMs / 1_000).toFixed(1)} s (${Math.round(simulatedMs / realMs)} × real time, ${events} events): ${outcome}.\n`,
)
process.exitCode = broken.length === 0 ? 0 : 1
