import type { FabricState } from '../state/state.ts'
import { hostSubject, type Subject } from '../subject.ts'

/** The host that is being serviced, as what there is to decide about. */
export function servicedHost({ derived: { serviced } }: FabricState): readonly Subject[] {
  return serviced === undefined ? [] : [hostSubject(serviced)]
}
