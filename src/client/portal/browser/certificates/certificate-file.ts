import { bytesOfBase64 } from '../../../../front-end/contract/base64.ts'
import { readCertificate } from './read-certificate.ts'

/** Largest certificate file, in bytes: what the API takes in Base64 (`attachmentLimit`). */
export const certificateFileLimit = 768 * 1024

/** Files that hold private keys as well, by their names; the others hold certificates alone. */
export function formatOf(fileName: string): 'pfx' | 'cer' {
  return /\.(pfx|p12)$/i.test(fileName) ? 'pfx' : 'cer'
}

/** The certificate of a .cer file, DER or PEM, in DER; undefined when there is none in it. */
export function derOf(file: Uint8Array): Uint8Array | undefined {
  const pem = new TextDecoder().decode(file)
  const body = /-----BEGIN CERTIFICATE-----([A-Za-z\d+/=\s]+)-----END CERTIFICATE-----/.exec(pem)?.[1]
  const der = body === undefined ? file : bytesOfBase64(body)
  return der && readCertificate(der) ? der : undefined
}

/** SHA-1 in 40 hexadecimal digits, upper case: by that the API names a certificate (K-2). */
export async function thumbprintOf(der: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new Uint8Array(der))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
}
