import type { RoleEnvironmentChange } from './changes.ts'

export interface ChangingEvent {
  readonly changes: readonly RoleEnvironmentChange[]
  /** Set it to take the change with a restart of the role instead of online (U-48). */
  cancel: boolean
}

export interface ChangedEvent {
  readonly changes: readonly RoleEnvironmentChange[]
}

export interface StatusCheckEvent {
  /** Busy until the next check: the instance leaves the load balancer's rotation (H-32). */
  setBusy(): void
}

/** The events of a role environment and the arguments of their listeners. */
export interface RoleEnvironmentEvents {
  changing: ChangingEvent
  changed: ChangedEvent
  /** A topology change sent to all instances at once; it cannot be cancelled (U-53). */
  simultaneousChanging: ChangedEvent
  simultaneousChanged: ChangedEvent
  /** The instance is out of rotation and about to stop; onStop follows (H-27). */
  stopping: Record<string, never>
  statusCheck: StatusCheckEvent
}

export type Listener<Name extends keyof RoleEnvironmentEvents> = (event: RoleEnvironmentEvents[Name]) => unknown

/** Listeners by event. What one throws is reported by `raise`, which waits for all of them in turn. */
export interface EventTable {
  readonly on: <Name extends keyof RoleEnvironmentEvents>(name: Name, listener: Listener<Name>) => void
  readonly off: <Name extends keyof RoleEnvironmentEvents>(name: Name, listener: Listener<Name>) => void
  readonly raise: <Name extends keyof RoleEnvironmentEvents>(
    name: Name,
    event: RoleEnvironmentEvents[Name],
  ) => Promise<void>
}

export function createEventTable(): EventTable {
  const listeners = new Map<string, Set<(event: never) => unknown>>()
  return {
    on(name, listener) {
      listeners.set(name, (listeners.get(name) ?? new Set()).add(listener))
    },
    off(name, listener) {
      listeners.get(name)?.delete(listener)
    },
    async raise(name, event) {
      for (const listener of listeners.get(name) ?? []) await listener(event as never)
    },
  }
}
