import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CertificateRequest, MachineParty } from '../../fabric/contract/machines.ts'
import { makeCertificateRequest } from '../certificates/certificate-request.ts'
import type { TlsFiles } from '../http/tls.ts'
import type { Places } from './data-directory.ts'
import { writeWhole } from './write-whole.ts'

/** How the files of a party's certificate are called. */
const fileNames: Readonly<Record<MachineParty, string>> = {
  machine: 'machine',
  host: 'host',
  loadBalancer: 'load-balancer',
  controller: 'controller',
  frontEnd: 'front-end',
  etcd: 'etcd',
}

/** The parties of a machine. */
export function partiesOf(machine: {
  readonly controller: boolean
  readonly member: boolean
}): readonly MachineParty[] {
  return [
    'machine',
    'host',
    'loadBalancer',
    ...(machine.controller ? (['controller', 'frontEnd'] as const) : []),
    ...(machine.member ? (['etcd'] as const) : []),
  ]
}

/** Where the certificate and the key of a party of this machine are. */
export function filesOfParty(places: Places, party: MachineParty): TlsFiles {
  const name = fileNames[party]
  return {
    ca: party === 'etcd' ? etcdAuthorityFile(places) : places.authority,
    cert: join(places.trust, `${name}.pem`),
    key: join(places.trust, `${name}.key`),
  }
}

/** Certificate of etcd's own authority: what the fabric's authority signs does not open etcd. */
export function etcdAuthorityFile(places: Places): string {
  return join(places.trust, 'etcd-authority.pem')
}

/** Certificates that etcd's authority does not stand for any more, X.509 CRL: etcd reads it at each connection. */
export function etcdRevocationsFile(places: Places): string {
  return join(places.trust, 'etcd-revoked.pem')
}

/**
 * The requests of these parties: each key is made when it is first asked for, with its request beside it, and stays for the life of the machine, so
 * that a renewed certificate and the key always fit together.
 */
export function requestsOf(places: Places, parties: readonly MachineParty[]): readonly CertificateRequest[] {
  return parties.map((party) => {
    const { key } = filesOfParty(places, party)
    const file = join(places.trust, `${fileNames[party]}.csr`)
    if (!existsSync(file) || !existsSync(key)) {
      const { keyPem, requestPem } = makeCertificateRequest(party)
      writeWhole(key, keyPem)
      writeWhole(file, requestPem, 0o644)
    }
    return { party, request: readFileSync(file, 'utf8') }
  })
}

/** Writes the certificates that were signed for them. */
export function writeCertificates(places: Places, certificates: Readonly<Partial<Record<MachineParty, string>>>): void {
  for (const [party, pem] of Object.entries(certificates) as readonly (readonly [MachineParty, string])[])
    writeWhole(filesOfParty(places, party).cert, pem, 0o644)
}
