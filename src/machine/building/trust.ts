import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { party } from '../../fabric/contract/paths.ts'
import {
  type CertificateUsage,
  issueCertificate,
  makeAuthority,
  selfSignedCertificate,
} from '../certificates/authority.ts'
import { type Certificate, parseCertificate } from '../certificates/certificate.ts'
import type { KeyAndCertificate } from '../certificates/key-and-certificate.ts'
import { writePublishSettings } from '../certificates/publish-settings.ts'
import { newFabricKey } from '../certificates/sealer.ts'
import type { TlsFiles } from '../http/tls.ts'
import type { Places } from './data-directory.ts'
import { keptPair } from './kept-pair.ts'
import { filesOfParty } from './machine-parties.ts'
import type { MachineRecord } from './machine-record.ts'
import { writeWhole } from './write-whole.ts'

/** A party of the fabric: the name in its certificate, and how it is used (design.md 8). */
interface Party {
  readonly commonName: string
  readonly usage: CertificateUsage
  /** Names and addresses at which it is reached. */
  readonly hosts?: readonly string[]
}

export interface Trust {
  readonly controller: TlsFiles
  readonly frontEnd: TlsFiles
  readonly loadBalancer: TlsFiles
  readonly host: (name: string) => TlsFiles
  /** The portal's management certificate, signed by itself like the user's. */
  readonly portal: TlsFiles
  /** Its server certificate for other machines. */
  readonly portalServer: TlsFiles | undefined
  /** Path of the key under which secrets of users are sealed (design.md 8). */
  readonly fabricKeyFile: string
  /** The building itself, of a machine among several: it asks who the others are. */
  readonly machine?: TlsFiles | undefined
}

/** Names by which the API is reached from this machine. */
const apiHosts = ['localhost', '127.0.0.1', '::1']

/**
 * The certificates of every party, each made when it is first needed and then stored: one authority, which signs for the fabric
 * alone, and one management certificate for the user. Keys have mode 0600.
 */
export function establishTrust(
  places: Places,
  controllerAddress: string,
  hosts: readonly string[],
  portalHost: string | undefined,
): Trust {
  const authority = keptPair(join(places.trust, 'authority.pem'), join(places.trust, 'authority.key'), () =>
    makeAuthority('Reddog fabric'),
  )
  writeWhole(places.authority, authority.certificatePem, 0o644)
  keepManagementPair(places)

  function filesOf(name: string, { commonName, usage, hosts = [] }: Party): TlsFiles {
    const cert = join(places.trust, `${name}.pem`)
    const key = join(places.trust, `${name}.key`)
    keptPair(cert, key, () => issueCertificate(authority, { commonName, usage, hosts }))
    return { ca: places.authority, cert, key }
  }

  const ofHosts = new Map(
    hosts.map((host) => [host, filesOf(host, { commonName: `${party.hostPrefix}${host}`, usage: 'client' })]),
  )
  return {
    portal: portalTrust(places),
    // A file for each address, since the certificate bears it.
    portalServer: portalHost
      ? filesOf(`portal-${portalHost.replaceAll(':', '_')}`, {
          commonName: 'portal',
          usage: 'server',
          hosts: [portalHost],
        })
      : undefined,
    controller: filesOf('controller', { commonName: party.controller, usage: 'server', hosts: [controllerAddress] }),
    frontEnd: filesOf('front-end', { commonName: party.frontEnd, usage: 'both', hosts: apiHosts }),
    loadBalancer: filesOf('load-balancer', { commonName: party.loadBalancer, usage: 'client' }),
    host: (name) => ofHosts.get(name) as TlsFiles,
    fabricKeyFile: keptFabricKey(places),
  }
}

/** The certificates of a machine among several, which were written when the fabric was begun or joined. The portal's own is made here. */
export function machineTrust(places: Places, machine: MachineRecord, portalHost: string | undefined): Trust {
  if (portalHost !== undefined && portalHost !== machine.address)
    throw new Error(
      `--portal-address ${portalHost}: the certificates of this machine bear ${machine.address} alone. Name that address.`,
    )
  const frontEnd = filesOfParty(places, 'frontEnd')
  return {
    machine: filesOfParty(places, 'machine'),
    controller: filesOfParty(places, 'controller'),
    frontEnd,
    loadBalancer: filesOfParty(places, 'loadBalancer'),
    host: () => filesOfParty(places, 'host'),
    portal: portalTrust(places),
    portalServer: portalHost === undefined ? undefined : frontEnd,
    fabricKeyFile: fabricKeyFile(places),
  }
}

/** The portal's management certificate, made when it is missing. */
export function portalTrust(places: Places): TlsFiles {
  const portal = {
    ca: places.authority,
    cert: join(places.trust, 'portal.pem'),
    key: join(places.trust, 'portal.key'),
  }
  keptPair(portal.cert, portal.key, () => selfSignedCertificate('Reddog portal'))
  return portal
}

export function fabricKeyFile(places: Places): string {
  return join(places.trust, 'fabric.key')
}

/** Writes the file that clients sign in with, anew at every start, since the port may be another (S-8). */
export function writeSignIn(places: Places, subscriptionId: string, managementUrl: string): void {
  const pair = managementPair(places)
  writeWhole(places.publishSettings, writePublishSettings({ subscriptionId, name: 'Reddog', managementUrl, ...pair }))
}

/** Whether the user signs in from here: not on a machine that joined. */
export function hasManagementPair(places: Places): boolean {
  return existsSync(places.managementKey)
}

/** Those that are registered when a fabric begins: the user's, which a machine that joined does not have, and the portal's. */
export function managementCertificates(places: Places, { portal }: Pick<Trust, 'portal'>): readonly string[] {
  return [...(hasManagementPair(places) ? [places.managementCertificate] : []), portal.cert]
}

/** The user's management certificate with its key. */
export function managementPair(places: Places): KeyAndCertificate {
  return {
    certificatePem: readFileSync(places.managementCertificate, 'utf8'),
    keyPem: readFileSync(places.managementKey, 'utf8'),
  }
}

/** A certificate of ours as the fabric registers it for the subscription. */
export function registeredForm(file: string): { readonly thumbprint: string; readonly data: string } {
  const { thumbprint, der } = parseCertificate(readFileSync(file)) as Certificate
  return { thumbprint, data: der.toString('base64') }
}

/** The user's own, made when it is missing. */
export function keepManagementPair(places: Places): void {
  keptPair(places.managementCertificate, places.managementKey, () => selfSignedCertificate('Reddog management'))
}

/** Path of the fabric's key. It lives as long as the data directory: without it nothing that was sealed can be opened. */
export function keptFabricKey(places: Places): string {
  const file = fabricKeyFile(places)
  if (!existsSync(file)) writeWhole(file, newFabricKey())
  return file
}
