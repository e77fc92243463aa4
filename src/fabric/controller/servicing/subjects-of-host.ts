import { instancesOn } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject, hostSubject, type Subject } from '../subject.ts'

/** The subjects to decide when a host is drained or given back. */
export function subjectsOfHost(state: FabricState, name: string): readonly Subject[] {
  const deployments = new Set(instancesOn(state, name).map(({ deployment }) => deployment))
  return [hostSubject(name), ...[...deployments].map(deploymentSubject)]
}
