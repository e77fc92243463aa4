import type { PackageStore } from '../package-store/package-store.ts'
import type { ActionKind, ControllerAction, Outcome } from './action.ts'

type Effects = {
  readonly [Kind in ActionKind]: (action: Extract<ControllerAction, { readonly kind: Kind }>) => Promise<Outcome>
}

const done: Outcome = { kind: 'done' }

/** A resolution changes nothing on the machine: `settle` makes of it what it means. */
const nothing = (): Promise<Outcome> => Promise.resolve(done)

/** The table from kind to effect. */
export function performWith(packages: PackageStore): (action: ControllerAction) => Promise<Outcome> {
  const effects: Effects = {
    fetchPackage: async ({ url }) => ({ kind: 'fetched', result: await packages.fetch(url) }),
    dropPackage({ sha256 }) {
      packages.drop(sha256)
      return Promise.resolve(done)
    },
    copyPackage: async ({ copy }) => ({ kind: 'copied', result: await packages.copy(copy) }),
    takeOut: nothing,
    takeBack: nothing,
    tell: nothing,
    forget: nothing,
    beginDomain: nothing,
    passDomain: nothing,
    removeInstances: nothing,
    endUpdate: nothing,
    failUpdate: nothing,
    finish: nothing,
    beginServicing: nothing,
    awaitRoom: nothing,
    moveServiced: nothing,
    releaseServiced: nothing,
    endServicing: nothing,
    declareDrained: nothing,
    declareLost: nothing,
    heal: nothing,
    forgetHistory: nothing,
  }
  return (action) => (effects[action.kind] as (action: ControllerAction) => Promise<Outcome>)(action)
}
