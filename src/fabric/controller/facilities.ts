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

/** The members of the store's etcd. Each call rejects with a sentence when etcd refuses or does not answer. */
export interface EtcdMembers {
  list(): Promise<readonly EtcdMemberView[]>
  /** Adds a member that hinders no quorum, and answers all members with it. */
  addLearner(peerUrl: string): Promise<readonly EtcdMemberView[]>
  /** Makes a learner a voter; rejects while it is not abreast. */
  promote(id: string): Promise<void>
  remove(id: string): Promise<void>
}

export interface EtcdMemberView {
  /** As etcd's gateway writes it. */
  readonly id: string
  /** '' until it has started. */
  readonly name: string
  readonly peerUrls: readonly string[]
  readonly isLearner: boolean
}
