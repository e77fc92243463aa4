import type { Effect, EffectOf, Outcome } from './action.ts'
import type { ControllerFacilities } from './facilities.ts'
import { addMember, promoteMember, removeMember } from './machines/change-members.ts'

type Effects = {
  readonly [Kind in Effect['kind']]: (action: EffectOf<Kind>) => Promise<Outcome>
}

/** The table from kind to effect. */
export function performWith({ packages, members }: ControllerFacilities): (action: Effect) => Promise<Outcome> {
  const effects: Effects = {
    fetchPackage: async ({ url }) => ({ kind: 'fetched', result: await packages.fetch(url) }),
    dropPackage({ sha256 }) {
      packages.drop(sha256)
      return Promise.resolve({ kind: 'done' })
    },
    copyPackage: async ({ copy }) => ({ kind: 'copied', result: await packages.copy(copy) }),
    addMember: (action) => addMember(members, action),
    promoteMember: (action) => promoteMember(members, action),
    removeMember: (action) => removeMember(members, action),
  }
  return (action) => (effects[action.kind] as (action: Effect) => Promise<Outcome>)(action)
}
