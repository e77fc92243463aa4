import { setTimeout as delay } from 'node:timers/promises'
import type { Service } from './answers.ts'
import { Failure } from './failure.ts'
import { pollMs, type Watch } from './follow.ts'
import { waitLines } from './host-lines.ts'
import { notBack } from './not-back.ts'
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

/** Waits until what stands on a host is Ready again. Throws a Failure that says what is not although servicing has gone on without it (H-23). */
export async function hostIsBack(watch: Watch, name: string, operation: string): Promise<void> {
  for (;;) {
    const { waitsFor = [], instances = [] } = (await hostNamed(watch, name)) ?? {}
    if (waitsFor.length === 0) {
      watch.terminal.settle()
      const left = notBack(instances, await servicesOf(watch))
      if (left.length === 0) return
      throw new Failure(
        `${name} is given back, and not all of it is Ready: ${left.join(', ')}. The fabric goes on trying; look with: reddog status`,
        undefined,
        { operation, host: name, notReady: left },
      )
    }
    watch.terminal.progress([`${name} is given back`, ...waitLines(waitsFor)])
    await delay(pollMs, undefined, { signal: watch.signal })
  }
}

async function servicesOf({ fabric }: Watch): Promise<readonly Service[]> {
  const found = await Promise.all((await fabric.services()).map(({ name }) => fabric.service(name)))
  return found.filter((one) => one !== undefined)
}

/** Names of hosts compare without regard to case, as the fabric does. */
async function hostNamed({ fabric }: Watch, name: string): Promise<Host | undefined> {
  return (await fabric.hosts()).find((host) => host.name.toLowerCase() === name.toLowerCase())
}
