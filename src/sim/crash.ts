import { narratorOf } from './narrator.ts'
import type { Death, PlanOfDeath } from './plan-of-death.ts'
import { unsettled } from './settled.ts'
import { buildWorld, type World } from './world.ts'

/** Whose death is tried: the controller's, or that of one Host Agent. */
export type Victim = 'controller' | `host-${number}`

export interface Life {
  /** Durable writes of the victim. */
  readonly writes: number
  /** What is not as it was asked for at the end; empty when all is well. */
  readonly complaints: readonly string[]
  readonly transcript: readonly string[]
}

/** Long enough for whatever a death has delayed: the process starts again after 3 s. */
const betweenMs = 60_000

/**
 * The life of a service of six instances: deployed, one rebooted, suspended, resumed, deleted while another one comes. With
 * a `death` the victim dies at that write, and starts again. Every checker is on.
 */
export function liveThrough(victim: Victim, death?: Death): Life {
  const world = buildWorld({ hosts: 3, coresOfHost: 4, faultDomains: 2, seed: 1 })
  const narrator = narratorOf(world)
  const plan = planOf(world, victim)
  if (death) plan.set(death)
  const { frontEnd, clock } = world
  const shop = { service: 'shop', slot: 'Production' } as const
  const form = {
    name: 'shop',
    roles: [
      { name: 'Web', instances: 4, httpPort: 80 },
      { name: 'Worker', instances: 2 },
    ],
  }
  const steps = [
    () => frontEnd.send({ kind: 'createService', service: 'shop', label: '', extendedProperties: {} }),
    () => frontEnd.send(world.upload(form, { ...shop, start: true })),
    () => frontEnd.send({ kind: 'rebootInstance', deployment: shop, instance: 'Web_IN_1' }),
    () => frontEnd.send({ kind: 'updateDeploymentStatus', deployment: shop, status: 'Suspended' }),
    () => frontEnd.send({ kind: 'updateDeploymentStatus', deployment: shop, status: 'Running' }),
    () => frontEnd.send({ kind: 'deleteDeployment', deployment: shop }),
    () => frontEnd.send(world.upload(form, { ...shop, start: true })),
  ]
  const complaints: string[] = []
  try {
    for (const step of steps) {
      step()
      world.runUntil(clock.now() + betweenMs)
      complaints.push(...unsettled(world))
    }
    for (const { command, reply } of frontEnd.requests().values())
      if (!reply || 'refused' in reply) complaints.push(`${command.kind} was refused`)
  } catch (error) {
    complaints.push((error as Error).message)
  }
  return { writes: plan.writes(), complaints, transcript: narrator.tell() }
}

function planOf({ vault, hosts }: World, victim: Victim): PlanOfDeath {
  const host = hosts.get(victim)
  return host ? host.disk.death : vault.death
}
