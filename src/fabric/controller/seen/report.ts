import type { HostReport, InstanceReport } from '../../../host/contract/report.ts'
import { sameBut } from '../../../host/contract/same-but.ts'
import { attempt } from '../../../kernel/attempt.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { awaitingBlame, noteFailing } from '../blame/failing.ts'
import { forgetInstances } from '../deployment/forget-instances.ts'
import { note } from '../history/events.ts'
import { withThrown } from '../history/set-aside.ts'
import type { MessageOf } from '../message.ts'
import { instancesOn } from '../state/find.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { heardFrom } from './heard-from.ts'
import { notePrepareFaults } from './prepare-faults.ts'
import { noteRoadTroubles } from './road-troubles.ts'
import { refreshServing } from './serving.ts'
import { noteTransitions } from './transitions.ts'
import { noteUnknown } from './unknown.ts'

/** When a report throws for one deployment, the host and its other deployments are still heard (F-27). */
export function receiveReport(state: FabricState, message: MessageOf<'report'>, now: Instant): ControllerStep {
  const whole = attempt(() => taken(state, message, now))
  if ('value' in whole) return whole.value
  const { host, report } = message
  const deployments = new Set([...report.instances.map(({ key }) => key), ...report.gone].map(deploymentIn))
  let step = heardFrom(state, host, now, report)
  for (const id of deployments) {
    const isOf = (key: string) => deploymentIn(key) === id
    const instances = report.instances.filter(({ key }) => isOf(key))
    const part = { ...report, complete: false, instances, gone: report.gone.filter(isOf) }
    const before = step
    const one = attempt(() => taken(before.state, { ...message, report: part }, now))
    const threw = 'threw' in one ? one.threw : undefined
    const next = 'threw' in one ? before : { ...one.value, touched: [...before.touched, ...one.value.touched] }
    step = { ...next, state: withThrown(next.state, deploymentSubject(id), 'report', threw) }
  }
  const synchronised = step.state.observed.synchronised
  return report.complete ? { ...step, state: observe(step.state, { synchronised: synchronised.add(host) }) } : step
}

/** The deployment that the key of an instance begins with. */
function deploymentIn(key: string): string {
  return key.slice(0, key.indexOf('.'))
}

/**
 * A host's report of its instances: the changes, or, when `complete`, all of them. A host reports on itself alone. Late news from an older report, or
 * a former run of the agent, no longer counts.
 */
function taken(state: FabricState, { host, report }: MessageOf<'report'>, now: Instant): ControllerStep {
  if (state.stored.host.get(host)?.agentRun !== report.agentRun) return { state, touched: [] }
  const noticed = withRoadTroubles(heardFrom(state, host, now, report), host, report, now)
  const isolated = noteIsolation(noticed, host, report, now)
  const heard = { ...isolated, state: noteUnknown(isolated.state, host, report) }
  const numbers = heard.state.observed.reportNumbers
  const news = (key: string) => report.number >= numbers.get(key, 0)
  const mine = (key: string) => state.stored.instance.get(key)?.host === host && news(key)
  const told = report.instances.filter((one) => mine(one.key) && !isOvertaken(heard.state, one, report.number))
  const changed = told
    .filter((one) => !sameBut(heard.state.observed.reports.get(one.key), one, 'since'))
    .map(({ key }) => key)
  const gone = report.gone.filter(mine)
  const absent = report.complete ? absentFrom(heard.state, host, report.instances).filter(news) : []
  if (changed.length + gone.length + absent.length === 0 && !report.complete) return heard

  const { reports, synchronised } = heard.state.observed
  const observed = observe(heard.state, {
    reports: reports.merge(told.map((one) => [one.key, one])).deleteAll([...gone, ...absent]),
    reportNumbers: numbers.merge(told.map(({ key }) => [key, report.number])),
    synchronised: report.complete ? synchronised.add(host) : synchronised,
  })
  const touched = report.complete ? instancesOn(observed, host).map(({ key }) => key) : [...changed, ...gone]
  const serving = refreshServing(observed, touched, now)
  const known = notePrepareFaults(state, noteTransitions(state, serving, touched, now), touched, now)
  const noted = noteFailing(state, known, touched, now)
  const finished = gone.filter((key) => state.stored.instance.get(key)?.told.run === 'Gone')
  const deployments = new Set(touched.map((key) => state.stored.instance.get(key)?.deployment as string))
  const left = forgetInstances(noted, finished, now)
  return {
    state: left.state,
    touched: [
      ...heard.touched,
      ...left.touched,
      ...awaitingBlame(state, noted, touched),
      ...[...deployments].map(deploymentSubject),
    ],
  }
}

/** A host that is back says that it had stopped its guests (H-38). */
function noteIsolation(step: ControllerStep, host: string, { isolated }: HostReport, now: Instant): ControllerStep {
  if (isolated === undefined) return step
  return { ...step, state: note(step.state, now, { subject: host, kind: 'HostIsolated', reason: isolated }) }
}

function withRoadTroubles(
  step: ControllerStep,
  host: string,
  { troubles }: MessageOf<'report'>['report'],
  now: Instant,
): ControllerStep {
  return { ...step, state: noteRoadTroubles(step.state, host, troubles, now) }
}

/** True: the same news was reported again later, and by then a guest had been silent for too long. */
function isOvertaken({ observed }: FabricState, { key, since }: InstanceReport, number: number): boolean {
  return observed.reportNumbers.get(key) === number && since < (observed.reports.get(key)?.since ?? 0)
}

/** Instances on the host that a complete report does not mention. */
function absentFrom(state: FabricState, host: string, told: readonly InstanceReport[]): readonly string[] {
  const present = new Set(told.map(({ key }) => key))
  return instancesOn(state, host).flatMap(({ key }) => (present.has(key) ? [] : [key]))
}
