import { setTimeout as delay } from 'node:timers/promises'
import { Failure } from '../failure.ts'
import type { Host } from '../service-management/service-management.ts'
import { pollMs, type Watch } from './follow.ts'
import { waitLines } from './host-lines.ts'
import { notBack, type Standing } from './not-back.ts'

/** Waits until nothing runs on a host any more, and shows what that waits for. Throws a Failure when the drain is cancelled. */
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

/**
 * Waits until the instances on a host have been Ready again for settleTime. Throws a Failure that names those that are not
 * although servicing has gone on without them (H-23), or that have failed since.
 */
export async function hostIsBack(watch: Watch, name: string, operation: string): Promise<void> {
  for (;;) {
    const { waitsFor = [], instances = [] } = (await hostNamed(watch, name)) ?? {}
    const { notReady, haveSettled } =
      waitsFor.length === 0 ? notBack(instances, await standings(watch)) : { notReady: [], haveSettled: false }
    if (haveSettled || notReady.length > 0) watch.terminal.settle()
    if (notReady.length > 0)
      throw new Failure(
        `${name} is given back, and not all of it is Ready: ${notReady.join(', ')}. The fabric goes on trying; look with: reddog status`,
        undefined,
        { operation, host: name, notReady },
      )
    if (haveSettled) return
    const standing = waitsFor.length === 0 ? ['waits until all of it has been Ready for a while'] : waitsFor
    watch.terminal.progress([`${name} is given back`, ...waitLines(standing)])
    await delay(pollMs, undefined, { signal: watch.signal })
  }
}

async function standings({ fabric }: Watch): Promise<readonly Standing[]> {
  const services = await Promise.all((await fabric.services()).map(({ name }) => fabric.service(name)))
  const deployments = services.flatMap(
    (one) => one?.deployments.map(({ id, slot }) => ({ service: one.name, id, slot })) ?? [],
  )
  const found = await Promise.all(
    deployments.map(async ({ service, id, slot }) => ({ service, id, progress: await fabric.progress(service, slot) })),
  )
  return found.flatMap(({ progress, ...one }) => (progress ? [{ ...one, progress }] : []))
}

/** Names of hosts compare without regard to case, as the fabric does. */
async function hostNamed({ fabric }: Watch, name: string): Promise<Host | undefined> {
  return (await fabric.hosts()).find((host) => host.name.toLowerCase() === name.toLowerCase())
}
