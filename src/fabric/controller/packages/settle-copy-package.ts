import type { Instant } from '../../../kernel/instant.ts'
import type { EffectOf, Outcome } from '../action.ts'
import { note } from '../history/events.ts'
import { failed, succeeded } from '../history/operations.ts'
import { drop, keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'

/** A package has been written into the user's container, or could not be: its operation ends. */
export function settleCopyPackage(
  state: FabricState,
  { copy }: EffectOf<'copyPackage'>,
  now: Instant,
  outcome: Outcome,
): ControllerStep {
  if (outcome.kind !== 'copied') throw new Error('copyPackage ended without a result')
  const { result } = outcome
  const operation = state.stored.operation.get(copy.operation)
  const ended = operation && (result.ok ? succeeded(operation, now) : failed(operation, result.fault, now))
  const kept = keep(
    state,
    drop('packageCopy', copy.operation),
    ...(ended ? [put('operation', copy.operation, ended)] : []),
  )
  const noted = note(kept, now, {
    subject: copy.deploymentName,
    kind: result.ok ? 'PackageWritten' : 'PackageNotWritten',
    reason: result.ok ? 'package and configuration stand in the container' : result.fault.message,
    service: copy.service,
  })
  return { state: noted, touched: ['pool'] }
}
