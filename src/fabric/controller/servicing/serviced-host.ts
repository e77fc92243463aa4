import type { FabricState } from '../state/state.ts'
import { hostSubject, type Subject } from '../subject.ts'

/** The host that is being serviced, as a subject. */
export function servicedHost({ derived: { serviced } }: FabricState): readonly Subject[] {
  return serviced === undefined ? [] : [hostSubject(serviced)]
}
