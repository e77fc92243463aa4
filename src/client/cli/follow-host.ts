import { setTimeout as delay } from 'node:timers/promises'
import { Failure } from './failure.ts'
import { pollMs, type Watch } from './follow.ts'
import { waitLines } from './host-lines.ts'
import type { Host } from './service-management.ts'

/** Waits until nothing runs on a host any more, and shows what that waits for. Throws a Failure when the drain is broken off. */
export async function hostDrained(watch: Watch, name: string, operation: string): Promise<void> {
  for (;;) {
    const { status, error } = await watch.fabric.operation(operation)
    if (status !== 'InProgress') watch.terminal.settle()
    if (status === 'Succeeded') return
    if (status === 'Failed')
      throw new Failure(
        `The host ${name} is not drained: ${error?.message ?? 'the operation failed.'} (operation ${operation}: ${error?.code ?? 'Failed'})`,
        undefined,
        { operation, code: error?.code },
      )
    const host = await hostNamed(watch, name)
    watch.terminal.progress([`${name} is being drained`, ...waitLines(host?.waitsFor ?? [])])
    await delay(pollMs, undefined, { signal: watch.signal })
  }
}

/** Waits until what stood still on a host is Ready again, or has had its time (H-23). */
export async function hostIsBack(watch: Watch, name: string): Promise<void> {
  for (;;) {
    const waitsFor = (await hostNamed(watch, name))?.waitsFor ?? []
    if (waitsFor.length === 0) {
      watch.terminal.settle()
      return
    }
    watch.terminal.progress([`${name} is given back`, ...waitLines(waitsFor)])
    await delay(pollMs, undefined, { signal: watch.signal })
  }
}

/** Names of hosts compare without regard to case, as the fabric does. */
async function hostNamed({ fabric }: Watch, name: string): Promise<Host | undefined> {
  return (await fabric.hosts()).find((host) => host.name.toLowerCase() === name.toLowerCase())
}
