import type { MessageOf } from '../message.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/** A package was read for a plan: the pool drops it, unless a deployment uses the same by now. */
export function receivePackageRead(
  state: FabricState,
  { package: { sha256, model, warnings } }: MessageOf<'packageRead'>,
): ControllerStep {
  if (state.stored.package.has(sha256)) return { state, touched: ['pool'] }
  return { state: keep(state, put('package', sha256, { sha256, model, warnings })), touched: ['pool'] }
}
