/** What `fabric.json` says of a machine among several: decided when the fabric was begun or joined. */
export interface MachineRecord {
  readonly name: string
  /** IPv4, where the others reach it. */
  readonly address: string
  /** The last number of its host's wire address `127.b.0.number`. */
  readonly number: number
  /** Whether it is a candidate. */
  readonly controller: boolean
  /** `FIRST-LAST` or CIDR; absent: VIPs are on loopback. */
  readonly vipRange?: string | undefined
  /** Where the store is; of candidates alone. */
  readonly etcd?: EtcdRecord | undefined
  /** Whether packages come from an account elsewhere: then there is no Blob service of the fabric's own. */
  readonly blobsElsewhere?: boolean | undefined
}

/** Members of the fabric's own, or an etcd that was there before. */
export type EtcdRecord =
  | {
      readonly kind: 'member'
      /** `--initial-cluster`, as of the member's first start. */
      readonly initialCluster: string
      readonly state: 'new' | 'existing'
      /** Of an etcd that was begun anew by a restore: members of the former one do not take it for theirs. */
      readonly token?: string | undefined
      /** Until it has been made a voter. */
      readonly learns?: boolean | undefined
    }
  | { readonly kind: 'elsewhere'; readonly urls: readonly string[] }
