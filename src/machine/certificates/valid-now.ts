import { X509Certificate } from 'node:crypto'
import { isoSeconds } from '../../kernel/instant.ts'

const timeFaults: readonly unknown[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']

/** Whether TLS refuses a certificate for the time of this machine; it may have other faults. */
export function isTimeFault(code: unknown): boolean {
  return timeFaults.includes(code)
}

/** Whether it is, by the clock of this machine. */
export function isValidNow({ validFromDate, validToDate }: X509Certificate): boolean {
  const now = Date.now()
  return validFromDate.getTime() <= now && now <= validToDate.getTime()
}

/**
 * Why this machine must not be master, when its own certificate (PEM) is not valid at the time of its clock: those of the others are not either then,
 * and it would answer nobody. Undefined: it is valid.
 */
export function wrongTime(certificatePem: string): string | undefined {
  const own = new X509Certificate(certificatePem)
  if (isValidNow(own)) return undefined
  return `The clock of this machine says ${isoSeconds(Date.now())}, and its own certificate is valid from ${own.validFrom} to ${own.validTo}: it cannot be master. Set the clock.`
}
