import type { MessageOf } from '../message.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { keptFrom } from './kept-package.ts'

/** A package was read for a plan: the pool drops it, unless a deployment uses the same by now. */
export function receivePackageRead(state: FabricState, { package: read }: MessageOf<'packageRead'>): ControllerStep {
  if (state.stored.package.has(read.sha256)) return { state, touched: ['pool'] }
  return { state: keep(state, put('package', read.sha256, keptFrom(state, read))), touched: ['pool'] }
}
