import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import type { ProcessExit } from '../process.ts'
import { whyNotRun } from './why-not-run.ts'

/** Exit codes of a shell that could not run a program; 2 when it read one as a script and could not. */
const notRun: readonly (number | null)[] = [126, 127, 2]

/** A shell that saw a program end by a signal ends with this and the signal's number. */
const bySignal = 128

const signals: Readonly<Record<string, string>> = {
  SIGKILL: 'another program ended it, or the system did, which had no memory left for it',
  SIGSEGV: 'it used memory that it does not have',
  SIGBUS: 'it used memory that has gone, as of a file that was cut',
  SIGABRT: 'it gave up by itself, as Node does when its heap is full',
  SIGTRAP: 'it stopped itself, as Node does when the system gives it no more memory',
  SIGILL: 'it has an instruction that this processor does not know',
  SIGFPE: 'it divided by zero',
  SIGSYS: 'it made a call that is forbidden here',
  SIGXCPU: 'it used up its time of the processor',
  SIGXFSZ: 'it wrote a larger file than is allowed',
}

/** How many processes the system has killed since it started because memory ran out. */
export function killedForMemory(): number {
  return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0)
}

/** Why a program ended as it did, as far as the system has had a part in it; undefined when it ended of its own will. */
export function whyEnded(
  { code, signal }: ProcessExit,
  run: {
    readonly programs: readonly string[]
    readonly cwd: string
    readonly path: string
    readonly killedBefore: number
  },
): string | undefined {
  if (notRun.includes(code))
    return run.programs.map((program) => whyNotRun(program, run)).find((why) => why !== undefined)
  const name = signal ?? signalOf(code)
  if (name === undefined || signals[name] === undefined) return undefined
  const cause =
    name === 'SIGKILL' && killedForMemory() > run.killedBefore
      ? 'the system ended it because memory had run out'
      : signals[name]
  return signal === null ? `its shell saw a program end by ${name}: ${cause}` : cause
}

function signalOf(code: number | null): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => code === bySignal + number)?.[0]
}
