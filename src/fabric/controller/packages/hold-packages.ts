import type { Instant } from '../../../kernel/instant.ts'
import type { Effect } from '../action.ts'
import type { Due } from '../due.ts'
import type { FabricState } from '../state/state.ts'
import { ownMachine } from './candidates.ts'
import { giversOf, isHere, takersOf } from './holders.ts'
import { usedPackages } from './used-packages.ts'

/** Packages that are on their way between machines at once, so that a new candidate does not fill the network. Origin: choice. */
const atOnce = 2

/**
 * What the master does not have it gets from a candidate that has it; what too few machines hold, one more is to hold. After a failure a package
 * rests for a while.
 */
export function holdPackages(state: FabricState, now: Instant): Due {
  if (ownMachine(state) === undefined) return { actions: [] }
  const { packageTroubles } = state.observed
  const due: Effect[] = []
  const rests: Instant[] = []
  for (const sha256 of [...usedPackages(state)].filter((one) => state.stored.package.has(one)).toSorted()) {
    const action = toBring(state, sha256) ?? toShare(state, sha256)
    const until = packageTroubles.get(sha256)?.until ?? now
    if (action && until > now) rests.push(until)
    else if (action) due.push(action)
  }
  const urgent = due.toSorted(
    (one, other) => Number(one.kind !== 'bringPackage') - Number(other.kind !== 'bringPackage'),
  )
  return { actions: urgent.slice(0, atOnce), wakeAt: rests.length > 0 ? Math.min(...rests) : undefined }
}

function toBring(state: FabricState, sha256: string): Effect | undefined {
  const from = giversOf(state, sha256)
  if (isHere(state, sha256) || from.length === 0) return undefined
  const reason = `the master does not have the package, and ${from.map(({ name }) => name).join(' and ')} does`
  return { kind: 'bringPackage', key: `bringPackage ${sha256}`, reason, sha256, from }
}

function toShare(state: FabricState, sha256: string): Effect | undefined {
  const to = takersOf(state, sha256)
  if (!isHere(state, sha256) || to.length === 0) return undefined
  const reason = 'one machine alone holds the package, and its loss would lose it'
  return { kind: 'sharePackage', key: `sharePackage ${sha256}`, reason, sha256, to }
}
