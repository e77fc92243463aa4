import { statusOf } from '../fabric/controller/seen/status.ts'
import { isOutdated } from '../fabric/controller/servicing/release.ts'
import { stepWords } from '../fabric/controller/servicing/words.ts'
import type { DeploymentRecord } from '../fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../fabric/controller/state/records/instance.ts'
import type { FabricState } from '../fabric/controller/state/state.ts'
import { versionNumbered } from '../fabric/controller/update/change.ts'
import { progressOf } from '../fabric/controller/update/progress.ts'
import type { SimulatedHost } from './host.ts'
import type { World } from './world.ts'

/** What is not as the users requested, although nothing has gone wrong for a long time; empty when all is well. */
export function unsettled(world: World): readonly string[] {
  const state = world.controller.state()
  if (!state) return ['no controller runs']
  return [
    ...unanswered(world),
    ...openOperations(state),
    ...[...state.stored.deployment.values()].flatMap((deployment) => ofDeployment(world, state, deployment)),
    ...[...world.hosts.values()].flatMap((host) => leftOver(state, host)),
    ...(state.derived.serviced === undefined ? [] : [`${state.derived.serviced} is still being serviced`]),
    ...world.balancers.flatMap(({ name, table }) =>
      table().version === state.observed.rotation.version
        ? []
        : [`the ${name} serves version ${table().version} of ${state.observed.rotation.version}`],
    ),
  ]
}

function unanswered({ frontEnd }: World): readonly string[] {
  return [...frontEnd.requests().values()].flatMap(({ reply, command }) =>
    reply ? [] : [`a request of kind ${command.kind} has no answer`],
  )
}

function openOperations(state: FabricState): readonly string[] {
  return [...state.stored.operation.values()].flatMap(({ status, name, id }) =>
    status === 'InProgress' ? [`operation ${id} (${name}) is still in progress`] : [],
  )
}

function ofDeployment(world: World, state: FabricState, deployment: DeploymentRecord): readonly string[] {
  if (deployment.wanted === 'Deleted') return [`${deployment.name} is deleted and still there`]
  if (deployment.request) return [`${deployment.name} is not placed`]
  if (deployment.upgrading) return [`the package of the upgrade of ${deployment.name} has not been read`]
  const { update, servicing } = deployment
  if (servicing) return [`${deployment.name} is still being serviced: ${stepWords(servicing)}, ${servicing.stage}`]
  const progress = update && progressOf(state, deployment, update, world.controller.now())
  if (update) return [`the ${update.kind} of ${deployment.name} has not ended: ${progress?.text}`]
  const instances = [...state.stored.instance.values()].filter((instance) => instance.deployment === deployment.id)
  return instances.flatMap((instance) =>
    deployment.wanted === 'Running'
      ? [...ofRunning(world, state, instance), ...ofProgram(world, deployment, instance)]
      : ofSuspended(world, state, instance),
  )
}

function ofRunning({ hosts, balancers }: World, state: FabricState, instance: InstanceRecord): readonly string[] {
  const { key, host, containerId } = instance
  const { status, details } = statusOf(state, instance)
  const endpoints = balancers.flatMap(({ table }) => table().endpoints)
  const members = endpoints.flatMap(({ members }) => members.filter((member) => member.instance === key))
  return [
    ...ofSystem(state, instance),
    ...(status === 'ReadyRole' ? [] : [`${key} is ${status} ${details}`]),
    ...(hosts.get(host)?.machine.guest(containerId)?.isReady() ? [] : [`${key} does not serve on ${host}`]),
    ...members.flatMap((member) => (member.state === 'in' ? [] : [`${key} is ${member.state} of rotation`])),
  ]
}

/** The newest release of the guest OS, where the configuration leaves it to the platform (H-22). */
function ofSystem({ stored, facts }: FabricState, instance: InstanceRecord): readonly string[] {
  const deployment = stored.deployment.get(instance.deployment)
  const configuration = deployment && versionNumbered(deployment, deployment.current).configuration
  const isLeftBehind = configuration && isOutdated(facts, configuration, instance)
  return isLeftBehind ? [`${instance.key} runs on ${instance.release}, and there is a newer release`] : []
}

/** What really runs, byte for byte, and what it sees. */
function ofProgram({ hosts }: World, deployment: DeploymentRecord, instance: InstanceRecord): readonly string[] {
  const { key, role, host, containerId, told } = instance
  const { roots, configuration, numbers } = versionNumbered(deployment, deployment.current)
  const running = hosts.get(host)?.machine.guest(containerId)?.running()
  if (!running) return []
  const { root, environment } = running
  const { settings: seen } = environment.currentInstance
  const met = environment.roles.reduce((sum, { instances }) => sum + instances.length, 0)
  const settings = configuration.roles.find(({ name }) => name === role)?.settings
  const known = Object.values(numbers).reduce((sum, list) => sum + list.length, 0)
  return [
    ...(root.softwareSha256 === roots[role]?.packageSha256 ? [] : [`${key} runs ${root.softwareSha256}`]),
    ...(root.number === told.root ? [] : [`${key} runs role root ${root.number} of ${told.root}`]),
    ...(JSON.stringify(seen) === JSON.stringify(settings) ? [] : [`${key} sees other settings`]),
    ...(met === known ? [] : [`${key} knows ${met} of ${known} instances`]),
  ]
}

function ofSuspended({ hosts }: World, state: FabricState, instance: InstanceRecord): readonly string[] {
  const { status } = statusOf(state, instance)
  const runs = hosts.get(instance.host)?.machine.guest(instance.containerId)
  return [
    ...(status === 'StoppedVM' ? [] : [`${instance.key} is ${status} in a suspended deployment`]),
    ...(runs ? [`${instance.key} runs in a suspended deployment`] : []),
  ]
}

/** Guests and containers that belong to no record. */
function leftOver(state: FabricState, { name, machine, agent }: SimulatedHost): readonly string[] {
  const belongs = (key: string, containerId: string) => {
    const record = state.stored.instance.get(key)
    return record?.host === name && record.containerId === containerId
  }
  const containers = [...(agent()?.containers.values() ?? [])].map(({ record }) => record)
  return [...machine.guests(), ...containers].flatMap(({ key, containerId }) =>
    belongs(key, containerId) ? [] : [`${name} still has something of ${key}`],
  )
}
