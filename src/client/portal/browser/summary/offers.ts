import type { Deployment } from '../../../service-management/answers.ts'

/** Why something cannot be asked for now. */
export type Hindrance = 'empty' | 'occupied' | 'locked' | 'deploying' | 'deleting' | 'nothingToSwap'

/** What the page offers of a slot, each with what stands in its way; undefined: nothing does. The API has the last word. */
export interface Offers {
  readonly deploy: Hindrance | undefined
  readonly upgrade: Hindrance | undefined
  readonly configure: Hindrance | undefined
  readonly scale: Hindrance | undefined
  /** A suspended deployment is offered Run, any other Suspend (M-8). */
  readonly turn: 'run' | 'suspend'
  readonly turnHindrance: Hindrance | undefined
  readonly remove: Hindrance | undefined
}

export function offersOf(deployment: Deployment | undefined): Offers {
  const removal = removalHindrance(deployment)
  // Until its package was read, a deployment can only be deleted.
  const change = removal ?? (deployment?.status === 'Deploying' ? 'deploying' : undefined)
  return {
    deploy: deployment ? 'occupied' : undefined,
    upgrade: change,
    configure: change,
    scale: change,
    turn: isSuspended(deployment) ? 'run' : 'suspend',
    turnHindrance: change,
    remove: removal,
  }
}

/** D-18: what is swapped comes from staging. */
export function swapHindrance(staging: Deployment | undefined): Hindrance | undefined {
  return staging ? undefined : 'nothingToSwap'
}

function removalHindrance(deployment: Deployment | undefined): Hindrance | undefined {
  if (!deployment) return 'empty'
  if (deployment.status === 'Deleting') return 'deleting'
  return deployment.locked ? 'locked' : undefined
}

function isSuspended(deployment: Deployment | undefined): boolean {
  return deployment?.status.startsWith('Suspend') === true
}
