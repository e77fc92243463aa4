import type { Command } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import type { Instant } from '../../kernel/instant.ts'
import { refusals } from '../contract/errors.ts'
import { subscriptionCertificateDocument } from '../contract/wire/subscription.ts'
import { bodyOf, type Call } from './call.ts'

/** Reads a certificate, Base64 of DER or PEM; undefined when it is none. */
export type ReadCertificate = (
  data: string,
) => { readonly thumbprint: string; readonly data: string; readonly expiresAt: Instant } | undefined

/** S-7. */
export function addManagementCertificate(call: Call, readCertificate: ReadCertificate): Result<Command> {
  const read = bodyOf(call, subscriptionCertificateDocument)
  if (!read.ok) return read
  const certificate = readCertificate(read.value.data)
  if (!certificate)
    return refusals.bad('The element SubscriptionCertificateData is not Base64 of an X.509 certificate.')
  if (read.value.thumbprint.toUpperCase() !== certificate.thumbprint)
    return refusals.bad(
      `The thumbprint given is ${read.value.thumbprint}, and that of the certificate is ${certificate.thumbprint}.`,
    )
  const { thumbprint, data, expiresAt } = certificate
  return fine({ kind: 'addManagementCertificate', thumbprint, data, expiresAt })
}

/** S-7. */
export function deleteManagementCertificate(call: Call): Result<Command> {
  return fine({ kind: 'deleteManagementCertificate', thumbprint: (call.params['thumbprint'] ?? '').toUpperCase() })
}
