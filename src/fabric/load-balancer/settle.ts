import type { Step } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { PublicEndpoint } from '../contract/rotation.ts'
import type { BalancerAction, Outcome, Subject } from './action.ts'
import { probeKey } from './in-force.ts'
import { observe } from './probe-state.ts'
import type { BalancerState } from './state.ts'

/** A report that reached no controller is sent again after this time. Origin: choice, a quarter of rotationOutLimit. */
const reportRetryMs = 250

/** How an action ended: what is now served, saved, seen of a member, or reported. */
export function settle(
  state: BalancerState,
  action: BalancerAction,
  outcome: Outcome,
  now: Instant,
): Step<BalancerState, Subject> {
  if (action.kind === 'serve' && outcome.kind === 'serve') {
    const { version, selection } = action
    const draining = drainingIn(action.endpoints)
    const served = { ...outcome.served, version, selection, draining, at: now }
    return { state: { ...state, served, busy: new Set(outcome.served.busy) }, touched: ['rotation', 'report'] }
  }
  if (action.kind === 'save') return { state: { ...state, savedVersion: action.table.version }, touched: ['copy'] }
  if (action.kind === 'look' && outcome.kind === 'look') {
    const key = probeKey(action.probe)
    const before = state.probes.get(key)
    if (!before) return { state, touched: [] }
    const probes = new Map(state.probes).set(key, observe(before, outcome.outcome, outcome.at))
    return { state: { ...state, probes }, touched: ['rotation', `probe ${key}`] }
  }
  if (action.kind === 'report' && outcome.kind === 'report') {
    const reported = outcome.accepted ? JSON.stringify(action.report) : undefined
    const reportNotBefore = outcome.accepted ? 0 : now + reportRetryMs
    return { state: { ...state, reported, reportNotBefore }, touched: ['report'] }
  }
  throw new Error(`${action.kind} cannot end as ${outcome.kind}`)
}

function drainingIn(endpoints: readonly PublicEndpoint[]): readonly string[] {
  const members = endpoints.flatMap((endpoint) => endpoint.members)
  return [...new Set(members.filter(({ state }) => state === 'draining').map(({ instance }) => instance))]
}
