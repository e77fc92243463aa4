import type { FabricState } from '../state/state.ts'
import { deploymentSubject, hostSubject, type Subject } from '../subject.ts'

/** Subjects that could not be healed or moved for lack of room: they are asked again when `room` grows. */
export function awaitingRoom({ observed: { unhealed, unmoved } }: FabricState): readonly Subject[] {
  return [...[...unhealed.keys()].map(hostSubject), ...[...unmoved.keys()].map(deploymentSubject)]
}
