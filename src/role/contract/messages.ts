import type { Instant } from '../../kernel/instant.ts'

/** An exception as the instance's details show it (T-7 of fabric-behaviour.md). */
export interface RoleFailure {
  readonly type: string
  readonly message: string
  readonly stack: string
}

/** What the runtime sends over `reddog-1`: one JSON object a line (role-runtime.md 3). */
export type ServerMessage =
  /** First on every connection: where the role environment of this incarnation lies. */
  | { readonly kind: 'environment'; readonly incarnation: number; readonly path: string }
  | { readonly kind: 'onStart' }
  | { readonly kind: 'run' }
  | { readonly kind: 'statusCheck'; readonly id: number }
  /** `simultaneous`: a topology change that cannot be cancelled (U-53 of fabric-behaviour.md). */
  | {
      readonly kind: 'changing' | 'changed'
      readonly incarnation: number
      readonly path: string
      readonly simultaneous: boolean
    }
  | { readonly kind: 'stop'; readonly deadline: Instant }

/** What a role process answers. */
export type ClientMessage =
  /** First on every connection; `host` is the process that holds the entry point. */
  | { readonly kind: 'hello'; readonly host: boolean }
  | { readonly kind: 'onStartEnded'; readonly result: boolean }
  | { readonly kind: 'runBegan' }
  | { readonly kind: 'runReturned' }
  | {
      readonly kind: 'failed'
      readonly during: 'OnStart' | 'Run' | 'OnStop' | 'loading'
      readonly failure: RoleFailure
    }
  | { readonly kind: 'status'; readonly id: number; readonly busy: boolean }
  | { readonly kind: 'changingEnded'; readonly incarnation: number; readonly cancel: boolean }
  | { readonly kind: 'changedEnded'; readonly incarnation: number }
  | { readonly kind: 'requestRecycle' }
  | { readonly kind: 'stopped' }

/** One message as it goes over the socket. */
export function messageLine(message: ServerMessage | ClientMessage): string {
  return `${JSON.stringify(message)}\n`
}
