import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { certificateOf } from '../../fabric/contract/machine-certificates.ts'
import type { MachineParty } from '../../fabric/contract/machines.ts'
import { makeAuthority } from '../certificates/authority.ts'
import type { KeyAndCertificate } from '../certificates/key-and-certificate.ts'
import { signRequest } from '../certificates/sign-request.ts'
import type { Places } from './data-directory.ts'
import { keptPair } from './kept-pair.ts'
import { etcdAuthorityFile, partiesOf, requestsOf, writeCertificates } from './machine-parties.ts'
import type { MachineRecord } from './machine-record.ts'
import { keepManagementPair, keptFabricKey } from './trust.ts'
import { writeWhole } from './write-whole.ts'

/** Where they are; on the first machine alone. */
export function authorityFiles(places: Places) {
  return {
    fabric: { cert: join(places.trust, 'authority.pem'), key: join(places.trust, 'authority.key') },
    etcd: { cert: etcdAuthorityFile(places), key: join(places.trust, 'etcd-authority.key') },
  }
}

/** Whether the fabric began on this machine. */
export function hasAuthorities(places: Places): boolean {
  return existsSync(authorityFiles(places).fabric.key)
}

/** The two authorities of a fabric of several machines, with their keys: the controller takes them into its store at its first start. */
export interface Authorities {
  readonly fabric: KeyAndCertificate
  /** None where etcd is elsewhere. */
  readonly etcd: KeyAndCertificate | undefined
}

/** Of the first machine: makes both authorities, and signs what the machine itself needs before there is a controller to ask. */
export function beginTrust(places: Places, machine: MachineRecord, network: number): void {
  const files = authorityFiles(places)
  const member = machine.etcd?.kind === 'member'
  const authorities: Authorities = {
    fabric: keptPair(files.fabric.cert, files.fabric.key, () => makeAuthority('Reddog fabric')),
    etcd: member ? keptPair(files.etcd.cert, files.etcd.key, () => makeAuthority('Reddog etcd')) : undefined,
  }
  writeWhole(places.authority, authorities.fabric.certificatePem, 0o644)
  keepManagementPair(places)
  keptFabricKey(places)
  const parties = partiesOf({ controller: true, member })
  const wanted = requestsOf(places, parties)
  writeCertificates(
    places,
    Object.fromEntries(
      wanted.map(({ party, request }) => [party, signed(authorities, party, request, machine, network)]),
    ),
  )
}

function signed(
  { fabric, etcd }: Authorities,
  party: MachineParty,
  request: string,
  machine: MachineRecord,
  network: number,
): string {
  const wanted = certificateOf(party, machine, network)
  if (!wanted) throw new Error(`${machine.name} is no candidate, and has no certificate for ${party}`)
  const made = signRequest(wanted.authority === 'etcd' && etcd ? etcd : fabric, request, wanted)
  if (!made.ok) throw new Error(made.fault.message)
  return made.value.certificatePem
}
