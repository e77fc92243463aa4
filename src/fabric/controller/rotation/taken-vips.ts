import type { Instant } from '../../../kernel/instant.ts'
import { own } from '../../../kernel/own.ts'
import type { RotationReport } from '../../contract/rotation.ts'
import { note } from '../history/events.ts'
import type { FabricState } from '../state/state.ts'
import { reportsThatCount } from './balancers.ts'

/** Whether another computer was seen to have the address, by any balancer's machine: nobody gets it (docs/decisions/several-machines.md, "Network"). */
export function isTakenVip(state: FabricState, address: string): boolean {
  return reportsThatCount(state).some(({ takenVips = {} }) => own(takenVips, address) !== undefined)
}

/** The history after a balancer's report, in which an address that another computer has is named once. */
export function withTakenVips(state: FabricState, { takenVips = {} }: RotationReport, now: Instant): FabricState {
  return Object.entries(takenVips).reduce(
    (before, [address, seen]) =>
      isTakenVip(state, address)
        ? before
        : note(before, now, { subject: address, kind: 'VipTaken', reason: reasonOf(address, seen) }),
    state,
  )
}

function reasonOf(address: string, seen: string): string {
  return `Another computer answers at the VIP ${address}: ${seen}. It is not given out; take it from that computer, or name another range.`
}
