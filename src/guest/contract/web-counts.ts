import { own } from '../../kernel/own.ts'

const siteFields = [
  'receivedBytes',
  'sentBytes',
  'requests',
  'gets',
  'posts',
  'notFound',
  'managed',
  'managedErrors',
] as const

/**
 * Of one site, since the listener began: `managed` counts the requests that ASP.NET answered; `managedErrors` counts those of them with status 500
 * or higher.
 */
export type SiteCounts = Readonly<Record<(typeof siteFields)[number], number>>

export const noCounts: SiteCounts = {
  receivedBytes: 0,
  sentBytes: 0,
  requests: 0,
  gets: 0,
  posts: 0,
  notFound: 0,
  managed: 0,
  managedErrors: 0,
}

/** What the listener of an instance has counted; counters of Windows are computed from it (P-19). */
export interface WebCounts {
  /** Connections of clients that are open. */
  readonly connections: number
  /** Requests that wait for a process of their pool. */
  readonly queued: number
  /** Those that found no room to wait, since it began. */
  readonly rejected: number
  /** By the names of the sites. */
  readonly sites: ReadonlyMap<string, SiteCounts>
}

/** Sites of an instance at most that are read. Origin: choice; a definition has some ten. */
const mostSites = 1_000

/** As a line of the listener's socket has it. */
export type WrittenCounts = Omit<WebCounts, 'sites'> & { readonly sites: readonly (readonly [string, SiteCounts])[] }

export function writeWebCounts({ sites, ...counts }: WebCounts): WrittenCounts {
  return { ...counts, sites: [...sites] }
}

/** The content of a line; undefined when it is not such a text. Any program that listens at a socket of the guest may have written it. */
export function readWebCounts(value: unknown): WebCounts | undefined {
  const whole = numbersOf(value, ['connections', 'queued', 'rejected'] as const)
  const sites: unknown = isRecord(value) ? own(value, 'sites') : undefined
  if (!whole || !Array.isArray(sites) || sites.length > mostSites) return undefined
  const read = sites.flatMap((site: unknown) => {
    const [name, counts]: readonly unknown[] = Array.isArray(site) ? site : []
    const numbers = numbersOf(counts, siteFields)
    return typeof name === 'string' && numbers ? [[name, numbers] as const] : []
  })
  return { ...whole, sites: new Map(read) }
}

function numbersOf<Name extends string>(
  value: unknown,
  names: readonly Name[],
): Readonly<Record<Name, number>> | undefined {
  if (!isRecord(value)) return undefined
  const numbers = names.map((name) => [name, own(value, name)] as const)
  const areNumbers = numbers.every(([, number]) => Number.isSafeInteger(number) && (number as number) >= 0)
  return areNumbers ? (Object.fromEntries(numbers) as Record<Name, number>) : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
