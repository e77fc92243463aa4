import { attempt } from '../../kernel/attempt.ts'
import type { Instant } from '../../kernel/instant.ts'
import { together } from '../../kernel/together.ts'
import { endBrake } from './brake/end-brake.ts'
import { fetch } from './deployment/fetch.ts'
import { finish } from './deployment/finish.ts'
import { forget } from './deployment/forget.ts'
import type { Due } from './due.ts'
import { forgetHistory } from './history/forget-history.ts'
import { enlist } from './machines/enlist.ts'
import { formerMachines } from './machines/former-machines.ts'
import { removedHost } from './machines/removed-host.ts'
import { copyPackages } from './packages/copy-packages.ts'
import { holdPackages } from './packages/hold-packages.ts'
import { unusedPackages } from './packages/unused-packages.ts'
import { heal } from './places/heal.ts'
import { leave } from './rotation/leave.ts'
import { lose } from './seen/lose.ts'
import { drain } from './servicing/drain.ts'
import { service } from './servicing/service.ts'
import { instancesOf } from './state/find.ts'
import type { DeploymentRecord } from './state/records/deployment.ts'
import type { HostRecord } from './state/records/host.ts'
import type { FabricState } from './state/state.ts'
import { deploymentOf, hostOf, machineOf, type Subject } from './subject.ts'
import { walk } from './update/walk.ts'

/**
 * A deployment: its package comes first. An update decides which instance gets which version, and the platform's servicing which instance stops or
 * gets another guest OS. Then the targets are sent to the hosts, through the rotation. Instances that are gone are forgotten. Operations end last,
 * since they wait for all of this.
 */
const aboutDeployment: readonly ((state: FabricState, deployment: DeploymentRecord, now: Instant) => Due)[] = [
  fetch,
  walk,
  service,
  leave,
  forget,
  finish,
]

/** A host: drained when nothing runs there, lost when it is silent. When it does not come back, its instances are healed elsewhere; one that was removed goes with the last of them. */
const aboutHost: readonly ((state: FabricState, host: HostRecord, now: Instant) => Due)[] = [
  drain,
  lose,
  heal,
  removedHost,
]

/**
 * The pool: whether the brake may go off; packages that other machines are to hold or to give, those that users want back, then what is no longer
 * needed, and what machines that were removed have left.
 */
const aboutPool: readonly ((state: FabricState, now: Instant) => Due)[] = [
  endBrake,
  holdPackages,
  copyPackages,
  unusedPackages,
  forgetHistory,
  formerMachines,
]

/** What is due for one subject: the questions in their order, each in its own file. */
export function decide(state: FabricState, subject: Subject, now: Instant): Due {
  if (subject === 'pool') return together(aboutPool.map((ask) => () => ask(state, now)))
  const deployment = state.stored.deployment.get(deploymentOf(subject) ?? '')
  if (deployment) {
    const due = together(aboutDeployment.map((ask) => () => ask(state, deployment, now)))
    return due.thrown && deployment.wanted === 'Deleted' ? goingAnyway(state, deployment, due, now) : due
  }
  const key = machineOf(subject) ?? ''
  const machine = state.stored.machine.get(key)
  if (machine) return enlist(state, key, machine, now)
  const host = state.stored.host.get(hostOf(subject) ?? '')
  return host ? together(aboutHost.map((ask) => () => ask(state, host, now))) : { actions: [] }
}

/** A deployment can always be deleted, even if code about it throws: it is then forgotten, and its hosts find it absent from their goals (F-27). */
function goingAnyway(state: FabricState, deployment: DeploymentRecord, due: Due, now: Instant): Due {
  const leaves = attempt(() => leave(state, deployment, now))
  if ('value' in leaves) return due
  const { id } = deployment
  const reason = `the deployment is deleted, and how it leaves cannot be decided: ${leaves.threw}`
  const instances = instancesOf(state, id).map(({ key }) => key)
  return { ...due, actions: [{ kind: 'forget', key: `forget ${id}`, reason, deployment: id, instances }] }
}
