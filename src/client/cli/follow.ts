import { setTimeout as delay } from 'node:timers/promises'
import { Failure } from '../failure.ts'
import type { Deployment, Slot } from '../service-management/answers.ts'
import type { ServiceManagement } from '../service-management/service-management.ts'
import type { Progress } from '../service-management/updates.ts'
import { answeringAddresses } from './answering.ts'
import { counted } from './counted.ts'
import { watchFailures } from './failures.ts'
import { detailsOf } from './instance-details.ts'
import { table } from './table.ts'
import type { Terminal } from './terminal.ts'
import type { Call } from './verb.ts'

/** How often the API is polled while we wait: a tenth of a second, which a person feels as at once. */
export const pollMs = 100

export interface Watch {
  readonly fabric: ServiceManagement
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** The tools with which a verb follows its request. A Ctrl-C ends only the watching, with a message. */
export function watching(call: Call, fabric: ServiceManagement, service: string): Watch {
  return watchingWith(call, fabric, `reddog status --service ${service}`)
}

/** The same for things that are not services; `look` is the command that shows their progress. */
export function watchingWith({ terminal, signal }: Call, fabric: ServiceManagement, look: string): Watch {
  signal.addEventListener('abort', () => {
    terminal.settle()
    terminal.note(`No longer watching; what was asked goes on. Look with: ${look}`)
  })
  return { fabric, terminal, signal }
}

/** Waits until an operation has succeeded, and shows meanwhile what `show` finds. Throws a Failure with the operation's own code and text when it failed (O-3). */
export async function operationEnds(
  { fabric, terminal, signal }: Watch,
  requestId: string,
  show?: () => Promise<readonly Deployment[]>,
): Promise<void> {
  terminal.accepted(requestId)
  for (;;) {
    const operation = await fabric.operation(requestId)
    if (operation.status === 'Succeeded') return terminal.settle()
    if (operation.status === 'Failed')
      throw new Failure(
        `${operation.error?.message ?? 'The operation failed.'} (operation ${requestId}: ${operation.error?.code ?? 'Failed'})`,
        undefined,
        { code: operation.error?.code },
      )
    if (show) terminal.progress((await show()).flatMap(({ instances }) => instanceLines(instances)))
    await delay(pollMs, undefined, { signal })
  }
}

/**
 * Waits until every instance of the deployment has been Ready for settleTime, as an update does (U-29), and shows each on its
 * way. Throws a Failure when the deployment is deleted. Throws one with the role's message when an instance has failed
 * recycleThreshold times, when the fabric regards the start as over (T-9), or when roleReadyTimeout is over; the fabric goes on
 * trying even then. The timers are the fabric's own.
 */
export async function instancesReady(watch: Watch, service: string, slot: Slot): Promise<Progress> {
  const { fabric, terminal, signal } = watch
  const began = performance.now()
  const failures = watchFailures()
  const wereReady = new Set<string>()
  let wasStarting = false
  for (;;) {
    const progress = await fabric.progress(service, slot)
    if (!progress) throw wentAway(service, slot)
    const { instances, status, timers } = progress
    terminal.progress(instanceLines(instances.map((one) => ({ ...one, details: detailsOf(one, timers) }))))
    for (const { name } of instances.filter((one) => one.status === 'ReadyRole')) wereReady.add(name)
    if (instances.length > 0 && instances.every(({ hasSettled }) => hasSettled)) {
      terminal.settle()
      return progress
    }
    wasStarting ||= status === 'Starting'
    const startIsOver = wasStarting && status === 'Running' && instances.some(({ name }) => !wereReady.has(name))
    const isLate = performance.now() - began > timers.roleReadyTimeout
    if (failures.see(instances, timers.recycleThreshold) || startIsOver || isLate)
      throw new Failure(
        `Not every instance of "${service}" gets Ready and stays so: ${failures.words(instances)}. The fabric goes on trying; look with: reddog status --service ${service}`,
      )
    await delay(pollMs, undefined, { signal })
  }
}

/** Waits like `instancesReady`, then prints the fabric's warnings and where the deployment answers; `facts` go into the JSON answer. */
export async function readyAndAnswering(watch: Watch, service: string, slot: Slot, facts: object): Promise<void> {
  const { fabric, terminal, signal } = watch
  terminal.warn((await instancesReady(watch, service, slot)).warnings)
  const deployment = await fabric.deployment(service, slot)
  if (!deployment) throw wentAway(service, slot)
  const addresses = await answeringAddresses(deployment, signal)
  const { name: deploymentName, instances } = deployment
  terminal.line(
    `${service} is Ready in ${slot}: ${counted(instances.length, 'instance')}${addresses.length > 0 ? ', at' : '.'}`,
  )
  for (const address of addresses) terminal.line(`  ${address}`)
  terminal.object({ ...facts, deployment: deploymentName, addresses, warnings: terminal.warned() })
}

function wentAway(service: string, slot: Slot): Failure {
  return new Failure(`The deployment in ${slot} of "${service}" went away while its instances started.`)
}

/** One line an instance: name, state, and its guest's message. */
function instanceLines(
  instances: readonly Readonly<Record<'name' | 'status' | 'details', string>>[],
): readonly string[] {
  return table(instances.map(({ name, status, details }) => [`  ${name}`, status, details]))
}
