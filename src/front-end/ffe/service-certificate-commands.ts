import type { Command } from '../../fabric/contract/commands.ts'
import { purposeOfKey, type SealedCertificate } from '../../fabric/contract/service-certificate.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { bytesOfBase64 } from '../contract/base64.ts'
import { refusals } from '../contract/errors.ts'
import { certificateFile } from '../contract/wire/service-certificates.ts'
import { bodyOf, type Call, serviceOf } from './call.ts'
import type { ReadCertificate } from './certificate-commands.ts'

/** Certificates of a PKCS#12 file, with their secret parts. */
export type ReadPfx = (
  file: Uint8Array,
  password: string,
) => Result<readonly { readonly thumbprint: string; readonly data: string; readonly key?: Uint8Array | undefined }[]>

/** Closes a secret so that only the fabric can open it, and for this purpose alone. */
export type Seal = (secret: Uint8Array, purpose: string) => string

export interface CertificateReaders {
  readonly readCertificate: ReadCertificate
  readonly readPfx: ReadPfx
  readonly seal: Seal
}

/** K-1: private keys are sealed here, before they leave the front end. */
export function addServiceCertificate(call: Call, readers: CertificateReaders): Result<Command> {
  const read = bodyOf(call, certificateFile)
  if (!read.ok) return read
  const { format, password } = read.value
  const file = bytesOfBase64(read.value.data)
  if (!file || file.length === 0) return refusals.bad('The element Data is not Base64 of a certificate file.')
  const service = serviceOf(call)
  if (format === 'cer') {
    const certificate = readers.readCertificate(read.value.data)
    return certificate ? added(service, [certificate]) : refusals.bad('The data is not an X.509 certificate.')
  }
  const opened = readers.readPfx(file, password)
  if (!opened.ok) return opened
  const chain = opened.value.flatMap(({ thumbprint, key }) => (key ? [] : [thumbprint]))
  const certificates = opened.value.map(({ thumbprint, data, key }) => ({
    thumbprint,
    data,
    ...(key && { sealedKey: readers.seal(key, purposeOfKey(service, thumbprint)) }),
    ...(key && chain.length > 0 && { chain }),
  }))
  return added(service, certificates)
}

/** K-3: the last segment of the path is `sha1-<thumbprint>`, in any case. */
export function deleteServiceCertificate(call: Call): Result<Command> {
  const thumbprint = thumbprintIn(call)
  if (thumbprint === undefined)
    return refusals.missing(`The certificate ${call.params['certificate']} was not found. Name it sha1-<thumbprint>.`)
  return fine({ kind: 'deleteServiceCertificate', service: serviceOf(call), thumbprint })
}

/** The thumbprint, in upper case, in the path of a certificate; undefined when there is none. */
export function thumbprintIn(call: Call): string | undefined {
  return /^sha1-([\da-f]{40})$/i.exec(call.params['certificate'] ?? '')?.[1]?.toUpperCase()
}

function added(service: string, certificates: readonly SealedCertificate[]): Result<Command> {
  const distinct = certificates
    .map(({ thumbprint, data, sealedKey, chain }) => ({ thumbprint, data, sealedKey, chain }))
    .filter((one, at, all) => all.findIndex(({ thumbprint }) => thumbprint === one.thumbprint) === at)
  return fine({ kind: 'addServiceCertificates', service, certificates: distinct })
}
