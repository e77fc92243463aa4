import type { TlsFiles } from '../http/tls.ts'

/** One member of etcd. */
export interface EtcdMember {
  readonly name: string
  readonly dataDirectory: string
  /** IPv4, where clients and the other members reach it. */
  readonly address: string
  readonly clientPort: number
  readonly memberPort: number
  /** `NAME=https://ADDRESS:PORT`, by commas: the first members, or those that are there and this one. */
  readonly initialCluster: string
  /** `existing`: it was added to a cluster that runs. */
  readonly state: 'new' | 'existing'
  /** Members of etcds with different tokens never take one another for theirs: one that was restored has its own. */
  readonly token?: string | undefined
  /** Of etcd's own authority, which opens etcd and nothing else; the certificate both dials and serves and bears the address. */
  readonly tls: TlsFiles
  /** Path of the list of revoked certificates, PEM; etcd reads it at every handshake, and refuses everybody when it is missing. */
  readonly revocations?: string | undefined
}

/** Operations in a transaction: a batch of 100 records and what fences it; the default of 128 has no room for a group of records that exceeds a batch. Origin: measured, 1,000 were taken. */
const mostOperations = 1_024

/** A record of 10 MiB, the largest configuration (R-22), sealed and in Base64 twice. Origin: measured, 15 MB were taken. */
const requestLimitBytes = 16 * 1_024 * 1_024

/** Revisions older than that go; none is ever asked for. Origin: choice. */
const keptRevisions = '10m'

/** Of the database; beyond it etcd takes nothing more until there is room. Origin: the most that etcd advises. */
const quotaBytes = 8 * 1_024 * 1_024 * 1_024

/**
 * The command line of a member of etcd 3.4. Start it without variables `ETCD_…` in its environment, which it would read as options too. With the vote
 * before a vote, a member that comes back from a partition does not end its leader's term.
 */
export function etcdArguments(member: EtcdMember): readonly string[] {
  const clients = `https://${member.address}:${member.clientPort}`
  const members = `https://${member.address}:${member.memberPort}`
  const { ca, cert, key } = member.tls
  const options: Readonly<Record<string, string | number | true>> = {
    name: member.name,
    'data-dir': member.dataDirectory,
    'listen-client-urls': clients,
    'advertise-client-urls': clients,
    'listen-peer-urls': members,
    'initial-advertise-peer-urls': members,
    'initial-cluster': member.initialCluster,
    'initial-cluster-state': member.state,
    'initial-cluster-token': member.token ?? 'reddog',
    'client-cert-auth': true,
    'trusted-ca-file': ca,
    'cert-file': cert,
    'key-file': key,
    'peer-client-cert-auth': true,
    'peer-trusted-ca-file': ca,
    'peer-cert-file': cert,
    'peer-key-file': key,
    ...(member.revocations !== undefined && {
      'client-crl-file': member.revocations,
      'peer-crl-file': member.revocations,
    }),
    'max-txn-ops': mostOperations,
    'max-request-bytes': requestLimitBytes,
    'quota-backend-bytes': quotaBytes,
    'auto-compaction-mode': 'periodic',
    'auto-compaction-retention': keptRevisions,
    'pre-vote': true,
    logger: 'zap',
    'log-level': 'warn',
    'log-outputs': 'stderr',
  }
  return Object.entries(options).map(([name, value]) => `--${name}${value === true ? '' : `=${value}`}`)
}
