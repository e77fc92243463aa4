import type { Instant } from '../../../kernel/instant.ts'
import type { MessageOf } from '../message.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { machineNamed } from './find-machine.ts'
import { inForce } from './in-force.ts'

/** A machine has new certificates, or another version of Reddog. Those of one that was removed meanwhile are in no record, and so worth nothing. */
export function receiveRenewed(
  state: FabricState,
  { machine, certificates, version }: MessageOf<'renewed'>,
  now: Instant,
): ControllerStep {
  const known = machineNamed(state, machine)
  if (!known) return { state, touched: [] }
  const renewed = {
    ...known,
    version: version ?? known.version,
    certificates: inForce(known.certificates, certificates, now),
  }
  return { state: keep(state, put('machine', machine.toLowerCase(), renewed)), touched: [] }
}
