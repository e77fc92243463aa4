import type { Instant } from '../../../kernel/instant.ts'
import type { ActionOf } from '../action.ts'
import { addressesOf } from '../addresses.ts'
import { containerId } from '../container-id.ts'
import { noteInstance } from '../events.ts'
import { instancesOn, versionOf } from '../find.ts'
import { hostsOf, renewGoals } from '../goals.ts'
import { keep, put } from '../keep.ts'
import { knownSize } from '../load.ts'
import { localPorts } from '../local-ports.ts'
import { place } from '../placement.ts'
import { candidatesOf } from '../pool.ts'
import type { DeploymentRecord, Epochs, HostRecord, InstanceRecord } from '../records.ts'
import { type FabricState, observe } from '../state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject, hostSubject } from '../subject.ts'
import { nextTold, targetOf, versionAfter } from '../target.ts'
import { noteTransitions } from '../transitions.ts'

/** Instances of a lost host start on other hosts, with the same IDs, upgrade domain and endpoints, every drive rebuilt (H-16), and the version that their domain should have now (U-55). */
export function settleHeal(state: FabricState, { host, reason }: ActionOf<'heal'>, now: Instant): ControllerStep {
  if (!state.observed.lost.has(host)) return { state, touched: [] }
  const homeless = instancesOn(state, host).filter(({ told, going }) => told.run !== 'Gone' && !going)
  let next = state
  for (const instance of homeless) next = moved(next, instance, reason, now)
  const left = instancesOn(next, host).length > 0
  const unhealed = left ? next.observed.unhealed.set(host, next.observed.room) : next.observed.unhealed.delete(host)
  const deployments = [...new Set(homeless.map(({ deployment }) => deployment))]
  const hosts = new Set(deployments.flatMap((id) => [...hostsOf(next, id)]))
  const keys = homeless.map(({ key }) => key)
  return {
    state: noteTransitions(state, renewGoals(observe(next, { unhealed }), hosts.add(host)), keys, now),
    touched: [hostSubject(host), ...deployments.map(deploymentSubject)],
  }
}

/** The state with the instance on another host; as it was, with an event that says so, when there is no room. */
function moved(state: FabricState, instance: InstanceRecord, reason: string, now: Instant): FabricState {
  const deployment = state.stored.deployment.get(instance.deployment) as DeploymentRecord
  const host = newHost(state, deployment, instance)
  const addresses = addressesOf(state)
  const address = addresses.take('dip')
  if (!host || !address)
    return noteInstance(
      state,
      now,
      instance,
      'HealingWaits',
      `${reason}, and no other host has room for the role instance`,
    )
  const target = targetOf(deployment, instance)
  const { roles } = versionOf(state, deployment, target.version, instance.role).package.model.definition
  const ordinal = roles.findIndex(({ name }) => name === instance.role)
  const role = roles[ordinal]
  if (!role) throw new Error(`the role ${instance.role} of ${instance.key} is not in its package`)
  const placement = instance.placement + 1
  const told = nextTold(instance, { ...target, epochs: grown(target.epochs) }, deployment.vip)
  const faultDomain = Math.max(0, deployment.faultDomains.indexOf(host.faultDomain))
  const record: InstanceRecord = {
    ...instance,
    host: host.name,
    address,
    containerId: containerId(deployment.id, ordinal, { ...instance, placement }),
    size: role.vmSize,
    ports: localPorts(role, instance.index, host.firstPort),
    faultDomain,
    placement,
    ...versionAfter(deployment, instance, target),
    epochs: told.epochs,
    told,
    inRotation: false,
  }
  const kept = keep(state, put('host', host.name, { ...host, inService: true }), put('instance', instance.key, record))
  const { reports, reportNumbers, leaving, readySince } = kept.observed
  return observe(noteInstance(kept, now, record, 'Healed', `${reason}: started on ${host.name}`), {
    reports: reports.delete(instance.key),
    reportNumbers: reportNumbers.delete(instance.key),
    leaving: leaving.delete(instance.key),
    readySince: readySince.delete(instance.key),
    addressCursor: addresses.cursor(),
  })
}

/** A host in the fault domain that the instance had, else in another one of its deployment's: to run comes before A-19. */
function newHost(state: FabricState, deployment: DeploymentRecord, instance: InstanceRecord): HostRecord | undefined {
  const own = deployment.faultDomains[instance.faultDomain]
  const racks = own === undefined ? [undefined] : [own, ...deployment.faultDomains.filter((rack) => rack !== own)]
  const candidates = candidatesOf(state)
  const { key, role, upgradeDomain, size } = instance
  for (const faultDomain of racks) {
    const placed = place(candidates, [{ key, role, upgradeDomain, size: knownSize(size), faultDomain }])
    const name = placed?.get(key)
    if (name !== undefined) return state.stored.host.get(name)
  }
  return undefined
}

function grown({ guest, c, d, e }: Epochs): Epochs {
  return { guest: guest + 1, c: c + 1, d: d + 1, e: e + 1 }
}
