import type { Lease, ProcessPool, StartFault } from '../program/process-pool.ts'
import { type Exchanged, type ExchangeFault, exchange, type Sent, type Wire } from './exchange.ts'

export type Asked =
  | { readonly kind: 'answered'; readonly exchanged: Exchanged & { readonly ok: true }; readonly lease: Lease }
  | { readonly kind: 'notStarted'; readonly fault: StartFault }
  /** `written`: the last output of the program. */
  | { readonly kind: 'failed'; readonly fault: ExchangeFault; readonly written: string }

/** Sends a request to a program of a pool. If the program ended just before, and took nothing of the request, another one is tried, once. */
export async function askPool(pool: ProcessPool, wire: Omit<Wire, 'target'>, sent: Sent): Promise<Asked> {
  for (let isLast = false; ; isLast = true) {
    const taken = await pool.take(sent.signal)
    if (!taken.ok) return { kind: 'notStarted', fault: taken.fault }
    const { lease } = taken
    const exchanged = await exchange({ ...wire, target: lease.target }, sent)
    if (exchanged.ok) return { kind: 'answered', exchanged, lease }
    const isRefused = exchanged.fault.kind === 'refused'
    lease.release(isRefused)
    if (isLast || !isRefused || sent.signal.aborted)
      return { kind: 'failed', fault: exchanged.fault, written: lease.program.written() }
  }
}
