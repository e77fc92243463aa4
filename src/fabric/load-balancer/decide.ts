import type { Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { BalancerAction, Subject } from './action.ts'
import { endpointsInForce } from './in-force.ts'
import { isHeldOut, silenceDeadline } from './probe-state.ts'
import { reportOf } from './report.ts'
import type { BalancerState } from './state.ts'

/** What is due: first the bytes, then the reports about them. Each subject has one question. */
export function decide(state: BalancerState, subject: Subject, now: Instant): Decision<BalancerAction> {
  if (subject === 'rotation') return decideRotation(state, now)
  if (subject === 'copy') return decideCopy(state)
  if (subject === 'report') return decideReport(state, now)
  return decideLook(state, subject, now)
}

const nothing: Decision<BalancerAction> = { actions: [] }

/** Is the result of table and probes in force? Endpoints that found no port are tried again. */
function decideRotation(state: BalancerState, now: Instant): Decision<BalancerAction> {
  const { table, probes, served } = state
  if (!table) return nothing
  const heldOut = [...probes].filter(([, probe]) => isHeldOut(probe, now)).map(([key]) => key)
  const selection = heldOut.sort().join(' ')
  const retryAt = served && Object.keys(served.failed).length > 0 ? served.at + state.portRetryMs : undefined
  const inForce = served?.version === table.version && served.selection === selection
  if (inForce && (retryAt === undefined || now < retryAt))
    return {
      actions: [],
      wakeAt: earliest([retryAt, ...[...probes.values()].map(silenceDeadline).filter((at) => at && at > now)]),
    }
  const endpoints = endpointsInForce(table, probes, now)
  const reason = inForce
    ? 'endpoints without a port are tried again'
    : `version ${table.version}${heldOut.length > 0 ? `, probes hold out ${selection}` : ''}`
  return {
    actions: [{ kind: 'serve', key: 'serve', reason, version: table.version, selection, endpoints }],
  }
}

/** Is the newest table on disk, for a restart while the controller is away? */
function decideCopy({ table, savedVersion }: BalancerState): Decision<BalancerAction> {
  if (!table || table.version <= savedVersion) return nothing
  return { actions: [{ kind: 'save', key: 'save', reason: `version ${table.version}`, table }] }
}

/**
 * Does the controller know what is in force, and which instances have drained? Each table has one report under way; the next table's does not wait
 * for it.
 */
function decideReport(state: BalancerState, now: Instant): Decision<BalancerAction> {
  const report = reportOf(state, now)
  if (!report || JSON.stringify(report) === state.reported) return nothing
  if (now < state.reportNotBefore) return { actions: [], wakeAt: state.reportNotBefore }
  const reason = `version ${report.acknowledged} is in force, ${report.drained.length} drained`
  return { actions: [{ kind: 'report', key: `report ${report.acknowledged}`, reason, report }] }
}

/** Is a probe of this target due? One probe may take as long as its pace allows. */
function decideLook(state: BalancerState, subject: `probe ${string}`, now: Instant): Decision<BalancerAction> {
  const target = state.probes.get(subject.slice('probe '.length))
  if (!target) return nothing
  if (now < target.nextAt) return { actions: [], wakeAt: target.nextAt }
  const { probe } = target
  const limitMs = Math.min(probe.intervalMs, probe.timeoutMs)
  return { actions: [{ kind: 'look', key: subject, reason: `every ${probe.intervalMs} ms`, probe, limitMs }] }
}

function earliest(instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length > 0 ? Math.min(...known) : undefined
}
