import type { Log } from '../../kernel/log.ts'
import type { HostAction, HostOutcome } from './action.ts'

/** Performs and logs what and why, in the words of the decision; signs of life alone are not logged. */
export function narrated(perform: (action: HostAction) => Promise<HostOutcome>, log: Log) {
  return async (action: HostAction): Promise<HostOutcome> => {
    const quiet = action.kind === 'report' && action.report.instances.length + action.report.gone.length === 0
    if (!quiet) log.info(`${action.kind} ${subjectOf(action)}: ${action.reason}`)
    const outcome = await perform(action)
    if (outcome.kind === 'failed')
      log.warn(`${action.kind} ${subjectOf(action)} failed: ${outcome.fault.code}: ${outcome.fault.message}`)
    if (outcome.kind === 'laid') for (const trouble of outcome.troubles) log.warn(trouble)
    return outcome
  }
}

function subjectOf(action: HostAction): string {
  if ('record' in action && action.record) return `${action.record.key} (${action.record.containerId})`
  if (action.kind === 'report') {
    const { instances, gone } = action.report
    return [...instances.map(({ key, status }) => `${key}=${status}`), ...gone.map((key) => `${key}=gone`)].join(' ')
  }
  return action.key
}
