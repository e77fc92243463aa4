import type { MessageOf } from '../message.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { machineSubject } from '../subject.ts'

/** The member of etcd of a machine runs: it is to become a voter. What hindered it before is forgotten, so that it is tried at once. */
export function receivePromote(state: FabricState, { machine }: MessageOf<'promote'>): ControllerStep {
  const key = machine.toLowerCase()
  const { promotions, memberFaults } = state.observed
  const asked = observe(state, { promotions: promotions.add(key), memberFaults: memberFaults.delete(key) })
  return { state: asked, touched: [machineSubject(key)] }
}
