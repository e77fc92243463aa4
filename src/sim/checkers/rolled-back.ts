import type { DeploymentRecord } from '../../fabric/controller/state/records/deployment.ts'
import type { DeploymentVersion } from '../../fabric/controller/state/records/version.ts'
import type { FabricState } from '../../fabric/controller/state/state.ts'
import { versionNumbered } from '../../fabric/controller/update/change.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

interface Rollback {
  readonly id: string
  /** The version to which it leads, as it was when the rollback began. */
  readonly from: number
  readonly version: DeploymentVersion
  /** Role roots of the instances that had not been moved yet. */
  readonly untouched: ReadonlyMap<string, number>
}

/**
 * After a rollback every instance has the version, the bytes and the settings that it had; those that were not yet updated were not touched (U-43).
 */
export function rolledBack({ controller, hosts }: World): Checker {
  const rollbacks = new Map<string, Rollback>()
  let seen: unknown

  function begun(state: FabricState, deployment: DeploymentRecord, id: string, from: number): Rollback {
    const instances = [...state.stored.instance.values()].filter((one) => one.deployment === deployment.id)
    const untouched = instances
      .filter(({ version }) => version === from)
      .map(({ key, told }) => [key, told.root] as const)
    return { id, from, version: versionNumbered(deployment, from), untouched: new Map(untouched) }
  }

  function judge(state: FabricState, { id }: DeploymentRecord, rollback: Rollback): readonly string[] {
    const instances = [...state.stored.instance.values()].filter((one) => one.deployment === id && !one.going)
    return instances.flatMap(({ key, role, version, told, host, containerId }) => {
      const { from, untouched, version: wanted } = rollback
      const complaints: string[] = []
      if (version !== from) complaints.push(`${key} is at version ${version} after the rollback to ${from}`)
      if ((untouched.get(key) ?? told.root) !== told.root)
        complaints.push(`${key} had not been updated and has a new role root after the rollback`)
      const guest = hosts.get(host)?.machine.guest(containerId)
      const running = guest?.isReady() ? guest.running() : undefined
      const settings = wanted.configuration.roles.find(({ name }) => name === role)?.settings
      if (running && running.version === from) {
        if (running.root.softwareSha256 !== wanted.roots[role]?.packageSha256)
          complaints.push(`${key} runs ${running.root.softwareSha256} after the rollback`)
        if (JSON.stringify(running.environment.currentInstance.settings) !== JSON.stringify(settings))
          complaints.push(`${key} sees other settings after the rollback`)
      }
      return complaints
    })
  }

  return {
    name: 'rolled-back',
    check() {
      const state = controller.state()
      if (!state || state.stored.deployment === seen) return nothing
      seen = state.stored.deployment
      const complaints: string[] = []
      for (const deployment of state.stored.deployment.values()) {
        const { id, update, wanted } = deployment
        const rollback = rollbacks.get(id)
        if (rollback && !update && wanted !== 'Deleted') complaints.push(...judge(state, deployment, rollback))
        if (update?.kind !== 'rollback') rollbacks.delete(id)
        else if (rollback?.id !== update.id) rollbacks.set(id, begun(state, deployment, update.id, update.from))
      }
      return complaints
    },
  }
}
