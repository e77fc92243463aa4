import { fine, type Result } from '../../kernel/fault.ts'
import type { ProgramStart, Running, StartProgram } from './runner.ts'

/** A simple task: the next step waits for its end, without limit (S-22, S-25). */
export function runSimple(start: ProgramStart, startProgram: StartProgram): Result<Running> {
  const program = startProgram(start)
  if (!program.ok) return program
  const { ended, stop } = program.value
  return fine({ ready: ended, ended, stop })
}
