import type { Instant } from '../../../kernel/instant.ts'
import type { Command } from '../../contract/commands.ts'
import type { Change } from '../state/change.ts'
import type { InstanceRecord } from '../state/records/instance.ts'
import type { Subject } from '../subject.ts'
import type { Begun } from '../update/begin.ts'

export type CommandOf<Kind extends Command['kind']> = Extract<Command, { readonly kind: Kind }>

/** Who asks, and when. */
export interface Request {
  readonly requestId: string
  readonly subscriptionId: string
  /** 32 hexadecimal digits for what the command creates. */
  readonly freshId: string
  readonly now: Instant
}

/** A command that is carried out: its changes are committed together with its operation record. */
export interface Accepted {
  readonly changes: readonly Change[]
  /** Instances that also change. They may be many, so they are stored one by one first; the rest, stored last, makes them count. */
  readonly instances?: readonly InstanceRecord[] | undefined
  readonly touched: readonly Subject[]
  /** A host whose goal changes although none of its instances does. */
  readonly renews?: string | undefined
  /** True: the operation has succeeded already. */
  readonly ended: boolean
  /** An update that begins with the command. */
  readonly begun?: Begun | undefined
  /** Instances that were not healed for lack of room are tried again. */
  readonly makesRoom?: true | undefined
}
