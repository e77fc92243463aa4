import type { Instant } from '../../../kernel/instant.ts'
import type { MachineView } from '../../contract/machines.ts'
import { machinesOf } from '../machines/find-machine.ts'
import type { FabricState } from '../state/state.ts'

/** Every machine as all of them may know it. */
export function machineViews(state: FabricState, now: Instant): readonly MachineView[] {
  const port = state.facts.cluster?.ports.controller
  return machinesOf(state).map(({ name, address, number, controller, version, certificates }) => ({
    name,
    address,
    number,
    controller,
    ...(controller && { controllerUrl: `https://${address}:${port}` }),
    version,
    certificates: certificates.flatMap(({ fingerprint, endsAt }) => (endsAt > now ? [fingerprint] : [])),
  }))
}
