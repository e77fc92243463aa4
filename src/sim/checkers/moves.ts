import type { DeploymentRecord } from '../../fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../fabric/controller/state/records/instance.ts'
import type { FabricState } from '../../fabric/controller/state/state.ts'
import type { World } from '../world.ts'

/** An instance that was sent another version of its deployment than before. */
export interface Move {
  readonly before: InstanceRecord
  readonly instance: InstanceRecord
  /** As it is after the move. */
  readonly deployment: DeploymentRecord
}

/** Returns the moves since the last call, over restarts of the controller. */
export function movesIn({ controller }: World): () => readonly Move[] {
  let seen: FabricState['stored']['instance'] | undefined
  return () => {
    const stored = controller.state()?.stored
    const former = seen
    if (!stored || stored.instance === former) return none
    seen = stored.instance
    if (!former) return none
    const moves: Move[] = []
    for (const instance of stored.instance.values()) {
      const before = former.get(instance.key)
      const deployment = stored.deployment.get(instance.deployment)
      if (before && deployment && before.version !== instance.version) moves.push({ before, instance, deployment })
    }
    return moves
  }
}

const none: readonly Move[] = []

/** Whether the role ran before the move and is to run after it, on the host where it is. */
export function isOfRunning({ before, instance }: Move): boolean {
  const runs = before.told.run === 'Started' && instance.told.run === 'Started'
  return runs && before.placement === instance.placement
}
