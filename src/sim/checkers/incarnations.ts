import type { ContainerRecord } from '../../host/agent/state.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/**
 * No counter ever falls, over restarts of every part: revision, epochs and placement of an instance, versions of goals and of the rotation,
 * incarnations of containers (H-1). One incarnation means the same documents for ever.
 */
export function incarnations({ controller, hosts, balancers }: World): Checker {
  const highest = new Map<string, number>()
  const records = new Map<string, ContainerRecord>()
  let seen: unknown
  const seenTables = new Map<string, unknown>()
  let seenInstances: unknown

  const rise = (what: string, value: number): readonly string[] => {
    const before = highest.get(what) ?? 0
    highest.set(what, Math.max(before, value))
    return value < before ? [`${what} fell from ${before} to ${value}`] : nothing
  }

  function ofFabric(): readonly string[] {
    const state = controller.state()
    if (!state || state === seen) return nothing
    seen = state
    const rotation = rise('the rotation version of the controller', state.observed.rotation.version)
    if (state.stored.instance === seenInstances) return rotation.length === 0 ? nothing : rotation
    seenInstances = state.stored.instance
    const instances = [...state.stored.instance.values()].flatMap(({ key: name, addedIn, told, epochs, placement }) => {
      // One that was removed and added again is another instance.
      const key = `${name} of version ${addedIn}`
      return [
        ...rise(`the revision of ${key}`, told.revision),
        ...rise(`the placement of ${key}`, placement),
        ...Object.entries(epochs).flatMap(([name, epoch]) => rise(`the wanted epoch ${name} of ${key}`, epoch)),
        ...Object.entries(told.epochs).flatMap(([name, epoch]) => rise(`the told epoch ${name} of ${key}`, epoch)),
      ]
    })
    return [...rotation, ...instances]
  }

  function ofBalancers(): readonly string[] {
    const newer = balancers.filter(({ name, table }) => table() !== seenTables.get(name))
    if (newer.length === 0) return nothing
    return newer.flatMap(({ name, table }) => {
      seenTables.set(name, table())
      return rise(`the rotation version of the ${name}`, table().version)
    })
  }

  function ofHost(name: string): readonly string[] {
    const state = hosts.get(name)?.agent()
    if (!state) return nothing
    return [
      ...rise(`the goal version of ${name}`, state.goal.version),
      ...[...state.containers.values()].flatMap(({ record }) => ofContainer(record)),
    ]
  }

  function ofContainer(record: ContainerRecord): readonly string[] {
    const { containerId, incarnation, served } = record
    const before = records.get(containerId)
    if (before === record) return nothing
    records.set(containerId, record)
    const complaints = rise(`the incarnation of container ${containerId}`, incarnation)
    return before?.incarnation === incarnation && JSON.stringify(before.served) !== JSON.stringify(served)
      ? [...complaints, `container ${containerId} is served other documents under the same incarnation ${incarnation}`]
      : complaints
  }

  return {
    name: 'incarnations',
    check(facts) {
      const fabric = ofFabric()
      const served = ofBalancers()
      if (facts.length === 0 && fabric === nothing && served === nothing) return nothing
      const hostsThatWrote = facts.flatMap((fact) => (fact.kind === 'agentCommitted' ? [fact.host] : []))
      return [...fabric, ...served, ...hostsThatWrote.flatMap(ofHost)]
    },
  }
}
