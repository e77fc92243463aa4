import type { CertificateRequest, JoinRequest, MachineParty, RenewRequest } from './machines.ts'

/** Longest body of a machine that joins: six requests with keys of 4096 bits have 12 KiB. */
export const joinLimitBytes = 64 * 1024

/** Longest request for a certificate, and longest certificate: several times one with a key of 4096 bits. */
const documentLimit = 8_192

/** Longest version of Reddog that is taken. */
const versionLimit = 64

/** Longest name: a label of DNS (RFC 1035). */
const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/

/** A SHA-256, or a secret. */
const digitsPattern = /^[0-9a-f]{64}$/

const base64Pattern = /^[A-Za-z0-9+/]+={0,2}$/

const parties: ReadonlySet<string> = new Set([
  'machine',
  'host',
  'loadBalancer',
  'controller',
  'frontEnd',
  'etcd',
] satisfies MachineParty[])

type Fields = Readonly<Record<string, unknown>>

/** Who wants to join, in a body that a stranger has sent; undefined when a field is missing, too long or none of its kind. */
export function readJoinRequest(body: unknown): JoinRequest | undefined {
  if (!isRecord(body)) return undefined
  const { secret, name, address, controller, computer, version, portalCertificate } = body
  const requests = requestsOf(body['requests'])
  if (!isDigits(secret) || !isDigits(computer) || typeof controller !== 'boolean' || !requests) return undefined
  if (!isMachineName(name) || !isMachineAddress(address) || !isText(version, versionLimit)) return undefined
  if (portalCertificate !== undefined && !isBase64(portalCertificate)) return undefined
  return { secret, name, address, controller, computer, version, requests, portalCertificate }
}

/** The certificates that a machine wants renewed; undefined as above. */
export function readRenewRequest(body: unknown): RenewRequest | undefined {
  if (!isRecord(body)) return undefined
  const { version } = body
  const requests = requestsOf(body['requests'])
  if (!requests || (version !== undefined && !isText(version, versionLimit))) return undefined
  return { requests, version }
}

/** Letters, digits and hyphens, at most 63. */
export function isMachineName(value: unknown): value is string {
  return typeof value === 'string' && namePattern.test(value)
}

/** IPv4 in its one spelling, that one machine can have. */
export function isMachineAddress(value: unknown): value is string {
  if (!isText(value, 15)) return false
  const numbers = value.split('.').map(Number)
  if (numbers.length !== 4 || numbers.join('.') !== value) return false
  const [first = 0] = numbers
  return first > 0 && first < 224 && numbers.every((one) => one >= 0 && one <= 255)
}

/** 64 lower-case hexadecimal digits. */
export function isDigits(value: unknown): value is string {
  return typeof value === 'string' && digitsPattern.test(value)
}

/** At most one request for each party. */
function requestsOf(value: unknown): readonly CertificateRequest[] | undefined {
  if (!Array.isArray(value) || value.length > parties.size) return undefined
  const requests = value.flatMap((one) => requestOf(one) ?? [])
  const named = new Set(requests.map(({ party }) => party))
  return requests.length === value.length && named.size === value.length ? requests : undefined
}

function requestOf(value: unknown): CertificateRequest | undefined {
  if (!isRecord(value)) return undefined
  const { party, request } = value
  if (typeof party !== 'string' || !parties.has(party) || !isText(request, documentLimit)) return undefined
  return { party: party as MachineParty, request }
}

function isBase64(value: unknown): value is string {
  return isText(value, documentLimit) && base64Pattern.test(value)
}

function isText(value: unknown, limit: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= limit
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
