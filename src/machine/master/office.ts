import type { MasterStore } from '../../kernel/store.ts'
import type { JsonRoute, JsonServerOptions } from '../http/serve-json.ts'

/** A route of the master. `stores`: its answer waits for the store. */
export interface MasterRoute extends JsonRoute {
  readonly stores?: true | undefined
}

/** Where a controller listens, before it knows what it will have to say. */
export interface OfficeOptions extends Omit<JsonServerOptions, 'routes' | 'believes'> {
  /** Routes that are answered by every controller, master or not. */
  readonly always: readonly JsonRoute[]
  /** Tells the starter of the process the port. */
  readonly readyFile: string
  /** Told who is master, while another is: URL of its controller; undefined: nobody. */
  readonly standsBy?: ((master: string | undefined) => void) | undefined
}

/** What the one master of a pool has: the store, opened for it, and the address at which it answers. */
export interface Office {
  readonly store: MasterStore
  /** Answers as the master; resolves with the port. Rejects with a sentence when it cannot be opened. */
  serve(master: {
    readonly routes: readonly MasterRoute[]
    readonly believes?: JsonServerOptions['believes']
  }): Promise<number>
  /** Answers nobody any more; resolves when the last answer has left. */
  close(): Promise<void>
  /** Gives the office up: another may be master at once. */
  resign(): Promise<void>
}
