import type { KeyAndCertificate } from '../certificates/key-and-certificate.ts'
import { revocationList } from '../certificates/revocation-list.ts'
import type { Sealer } from '../certificates/sealer.ts'
import { purposeOf } from '../store/sealed-store.ts'

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
 * be elected before the first master has taken the records in. Undefined when etcd is none of the fabric's own. `lines`: records as a backup has them.
 */
export function othersRevoked(lines: readonly string[], sealer: Sealer, machine: string): string | undefined {
  const sealed = new Map(lines.map((line) => JSON.parse(line) as readonly [string, string]))
  const open = (key: string) => JSON.parse(sealer.open(sealed.get(key) ?? '', purposeOf(key)).toString()) as unknown
  if (!sealed.has('authority/etcd')) return undefined
  const keys = [...sealed.keys()]
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
