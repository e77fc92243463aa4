import type { KeyAndCertificate } from '../certificates/key-and-certificate.ts'
import { revocationList } from '../certificates/revocation-list.ts'
import type { BackedUpRecords } from './backed-up-records.ts'

/** What this looks at in the records of machines, and of those that were removed (fabric/controller/state/records/machine.ts). */
interface Machine {
  readonly certificates: readonly { readonly party: string; readonly serial: string }[]
}
interface FormerMachine {
  readonly etcdCertificates: readonly { readonly serial: string }[]
}

/** Long before its end the master has told of another list. */
const listLivesMs = 365 * 86_400_000

/**
 * What a new etcd refuses from its first moment, X.509 CRL: certificates of all machines but `machine`, whose controllers may run on. One of them could
 * be elected before the first master has taken the records in. Undefined when etcd is none of the fabric's own.
 */
export function othersRevoked({ keys, open }: BackedUpRecords, machine: string): string | undefined {
  if (!keys.includes('authority/etcd')) return undefined
  const others = keys.filter((key) => key.startsWith('machine/') && key !== `machine/${machine.toLowerCase()}`)
  const serials = [
    ...others.flatMap((key) => (open(key) as Machine).certificates.filter(({ party }) => party === 'etcd')),
    ...keys
      .filter((key) => key.startsWith('formerMachine/'))
      .flatMap((key) => (open(key) as FormerMachine).etcdCertificates),
  ].map(({ serial }) => serial)
  const now = new Date()
  return revocationList(
    open('authority/etcd') as KeyAndCertificate,
    serials.map((serial) => ({ serial, at: now })),
    { thisUpdate: now, nextUpdate: new Date(now.getTime() + listLivesMs) },
  )
}
