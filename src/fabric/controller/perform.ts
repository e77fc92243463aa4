import type { PackagePeers } from '../package-store/package-peers.ts'
import type { Effect, EffectOf, Outcome } from './action.ts'
import type { ControllerFacilities } from './facilities.ts'
import { addMember, promoteMember, removeMember } from './machines/change-members.ts'

type Effects = {
  readonly [Kind in Effect['kind']]: (action: EffectOf<Kind>) => Promise<Outcome>
}

/** The table from kind to effect. */
export function performWith({
  packages,
  members,
  peers = nobody,
}: ControllerFacilities): (action: Effect) => Promise<Outcome> {
  const effects: Effects = {
    async fetchPackage({ url, to }) {
      const result = await packages.fetch(url)
      if (!result.ok || !to) return { kind: 'fetched', result }
      return { kind: 'fetched', result, shared: await peers.share(result.value.sha256, to) }
    },
    async dropPackage({ sha256, at }) {
      packages.drop(sha256)
      if (at) await peers.drop(sha256, at)
      return { kind: 'done' }
    },
    copyPackage: async ({ copy }) => ({ kind: 'copied', result: await packages.copy(copy) }),
    addMember: (action) => addMember(members, action),
    promoteMember: (action) => promoteMember(members, action),
    removeMember: (action) => removeMember(members, action),
    sharePackage: async ({ sha256, to }) => ({ kind: 'shared', shared: await peers.share(sha256, to) }),
    bringPackage: async ({ sha256, from }) => ({ kind: 'brought', brought: await peers.bring(sha256, from) }),
  }
  return (action) => (effects[action.kind] as (action: Effect) => Promise<Outcome>)(action)
}

const nobody: PackagePeers = {
  share: () => Promise.resolve({ refusals: [], silences: [] }),
  bring: () => Promise.resolve({ failures: [] }),
  drop: () => Promise.resolve(),
}
