import type { MasterStore, SchemaMark } from '../../kernel/store.ts'
import type { etcdMembers } from '../cluster/etcd-members.ts'
import type { RenewableListening } from '../http/listen.ts'
import type { JsonRoute, JsonServerOptions } from '../http/serve-json.ts'

/** A route of the master. `stores`: its answer waits for the store. */
export interface MasterRoute extends JsonRoute {
  readonly stores?: true | undefined
}

/** How a controller listens. */
export interface Listens extends Omit<JsonServerOptions, 'routes'> {
  readonly readyFile: string
  /** Answered also by a candidate that is no master. */
  readonly always: readonly JsonRoute[]
  /** Told once of the listener, whose certificate may be renewed. */
  readonly listens?: ((server: RenewableListening) => void) | undefined
  /** Told who is master, while another is: URL of its controller; undefined: nobody. */
  readonly standsBy?: ((master: string | undefined) => void) | undefined
}

/** What the one master of a pool has: the store, opened for it, and the address at which it answers. */
export interface Office {
  readonly store: MasterStore & SchemaMark
  /** The members of etcd, when the store is in it. */
  readonly members?: ReturnType<typeof etcdMembers> | undefined
  /** Why this one is master, in words, when there are several candidates. */
  readonly because?: string | undefined
  /** Answers at these routes; resolves with the port. Rejects with a sentence when it cannot be opened. */
  serve(routes: readonly MasterRoute[]): Promise<number>
  /** Answers nobody any more; resolves when the last answer has left. */
  close(): Promise<void>
  /** Gives the office up: another may be master at once. */
  resign(): Promise<void>
}
