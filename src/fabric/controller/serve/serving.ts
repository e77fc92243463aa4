import type { SealedKey } from '../../../host/contract/goal.ts'
import type { Driver } from '../../../kernel/drive.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { PackageStore } from '../../package-store/package-store.ts'
import type { Next, Sight } from '../desk/next.ts'
import type { OpenDesk } from '../desk/open-desk.ts'
import type { Message } from '../message.ts'
import type { FabricState } from '../state/state.ts'
import type { Subject } from '../subject.ts'
import type { Answer } from './route.ts'

/** What the routes need from the controller and the world. */
export interface Serving {
  readonly driver: Driver<FabricState, Message, Subject>
  readonly desk: OpenDesk
  readonly clock: { now(): Instant }
  readonly packages: PackageStore
  /** The key of a certificate, sealed under the fabric's key, is sealed again to the host with that certificate, PEM. */
  readonly sealedTo: (host: string, key: SealedKey) => SealedKey
  /** The machine key of a role in a deployment (I-14), sealed to the host with that certificate, PEM. */
  readonly machineKeyTo: (host: string, deployment: string, role: string) => SealedKey
  /** 32 hexadecimal digits that nobody can guess. */
  readonly freshId: () => string
}

/** The desk's answer to a call; `signal`: the caller has gone. */
export function answerOf<Value>(
  { desk }: Serving,
  signal: AbortSignal,
  begin: (sight: Sight) => Next<Value>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = desk.serve(begin, resolve, reject)
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
}

/** A value as JSON, nothing as 204. */
export function jsonOf(value: object | undefined): Answer {
  return value && { json: value }
}

/** Longest hold of a long poll, even if the caller asks for more. */
const longestPollMs = 60_000

/** `?after=<version>&wait=<ms>` of a long poll. */
export function pollOf(query: URLSearchParams): { readonly after: number; readonly waitMs: number } {
  return {
    after: Number(query.get('after')) || 0,
    waitMs: Math.min(longestPollMs, Math.max(0, Number(query.get('wait')) || 0)),
  }
}
