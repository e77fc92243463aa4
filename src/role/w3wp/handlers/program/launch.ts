import type { Guard } from './guard.ts'
import { portsOf } from './listener-owner.ts'
import { type Patience, removeAfter, type Target, untilListening } from './listening.ts'
import type { Started, StartFault } from './process-pool.ts'
import { endText, type ProgramStart, type StartedProgram, startProgram } from './start-program.ts'

/** Most characters of a program's last output that a sentence contains. */
const lastWords = 300

/** Starts a program and waits until it takes requests. A program that is too slow is killed. */
export async function launch(start: ProgramStart, target: Target, patience: Patience, guard: Guard): Promise<Started> {
  const begun = await startProgram(start, guard)
  if (!begun.ok) return failed('unrunnable', begun.fault.message)
  const program = begun.value
  removeAfter(program, target)
  const what = ['The program', start.path, start.words, ...(start.args ?? [])].filter((word) => word !== '').join(' ')
  switch (await untilListening(target, program, patience)) {
    case 'listening':
      return { ok: true, instance: { target, program } }
    case 'ended': {
      const how = endText(await program.exited)
      return failed('ended', `${what} ended with ${how} before it listened at ${nameOf(target)}.`, program)
    }
    case 'late': {
      const instead = await elsewhere(program)
      await program.stop(0)
      return failed(
        'late',
        `${what} did not listen at ${nameOf(target)} within ${patience.limitMs / 1000} s.${instead}`,
        program,
      )
    }
  }
}

/** What is said of a socket or a port: `the path in PORT, /x/1`. */
function nameOf(target: Target): string {
  return 'port' in target
    ? `port ${target.port} of 127.0.0.1`
    : `${target.socketPath}, which stands in its variable PORT`
}

async function elsewhere({ pid }: StartedProgram): Promise<string> {
  const ports = await portsOf(pid)
  if (ports.length === 0) return ''
  return ` It listens at TCP port ${ports.join(', ')} instead: a program of a web role listens where its variable tells it to, as in server.listen(process.env.PORT).`
}

function failed(kind: StartFault['kind'], sentence: string, program?: StartedProgram): Started {
  const written = program?.written() ?? ''
  const last = written.trim().slice(-lastWords)
  return {
    ok: false,
    fault: { kind, sentence: last === '' ? sentence : `${sentence} It wrote last: ${last}`, written },
  }
}
