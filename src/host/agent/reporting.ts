import type { Instant } from '../../kernel/instant.ts'
import type { HostAction, HostOutcome } from './action.ts'
import type { HostState, Reporting } from './state.ts'

type Told = Extract<HostAction, { kind: 'register' | 'report' | 'answer' }>

/** What the controller knows after a report to it. A refused or lost report makes the host register again: the controller may be another one. */
export function settleReporting(state: HostState, action: Told, outcome: HostOutcome, now: Instant): HostState {
  if (action.kind === 'answer') return { ...state, answered: [...state.answered, action.ask.id] }
  const { reporting } = state
  if (outcome.kind === 'failed') {
    const registerAt = now + state.configuration.timers.heartbeatInterval
    return { ...state, reporting: { ...reporting, registered: false, complete: false, registerAt } }
  }
  if (action.kind === 'register')
    return {
      ...state,
      reporting: {
        ...reporting,
        registered: true,
        registrations: reporting.registrations + 1,
        complete: false,
        acknowledged: new Map(),
      },
    }
  return { ...state, reporting: acknowledged(reporting, action, now) }
}

function acknowledged(reporting: Reporting, { report }: Extract<Told, { kind: 'report' }>, now: Instant): Reporting {
  const known = new Map(reporting.acknowledged)
  for (const one of report.instances) known.set(one.key, one)
  for (const key of report.gone) known.delete(key)
  const gone = new Set([...reporting.gone].filter((key) => !report.gone.includes(key)))
  const complete = reporting.complete || report.complete
  return {
    ...reporting,
    acknowledged: known,
    isolated: report.isolated === reporting.isolated ? undefined : reporting.isolated,
    troubles: report.troubles ?? reporting.troubles,
    gone,
    complete,
    lastReport: now,
  }
}
