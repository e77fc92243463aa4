import type { Instant } from '../../../kernel/instant.ts'
import type { EffectOf, Outcome } from '../action.ts'
import { note } from '../history/events.ts'
import { keep, put } from '../state/keep.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { ownMachine } from './candidates.ts'
import { withHolder } from './kept-package.ts'

/** After a failure a package is copied or got again after this time, in milliseconds. Origin: choice. */
const restMs = 10_000

/** Another machine holds the package now, or none took it: then again after a while. */
export function settleShare(
  state: FabricState,
  { sha256 }: EffectOf<'sharePackage'>,
  now: Instant,
  outcome: Outcome,
): ControllerStep {
  if (outcome.kind !== 'shared') throw new Error('sharePackage ended without a result')
  const { holder, refusals, silences } = outcome.shared
  if (holder !== undefined) return { state: held(state, sha256, holder), touched: ['pool'] }
  const words = `The package ${sha256} is on one machine alone: ${[...refusals, ...silences].join(' ')}`
  return { state: troubled(state, sha256, 'PackageNotCopied', words, now), touched: ['pool'] }
}

/** This machine holds the package now, or nobody gave it: then again after a while. */
export function settleBring(
  state: FabricState,
  { sha256 }: EffectOf<'bringPackage'>,
  now: Instant,
  outcome: Outcome,
): ControllerStep {
  if (outcome.kind !== 'brought') throw new Error('bringPackage ended without a result')
  const { from, failures } = outcome.brought
  const machine = ownMachine(state)
  if (from !== undefined && machine !== undefined) return { state: held(state, sha256, machine), touched: ['pool'] }
  const words = `The package ${sha256} is not on the master, and could not be got: ${failures.join(' ')}`
  return { state: troubled(state, sha256, 'PackageMissing', words, now), touched: ['pool'] }
}

/** When the package was dropped meanwhile, a candidate that has it drops it when it reports, the master when it opens its packages again. */
function held(state: FabricState, sha256: string, name: string): FabricState {
  const { packageTroubles } = state.observed
  const settled = observe(state, { packageTroubles: packageTroubles.delete(sha256) })
  const record = state.stored.package.get(sha256)
  return record
    ? keep(settled, put('package', sha256, { ...record, holders: withHolder(record.holders, name) }))
    : settled
}

/** An event says it once, until something else hinders. */
function troubled(state: FabricState, sha256: string, kind: string, words: string, now: Instant): FabricState {
  const { packageTroubles } = state.observed
  const isNews = packageTroubles.get(sha256)?.words !== words
  const after = observe(state, { packageTroubles: packageTroubles.set(sha256, { words, until: now + restMs }) })
  return isNews ? note(after, now, { subject: sha256, kind, reason: words }) : after
}
