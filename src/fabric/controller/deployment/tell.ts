import type { Instant } from '../../../kernel/instant.ts'
import type { ResolutionOf } from '../action.ts'
import { awaitingBlame } from '../blame/failing.ts'
import { noteInstance } from '../history/events.ts'
import { awaitingRoom } from '../places/awaiting-room.ts'
import { localPorts } from '../places/local-ports.ts'
import { newRelease, servicingOf } from '../servicing/covers.ts'
import { releaseOf } from '../servicing/release.ts'
import { decidedAbout, hostsOf, versionOf } from '../state/find.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { keep, put } from '../state/keep.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord, Told } from '../state/records/instance.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { hasNewSystem, versionNumbered } from '../update/change.ts'
import { isTold, nextTold, type Target, targetOf, versionAfter } from './target.ts'

/** The goals of the hosts now have the targets of these instances. */
export function tell(
  state: FabricState,
  { deployment: id, instances, reason }: ResolutionOf<'tell'>,
  now: Instant,
): ControllerStep {
  const deployment = decidedAbout(state, id)
  const { leaving, readySince } = state.observed
  let next = observe(state, { leaving: leaving.deleteAll(instances) })
  const renewed: string[] = []
  const hosts = new Set<string>()
  let makesRoom = false
  for (const key of instances) {
    const instance = state.stored.instance.get(key)
    const target = instance && targetOf(deployment, instance)
    if (!instance || !target || isTold(instance, target)) continue
    const record = toldRecord(state, deployment, instance, target, now)
    // Its peers hear of its endpoints (U-52).
    const concerned =
      JSON.stringify(record.ports) === JSON.stringify(instance.ports) ? [instance.host] : hostsOf(state, id)
    for (const host of concerned) hosts.add(host)
    makesRoom ||= record.size !== instance.size
    next = keep(next, put('instance', key, record))
    if (record.told === instance.told) continue
    renewed.push(key)
    next = noteInstance(
      next,
      now,
      record,
      `Told${happening(instance.told, record.told, isBack(deployment, instance))}`,
      reason,
    )
  }
  const room = state.observed.room + (makesRoom ? 1 : 0)
  const unready = observe(next, { readySince: readySince.deleteAll(renewed), room })
  return {
    state: renewGoals(unready, hosts),
    touched: [
      deploymentSubject(id),
      ...(makesRoom ? awaitingRoom(unready) : []),
      ...awaitingBlame(state, unready, renewed),
    ],
  }
}

/** What the new goal means for the guest: `Restart` is what List Deployment Events shows (D-21); the start after a drain is one. */
function happening(before: Told, after: Told, back: boolean): string {
  if (after.run !== 'Started') return after.run
  const restarts = before.run === 'Started' ? after.epochs.guest > before.epochs.guest : back
  return restarts ? 'Restart' : after.run
}

/** Stopped by a drain, neither suspended nor since resumed by its owner: so the end of the drain starts it. */
function isBack(deployment: DeploymentRecord, instance: InstanceRecord): boolean {
  const servicing = servicingOf(deployment, instance)
  if (!servicing || !('host' in servicing.cause)) return false
  return deployment.resumedAt === undefined || deployment.resumedAt < servicing.begunAt
}

/** A role that runs on stays in rotation (U-47); a restarted one is out until it is Ready again. Servicing makes no deployment Starting (T-9). */
function toldRecord(
  state: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  target: Target,
  now: Instant,
): InstanceRecord {
  const told = nextTold(instance, target, deployment.vip)
  const release = target.run === 'Gone' ? instance.release : releaseAfter(state, deployment, instance, target)
  const wasReady = state.observed.readySince.has(instance.key)
  const record = {
    ...instance,
    ...versionAfter(deployment, instance, target),
    ...(target.version !== instance.version && { wasReady }),
    told,
    epochs: told.epochs,
    release,
  }
  const anew =
    told.runRevision === instance.told.runRevision
      ? record
      : { ...record, inRotation: false, runSince: now, tasksSince: undefined }
  return target.change === 'package' ? { ...anew, ...shapeOf(state, deployment, instance, target) } : anew
}

/** Release of the guest OS, once the instance's target is sent. */
function releaseAfter(
  { facts }: FabricState,
  deployment: DeploymentRecord,
  instance: InstanceRecord,
  { version }: Target,
): string | undefined {
  const [before, after] = [versionNumbered(deployment, instance.version), versionNumbered(deployment, version)]
  if (hasNewSystem(before, after)) return releaseOf(facts, after.configuration)
  return newRelease(deployment, instance) ?? instance.release
}

/** Size and ports by the definition of the new role root. */
function shapeOf(
  state: FabricState,
  deployment: DeploymentRecord,
  { role: name, index, host }: InstanceRecord,
  { version }: Target,
): Pick<InstanceRecord, 'size' | 'ports'> {
  const { definition } = versionOf(state, deployment, version, name).package.model
  const role = definition.roles.find((one) => one.name === name)
  if (!role) throw new Error(`the role ${name} is in version ${version} of ${deployment.id} and not in its package`)
  return { size: role.vmSize, ports: localPorts(role, index, state.stored.host.get(host)?.firstPort ?? 0) }
}
