import type { ProgramStart, Running, StartProgram } from './runner.ts'

/** A simple task: the next step waits for its end, without limit (S-22, S-25). */
export function runSimple(start: ProgramStart, startProgram: StartProgram): Running {
  const program = startProgram(start)
  return { ready: program.ended, ended: program.ended, stop: program.stop }
}
