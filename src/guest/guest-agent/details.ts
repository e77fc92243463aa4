import { type Instant, isoSeconds } from '../../kernel/instant.ts'
import type { BootstrapperExit } from '../bootstrapper/protocol.ts'

/** One line of InstanceStateDetails (T-6), with the last exit of the host stack when it has failed (T-7). */
export function detailsLine(phase: string, activity: string, since: Instant, lastExit?: BootstrapperExit): string {
  const sentence = activity.trim().replace(/\.$/, '')
  const said = sentence === '' ? phase : `${phase}... ${sentence}`
  const line = `${said}. [${isoSeconds(since)}]${lastExit ? lastExitText(lastExit) : ''}`
  return line.replace(/\s+/g, ' ')
}

function lastExitText({ at, code, taskError }: BootstrapperExit): string {
  const time = new Date(at).toISOString().slice(0, -1).replaceAll('-', '/').replace('T', ', ')
  const task = taskError
    ? ` Last startup task error: name - "${taskError.command}" , exit code - ${taskError.exitCode}.`
    : ''
  return ` Last exit time: [${time}]. Last exit code: ${code}.${task}`
}
