import { electionTimes } from '../../../kernel/election.ts'
import type { Gateway } from './gateway.ts'

/** For one request, in milliseconds. Origin: choice. */
const answerLimitMs = 1_000

/** The lease's ID, decimal; undefined when none was given. One that was given without an answer ends by itself. */
export async function grantLease(gateway: Gateway): Promise<string | undefined> {
  const reply = await gateway.ask<{ readonly ID?: string }>(
    '/v3/lease/grant',
    { TTL: electionTimes.leaseMs / 1_000 },
    answerLimitMs,
  )
  return reply.ok ? reply.value.ID : undefined
}

export async function renewLease(
  gateway: Gateway,
  lease: string,
  timeoutMs: number,
): Promise<'renewed' | 'gone' | 'unanswered'> {
  const reply = await gateway.ask<{ readonly result?: { readonly TTL?: string } }>(
    '/v3/lease/keepalive',
    { ID: lease },
    timeoutMs,
  )
  if (!reply.ok) return reply.why === 'refused' ? 'gone' : 'unanswered'
  return Number(reply.value.result?.TTL ?? 0) > 0 ? 'renewed' : 'gone'
}

/** Ends it, and drops the keys that it holds. Tried twice; without an answer it ends by itself. */
export async function revokeLease(gateway: Gateway, lease: string): Promise<void> {
  const revoke = () => gateway.ask('/v3/lease/revoke', { ID: lease }, answerLimitMs)
  const first = await revoke()
  if (!first.ok && first.why !== 'refused') await revoke()
}
