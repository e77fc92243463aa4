import type { Instant } from '../../kernel/instant.ts'
import { child, childText, parseXml } from '../../kernel/xml.ts'

export type LeaseStatus = 'Started' | 'Busy' | 'Recycle' | 'Stopped'

/** One document written to the current state endpoint (role-runtime.md 6). */
export type StatusLease =
  | {
      readonly kind: 'acquire'
      readonly clientId: string
      readonly incarnation: number
      readonly status: LeaseStatus
      /** Infinity: for ever. */
      readonly expires: Instant
    }
  | { readonly kind: 'release'; readonly clientId: string }

/** Most that is read of one document, and the longest time for it (role-runtime.md 6, rule 3). */
export const currentStateLimits = { bytes: 64 * 1024, milliseconds: 10_000 } as const

/** Longest ClientId: the published clients send a GUID. */
const clientIdLimit = 256

const statuses: readonly string[] = ['Started', 'Busy', 'Recycle', 'Stopped'] satisfies LeaseStatus[]

/** The lease of a document, its elements in any order; undefined when it is not one: it is logged and dropped then. */
export function readCurrentState(text: string): StatusLease | undefined {
  try {
    const root = parseXml(text)
    const lease = root.local === 'CurrentState' ? child(root, 'StatusLease') : undefined
    const clientId = lease?.attributes['ClientId']
    if (!lease || !clientId || clientId.length > clientIdLimit) return undefined
    if (child(lease, 'Release')) return { kind: 'release', clientId }
    const acquire = child(lease, 'Acquire')
    const status = childText(acquire, 'Status') ?? ''
    const incarnation = readNumber(childText(acquire, 'Incarnation') ?? '')
    const expires = readMoment(childText(acquire, 'Expiration') ?? '')
    if (!statuses.includes(status) || incarnation === undefined || expires === undefined) return undefined
    return { kind: 'acquire', clientId, incarnation, status: status as LeaseStatus, expires }
  } catch {
    return undefined
  }
}

/** A decimal number that is exact, of ten digits in the goal state (role-runtime.md 4.2, rule 6). */
function readNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Years that mean for ever: the last one of the type, and later ones (role-runtime.md 6, rule 2). */
const lastYear = 9999

/** An xsd:dateTime with up to 7 decimals and Z, an offset or neither (which is UTC). */
function readMoment(text: string): Instant | undefined {
  const parts = /^(\d{4,})-(\d\d)-(\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?(Z|[+-]\d\d:\d\d)?$/.exec(text)
  if (!parts) return undefined
  const [, year = '', month, rest, decimals = '', zone = 'Z'] = parts
  if (Number(year) >= lastYear) return Number.POSITIVE_INFINITY
  const moment = Date.parse(`${year}-${month}-${rest}.${decimals.slice(0, 3).padEnd(3, '0')}${zone}`)
  return Number.isNaN(moment) ? undefined : moment
}
