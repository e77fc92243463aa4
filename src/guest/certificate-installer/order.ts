import type { GuestSpecification } from '../contract/guest-specification.ts'

export type StoredCertificate = GuestSpecification['storedCertificates'][number]

/** The input of a CertificateInstaller on its standard input. */
export interface InstallOrder {
  /** `http://address:port` */
  readonly wireServer: string
  /** Account of the host agent, which serves there. */
  readonly hostUid?: number | undefined
  /** URL of the certificates in the goal state; absent when the host agent gives none (wire-server.md 8). */
  readonly url?: string | undefined
  /** Real path of C:\Certificates: its old content is removed, as a whole. */
  readonly directory: string
  readonly certificates: readonly StoredCertificate[]
}

/** `index.json`: which certificates are installed, so that a role finds them, and a guest agent sees whether these are the ones. */
export const indexName = 'index.json'

/** The files of a certificate, without their endings: by its thumbprint in its store, and by its name, which links there (wire-server.md 8). */
export function filesOf({ name, thumbprint, storeName, level }: StoredCertificate): {
  readonly byThumbprint: string
  readonly byName: string
} {
  return { byThumbprint: `${storeLocations[level]}/${storeName}/${thumbprint}`, byName: name }
}

/** Text of the index. */
export function indexOf(certificates: readonly StoredCertificate[]): string {
  const shown = certificates.map((certificate) => ({
    name: certificate.name,
    thumbprint: certificate.thumbprint,
    storeLocation: storeLocations[certificate.level],
    storeName: certificate.storeName,
  }))
  return `${JSON.stringify(shown, null, 2)}\n`
}

/** How a definition calls the levels of the documents (2.5 of service-model.md). */
const storeLocations = { System: 'LocalMachine', User: 'CurrentUser' } as const
