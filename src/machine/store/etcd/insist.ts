import { setTimeout as pause } from 'node:timers/promises'
import type { EtcdReply } from './gateway.ts'

/** How long a store may take to open without an answer, in milliseconds. Origin: choice; etcd chooses a new leader in two seconds. */
const patienceMs = 15_000

/** Between two tries, in milliseconds. Origin: choice. */
const retryMs = 100

/** Asks until etcd answers. Rejects with a sentence when it refuses, or says nothing for too long. */
export async function insist<Value>(ask: () => Promise<EtcdReply<Value>>): Promise<Value> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const reply = await ask()
    if (reply.ok) return reply.value
    if (reply.why === 'refused') throw new Error(`The store cannot be opened. ${reply.reason}`)
    if (performance.now() > deadline) throw new Error(`The store does not answer. ${reply.reason}`)
    await pause(retryMs)
  }
}
