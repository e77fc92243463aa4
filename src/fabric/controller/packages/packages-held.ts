import type { MessageOf } from '../message.ts'
import type { Change } from '../state/change.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { withHolder } from './kept-package.ts'
import { someAreRead } from './used-packages.ts'

/**
 * What a machine holds is what it says: a copy that it has lost is made again, one that it still has is none to be made. Each report has the pool
 * decided: who speaks may take and give packages.
 */
export function receivePackagesHeld(state: FabricState, { machine, held }: MessageOf<'packagesHeld'>): ControllerStep {
  return { state: withHeld(state, machine, held), touched: ['pool'] }
}

/** The state in which that machine holds these packages and no others. */
export function withHeld(state: FabricState, machine: string, held: readonly string[]): FabricState {
  const has = new Set(held)
  const changes = [...state.stored.package.values()].flatMap((record): readonly Change[] => {
    const { sha256, holders } = record
    if (has.has(sha256) === (holders ?? []).includes(machine)) return []
    const after = has.has(sha256) ? withHolder(holders, machine) : (holders ?? []).filter((name) => name !== machine)
    return [put('package', sha256, { ...record, holders: after })]
  })
  // Each alone: a group of records must find room in one batch.
  return changes.reduce((before, change) => keep(before, change), state)
}

/** Packages among those that a machine holds which nobody knows: it is to drop them. */
export function unknownOf(state: FabricState, held: readonly string[]): readonly string[] {
  return someAreRead(state) ? [] : held.filter((sha256) => !state.stored.package.has(sha256))
}
