import type { Agent, Step } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import { withThrown } from '../../kernel/thrown.ts'
import type { PublicEndpoint, RotationTable } from '../contract/rotation.ts'
import type { BalancerAction, Message, Outcome, Subject } from './action.ts'
import { decide } from './decide.ts'
import { probeKey, probesOf } from './in-force.ts'
import { lapsed } from './lapsed.ts'
import { observe } from './probe-state.ts'
import type { BalancerState } from './state.ts'

/** The thinking part of the load balancer: which members are served, when to look at them, what to report. */
export const balancerAgent: Agent<BalancerState, Message, Subject, BalancerAction, Outcome> = {
  receive,
  decide,
  settle,
  lapsed,
  about: (message) => (message.kind === 'table' ? 'rotation' : 'report'),
  setAside: (state, subject, threw) => ({
    state: { ...state, thrown: withThrown(state.thrown, subject, 'decision', threw) },
    touched: subject === 'report' ? [] : ['report'],
  }),
}

/** A report that found no controller is sent again after this long. Origin: choice, a quarter of rotationOutLimit. */
const reportRetryMs = 250

type Changed = Step<BalancerState, Subject>

function receive(state: BalancerState, message: Message, now: Instant): Changed {
  switch (message.kind) {
    case 'table':
      return receiveTable(state, message.table, message.saved ?? false, now)
    case 'idle': {
      const busy = new Set(state.busy)
      busy.delete(message.instance)
      return { state: { ...state, busy }, touched: ['report'] }
    }
    case 'polled':
      return { state: { ...state, reported: undefined }, touched: ['report'] }
  }
}

function receiveTable(state: BalancerState, table: RotationTable, saved: boolean, now: Instant): Changed {
  if (state.table && table.version <= state.table.version) return { state, touched: [] }
  const probes = probesOf(table, state.probes, now)
  const savedVersion = saved ? table.version : state.savedVersion
  const looks = [...probes.keys()].map((key): Subject => `probe ${key}`)
  return { state: { ...state, table, probes, savedVersion }, touched: ['rotation', 'copy', ...looks] }
}

function settle(state: BalancerState, action: BalancerAction, outcome: Outcome, now: Instant): Changed {
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
