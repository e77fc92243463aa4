import type { Decision } from '../../../kernel/agent.ts'
import { attempt } from '../../../kernel/attempt.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { defectWords } from '../../../kernel/thrown.ts'
import type { InstanceReport } from '../../contract/report.ts'
import { sameBut } from '../../contract/same-but.ts'
import type { HostAction } from '../action.ts'
import { hasOthers } from '../contact.ts'
import { sameData } from '../serve.ts'
import type { Container, HostState } from '../state.ts'
import { reportOf } from '../status.ts'

/**
 * First the host registers, then it reports all its instances, then each change at once, or a sign of life without one. An instance that leaves Ready
 * has a report of its own: the controller holds the answer until the instance is out of rotation, and the others need not wait for that.
 */
export function report(state: HostState, now: Instant): Decision<HostAction> {
  const { reporting, goal, configuration } = state
  if (!reporting.registered) return registration(state, now)
  const reports = [...state.containers.values()].map((container) => reported(state, container, now))
  const changed = reporting.complete
    ? reports.filter((one) => !sameBut(reporting.acknowledged.get(one.key), one))
    : reports
  const leaving = reporting.complete
    ? changed.filter((one) => leavesReady(reporting.acknowledged.get(one.key), one))
    : []
  const others = changed.filter((one) => !leaving.includes(one))
  const troubles = troublesToTell(state)
  const gone = [...reporting.gone]
  const beatAt = reporting.lastReport + configuration.timers.heartbeatInterval
  const actions: HostAction[] = leaving.map((one) => ({
    kind: 'report',
    key: `leaving:${one.key}`,
    reason: `${one.key} leaves Ready`,
    report: {
      agentRun: configuration.facts.agentRun,
      number: reporting.news,
      goalVersion: goal.version,
      complete: false,
      instances: [one],
      gone: [],
    },
  }))
  if (!reporting.complete || others.length > 0 || gone.length > 0 || troubles || now >= beatAt)
    actions.push({
      kind: 'report',
      key: 'report',
      reason: reporting.complete
        ? others.length + gone.length > 0 || troubles
          ? 'a change'
          : 'heartbeat of the host'
        : 'everything, after registration',
      report: {
        agentRun: configuration.facts.agentRun,
        number: reporting.news,
        goalVersion: goal.version,
        complete: !reporting.complete,
        instances: others,
        gone,
        ...(!reporting.complete && reporting.isolated !== undefined && { isolated: reporting.isolated }),
        ...(troubles && { troubles }),
        ...(hasOthers(state) && { machines: (goal.roads ?? []).length + 1 }),
      },
    })
  return {
    actions,
    wakeAt: Math.min(now < beatAt ? beatAt : now + configuration.timers.heartbeatInterval, nextSilence(state, now)),
  }
}

/** What is wrong with the roads, where the controller does not know it yet: of a machine that has others. */
function troublesToTell({ configuration, reporting, roads }: HostState): readonly string[] | undefined {
  if (configuration.facts.address === undefined) return undefined
  return reporting.complete && sameData(reporting.troubles, roads.troubles) ? undefined : roads.troubles
}

/** For a container that is set aside: what was last reported, and why there is nothing newer (F-27). */
function reported(state: HostState, container: Container, now: Instant): InstanceReport {
  const found = attempt(() => reportOf(state, container, now))
  if ('value' in found) return found.value
  const { key, revision } = container.record
  const unknown = { key, revision, status: 'RoleStateUnknown', powerState: 'Unknown', since: 0, failures: 0 } as const
  const known = state.reporting.acknowledged.get(key) ?? unknown
  return { ...known, details: `${defectWords('host agent', found.threw)}.` }
}

/** Running guests are heard first, for a moment: a report that does not know their status would take them out of rotation. */
function registration(state: HostState, now: Instant): Decision<HostAction> {
  const adopted = [...state.containers.values()].filter((container) => container.adopted)
  const patience = adopted.map(({ silentFrom }) => silentFrom + 2 * state.configuration.timers.heartbeatInterval)
  const registerAt = Math.max(state.reporting.registerAt, ...patience)
  if (now < registerAt) return { actions: [], wakeAt: registerAt }
  return { actions: [{ kind: 'register', key: 'register', reason: 'the controller does not know this host' }] }
}

function leavesReady(before: InstanceReport | undefined, after: InstanceReport): boolean {
  return before?.status === 'ReadyRole' && after.status !== 'ReadyRole'
}

/** When the next guest will have been silent for too long, if no message comes. */
function nextSilence({ containers, configuration }: HostState, now: Instant): Instant {
  const { unresponsiveAfter, heartbeatRestartAfter } = configuration.timers
  const moments = [...containers.values()]
    .filter(({ record }) => record.process)
    .flatMap(({ silentFrom }) => [silentFrom + unresponsiveAfter, silentFrom + heartbeatRestartAfter])
  return Math.min(...moments.filter((at) => at > now))
}
