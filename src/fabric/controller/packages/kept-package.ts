import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { StoredPackage } from '../../package-store/package-store.ts'
import type { Outcome } from '../action.ts'
import type { PackageRecord } from '../state/records.ts'
import type { FabricState } from '../state/state.ts'
import { ownMachine } from './candidates.ts'

/** A package that was read, as it is recorded. */
export type KeptPackage = StoredPackage & Pick<PackageRecord, 'holders'>

/**
 * A package counts as fetched when a second candidate holds it too. Where none is heard, it is copied later; where those that are heard refuse, it is
 * not fetched: InternalError, with what each says.
 */
export function keptPackage(
  state: FabricState,
  { result, shared }: Outcome & { readonly kind: 'fetched' },
): Result<KeptPackage> {
  if (!result.ok) return result
  if (shared && shared.holder === undefined && shared.refusals.length > 0)
    return refused(
      'InternalError',
      `The package was read, but no second machine keeps it, so that the loss of one would lose it: ${shared.refusals.join(' ')} Mend that, and try again.`,
    )
  return fine(keptFrom(state, result.value, shared?.holder))
}

/** The record of a package that this machine has now, and `holder` too. */
export function keptFrom(state: FabricState, { sha256, model, warnings }: StoredPackage, holder?: string): KeptPackage {
  const machine = ownMachine(state)
  if (machine === undefined) return { sha256, model, warnings }
  const former = state.stored.package.get(sha256)?.holders ?? []
  return { sha256, model, warnings, holders: withHolder(former, machine, ...(holder ? [holder] : [])) }
}

/** Machines that hold a package, and these. */
export function withHolder(former: readonly string[] | undefined, ...names: readonly string[]): readonly string[] {
  return [...new Set([...(former ?? []), ...names])]
}
