import type { Effect, Outcome } from '../../fabric/controller/action.ts'
import type { Candidate, Shared } from '../../fabric/package-store/package-peers.ts'
import type { StoredPackage } from '../../fabric/package-store/package-store.ts'
import { fine, refused } from '../../kernel/fault.ts'
import type { Clock } from '../clock.ts'
import type { Vault } from '../memory-store.ts'

export interface SimulatedControllerFacilities {
  readonly clock: Clock
  /** Packages in the Blob service, by address. */
  readonly blobs: ReadonlyMap<string, StoredPackage>
  /** The controller's own packages, by SHA-256 (design.md 9.9); they outlive it. */
  readonly packages: Set<string>
  /** Those of another candidate; undefined while it does not answer. Absent: there is no other one. */
  readonly packagesAt?: ((candidate: string) => Set<string> | undefined) | undefined
  /** On the disk of the packages. */
  readonly vault: Pick<Vault, 'refusesAll'>
}

interface Course {
  readonly ms: number
  outcome?(action: Effect, facilities: SimulatedControllerFacilities): Outcome
}

/** How long each kind of action takes, and its result, if it has one. */
const effects: Readonly<Record<Effect['kind'], Course>> = {
  fetchPackage: { ms: 400, outcome: fetched },
  dropPackage: { ms: 10, outcome: dropped },
  copyPackage: { ms: 400, outcome: () => ({ kind: 'copied', result: fine(undefined) }) },
  addMember: { ms: 20, outcome: added },
  promoteMember: { ms: 20, outcome: changed },
  removeMember: { ms: 20, outcome: changed },
  sharePackage: { ms: 300, outcome: shared },
  bringPackage: { ms: 300, outcome: brought },
}

/** Carries out what the controller decides. */
export function performController(facilities: SimulatedControllerFacilities) {
  return (action: Effect, settled: (outcome: Outcome) => void): void => {
    const { ms, outcome } = effects[action.kind]
    facilities.clock.schedule(facilities.clock.now() + ms, () =>
      settled(outcome?.(action, facilities) ?? { kind: 'done' }),
    )
  }
}

function fetched(action: Effect, { blobs, packages, packagesAt, vault }: SimulatedControllerFacilities): Outcome {
  if (vault.refusesAll())
    return { kind: 'fetched', result: refused('InternalError', 'The disk of this machine is full. Free some space.') }
  const url = action.kind === 'fetchPackage' ? action.url : ''
  const found = blobs.get(url)
  if (found) packages.add(found.sha256)
  const result = found ? fine(found) : refused('BadRequest', `There is no blob at ${url}. Upload the package first.`)
  if (!found || action.kind !== 'fetchPackage' || !action.to) return { kind: 'fetched', result }
  return { kind: 'fetched', result, shared: copied(found.sha256, action.to, packagesAt) }
}

function added(action: Effect): Outcome {
  const { name, memberUrl } = action as Effect & { readonly kind: 'addMember' }
  return { kind: 'memberAdded', result: fine({ member: name, initialCluster: `${name}=${memberUrl}` }) }
}

function changed(): Outcome {
  return { kind: 'memberChanged', result: fine(undefined) }
}

function dropped(action: Effect, { packages, packagesAt }: SimulatedControllerFacilities): Outcome {
  if (action.kind === 'dropPackage') {
    packages.delete(action.sha256)
    for (const { name } of action.at ?? []) packagesAt?.(name)?.delete(action.sha256)
  }
  return { kind: 'done' }
}

function shared(action: Effect, { packagesAt }: SimulatedControllerFacilities): Outcome {
  if (action.kind !== 'sharePackage') throw new Error(`${action.kind} shares no package`)
  return { kind: 'shared', shared: copied(action.sha256, action.to, packagesAt) }
}

function brought(action: Effect, { packages, packagesAt }: SimulatedControllerFacilities): Outcome {
  if (action.kind !== 'bringPackage') throw new Error(`${action.kind} brings no package`)
  const from = action.from.find(({ name }) => packagesAt?.(name)?.has(action.sha256))
  if (from) packages.add(action.sha256)
  const failures = action.from.map(({ name }) => `${name} did not give it.`)
  return { kind: 'brought', brought: from ? { from: from.name, failures: [] } : { failures } }
}

/** The first candidate that answers takes it. */
function copied(
  sha256: string,
  to: readonly Candidate[],
  packagesAt: SimulatedControllerFacilities['packagesAt'],
): Shared {
  const holder = to.find(({ name }) => packagesAt?.(name)?.add(sha256))?.name
  const silences = holder === undefined ? to.map(({ name }) => `${name} did not take it.`) : []
  return { holder, refusals: [], silences }
}
