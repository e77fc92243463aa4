/** A certificate that a cloud service may use, without its key. */
export interface ServiceCertificate {
  /** 40 upper-case hexadecimal digits. */
  readonly thumbprint: string
  /** DER in Base64. */
  readonly data: string
}

export type ServiceCertificateCommand =
  /** All certificates of one file (K-1). Existing ones stay; a key that comes later is added. */
  | {
      readonly kind: 'addServiceCertificates'
      readonly service: string
      readonly certificates: readonly SealedCertificate[]
    }
  | { readonly kind: 'deleteServiceCertificate'; readonly service: string; readonly thumbprint: string }

export interface SealedCertificate extends ServiceCertificate {
  /** Private key in PKCS#8, sealed with the key of the fabric for `purposeOfKey`; absent when the file had none. */
  readonly sealedKey?: string | undefined
  /** Thumbprints of the certificates without key in the file of one with its key: they vouch for it (wire-server.md 8). */
  readonly chain?: readonly string[] | undefined
}

/** What the private key of a certificate is sealed for. */
export function purposeOfKey(service: string, thumbprint: string): string {
  return `certificate ${service.toLowerCase()}/${thumbprint}`
}
