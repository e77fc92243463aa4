import { type JsonReply, notReached, openJsonClient } from '../../http/json-client.ts'
import type { TlsMaterial } from '../../http/tls.ts'

/** `refused` by etcd, or `unreached`, with nobody to send it to: nothing of it is done, or will be. `unanswered`: it may be done, now or later. */
export type EtcdReply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly why: 'refused' | 'unreached' | 'unanswered'; readonly reason: string }

/** The JSON gateway of etcd's members (`/v3/…`), under a certificate of etcd's own authority. */
export interface Gateway {
  /**
   * Asks one member, the next one after a failure: whoever asks again, asks another. Keys and values are in Base64 there, 64-bit numbers are texts.
   * Send only what may be sent twice.
   */
  ask<Value>(path: string, body: object, timeoutMs: number): Promise<EtcdReply<Value>>
  /** For how long no member has answered, in milliseconds; refusals are answers. */
  silentMs(): number
  /** Shows another certificate from the next connection on. */
  renew(tls: TlsMaterial): void
  close(): void
}

export interface GatewayOptions {
  /** `https://ADDRESS:PORT` of each member, the nearest first. */
  readonly urls: readonly string[]
  readonly tls: TlsMaterial
}

/** Errors of gRPC by which etcd says that it did not do what was asked: InvalidArgument, NotFound, AlreadyExists, PermissionDenied, ResourceExhausted, FailedPrecondition, OutOfRange, Unimplemented, Unauthenticated. */
const refusalCodes: ReadonlySet<unknown> = new Set([3, 5, 6, 7, 8, 9, 11, 12, 16])

export function openGateway({ urls, tls }: GatewayOptions): Gateway {
  const client = openJsonClient(tls)
  let asked = 0
  let answeredAt = Number.NEGATIVE_INFINITY
  return {
    async ask<Value>(path: string, body: object, timeoutMs: number) {
      const turn = asked
      const reply = await client.request<Value>({ url: urls[turn % urls.length] + path, body, timeoutMs })
      const answer = answerOf(reply)
      if (answer.ok || answer.why === 'refused') answeredAt = performance.now()
      // Of several that fail at once, only one moves on.
      else if (asked === turn) asked++
      return answer
    },
    silentMs: () => performance.now() - answeredAt,
    renew: client.renew,
    close: () => client.close(),
  }
}

function answerOf<Value>(reply: JsonReply<Value>): EtcdReply<Value> {
  if (!reply.ok) return { ok: false, why: whyNot(reply), reason: `etcd: ${reply.fault.message}.` }
  // An answer that is a stream has begun with 200 when it fails.
  const failed = (reply.value as { readonly error?: { readonly message?: string } }).error
  if (failed) return { ok: false, why: 'unanswered', reason: `etcd: ${failed.message}.` }
  return { ok: true, value: reply.value }
}

function whyNot({ status, fault }: Extract<JsonReply<unknown>, { ok: false }>) {
  if (status === 0) return fault.code === notReached ? 'unreached' : 'unanswered'
  return refusalCodes.has(fault.code) ? 'refused' : 'unanswered'
}
