import type { IsolationKind } from '../guest/isolation.ts'
import { guestNetworkOf } from '../guest/namespace/guest-network.ts'
import { type Lack, lacksOf, troubleOutwards } from '../guest/namespace/lacks.ts'
import type { FabricRecord } from './data-directory.ts'
import { wireAddress } from './network.ts'

/** The value of `--isolation`. */
export type AskedIsolation = IsolationKind | 'auto'

/** How the guests of this fabric are separated, and what this machine lacks for more. */
export interface FabricIsolation {
  readonly kind: IsolationKind
  readonly lacks: readonly Lack[]
  /** Whether they live in namespaces of an ordinary user's fabric, in which its Host Agents and its load balancer live too. */
  readonly withoutRoot: boolean
  /** Whether guests without root reach the networks of the machine. */
  readonly outwards: boolean
}

/**
 * What holds for this `up`, and from the first start on for the life of the data directory: the addresses of instances follow from it
 * . Throws an Error with one sentence when the requested kind, or the one in force, is impossible.
 */
export async function chooseIsolation(record: FabricRecord, asked: AskedIsolation): Promise<FabricIsolation> {
  const held = record.isolation === undefined ? 'process' : (record.isolation ?? undefined)
  const lacks =
    asked === 'process' || held === 'process' ? [] : await lacksOf(guestNetworkOf(wireAddress(record.network, 0)))
  const kind = isolationFor(asked, held, lacks)
  return {
    kind,
    // What namespaces would lack is of interest to those who have them.
    lacks: kind === 'process' ? lacks.filter(({ blocks }) => blocks !== false) : lacks,
    withoutRoot: kind === 'namespace' && process.getuid?.() !== 0,
    outwards: troubleOutwards() === undefined,
  }
}

/** The decision alone: from the option, the data directory's value until now, and what the machine lacks. */
export function isolationFor(
  asked: AskedIsolation,
  held: IsolationKind | undefined,
  lacks: readonly Lack[],
): IsolationKind {
  if (held !== undefined && asked !== 'auto' && asked !== held)
    throw new Error(
      `--isolation ${asked}: the guests of this data directory are kept apart by ${held} since its first start, and their addresses follow from that. Leave the option out, or use another directory with --data.`,
    )
  const blocking = lacks.filter(({ blocks }) => blocks === true)
  if (asked === 'auto' && held === undefined && lacks.some(({ blocks }) => blocks === 'unasked')) return 'process'
  if (blocking.length === 0) return held ?? (asked === 'auto' ? 'namespace' : asked)
  if (held === 'process' || asked === 'process') return 'process'
  if (held === undefined && asked === 'auto') return 'process'
  throw new Error(
    `Guests cannot have namespaces of their own here: ${blocking.map(({ sentence }) => sentence).join(' ')}${held === undefined ? ' Without --isolation they are kept apart by process.' : ' The guests of this data directory have them since its first start.'}`,
  )
}
