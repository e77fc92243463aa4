import type { PackagePeers } from '../package-store/package-peers.ts'
import type { PackageStore } from '../package-store/package-store.ts'

/** The controller's effects on the world: packages, and members of etcd. All else follows from its records. */
export interface ControllerFacilities {
  readonly packages: PackageStore
  /** Absent: the store has no members that machines could bring. */
  readonly members?: EtcdMembers | undefined
  /** Absent in a fabric of one machine, where nothing is asked of any. */
  readonly peers?: PackagePeers | undefined
}

/** Changes members of the store's etcd; what is so already stays so. Each answers all members, or why nothing is known to be changed, in a sentence. */
export interface EtcdMembers {
  list(): Promise<MembersReply>
  /** A member that hinders no quorum. */
  addLearner(memberUrl: string): Promise<MembersReply>
  /** Makes a learner a voter; not while it is not abreast. */
  promote(id: string): Promise<MembersReply>
  remove(id: string): Promise<MembersReply>
}

export type MembersReply =
  | { readonly ok: true; readonly value: readonly EtcdMember[] }
  | { readonly ok: false; readonly reason: string }

export interface EtcdMember {
  readonly id: string
  /** '' until it has started. */
  readonly name: string
  readonly memberUrls: readonly string[]
}
