/** Deployments that run, and the requests that change them. */
import type { OperationRecord } from '../../src/fabric/contract/commands.ts'
import type { CommandOf } from '../../src/fabric/controller/commands/accepted.ts'
import { goalOf } from '../../src/fabric/controller/deployment/goals.ts'
import type { InstanceGoal } from '../../src/host/contract/goal.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import {
  configuration,
  createDeployment,
  createShop,
  type Fabric,
  fabricOf,
  production,
  type RoleText,
  type Shipped,
  shipped,
} from './fabric.ts'
import { obey } from './obey.ts'

export type Counts = Readonly<Record<string, number>>

export const id = 'a'.repeat(32)
export const second = 'b'.repeat(32)

export function parcelOf(roles: readonly RoleText[], domains = 5): Shipped {
  return { ...shipped(), roles, attributes: `upgradeDomainCount="${domains}"` }
}

/** Certificates that the service has. */
export const thumbprints = ['C'.repeat(40), 'D'.repeat(40)] as const

/** Ten hosts in two racks, and a deployment whose instances are all Ready; the next package is another one. */
export function running(
  counts: Counts,
  parcel = parcelOf([{}]),
  change: Parameters<typeof createDeployment>[0] = {},
): Fabric {
  const fabric = fabricOf(parcel)
  for (let number = 0; number < 10; number++) fabric.host(`h${number}`, { faultDomain: number % 2 })
  fabric.ask(createShop)
  const certificates = thumbprints.map((thumbprint) => ({ thumbprint, data: thumbprint }))
  fabric.ask({ kind: 'addServiceCertificates', service: 'shop', certificates })
  fabric.ask(createDeployment({ configuration: configuration(counts), ...change }))
  obey(fabric)
  fabric.done.length = 0
  parcel.sha256 = 'sha2'
  return fabric
}

export function upgradeTo(
  counts: Counts,
  change: Partial<CommandOf<'upgradeDeployment'>> = {},
): CommandOf<'upgradeDeployment'> {
  return {
    kind: 'upgradeDeployment',
    deployment: production,
    mode: 'Auto',
    packageUrl: 'http://blobs/p/shop2.cspkg',
    configuration: configuration(counts),
    label: 'djI=',
    force: false,
    extendedProperties: {},
    ...change,
  }
}

export function changeTo(
  text: string,
  change: Partial<CommandOf<'changeConfiguration'>> = {},
): CommandOf<'changeConfiguration'> {
  return {
    kind: 'changeConfiguration',
    deployment: production,
    configuration: text,
    mode: 'Auto',
    treatWarningsAsError: false,
    extendedProperties: {},
    ...change,
  }
}

export function walkOf(domain: number): CommandOf<'walkUpgradeDomain'> {
  return { kind: 'walkUpgradeDomain', deployment: production, domain }
}

export function rollBack(change: Partial<CommandOf<'rollback'>> = {}): CommandOf<'rollback'> {
  return { kind: 'rollback', deployment: production, mode: 'Auto', force: false, ...change }
}

/** What hosts were told, in the words of the events, in order. */
export function told(fabric: Fabric): readonly string[] {
  return fabric.done.filter(({ kind }) => kind === 'tell').map(({ reason }) => reason)
}

/** What every instance of the production slot is to be, by name. */
export function goals(fabric: Fabric): Readonly<Record<string, InstanceGoal>> {
  const all = [...fabric.state.stored.host.keys()].flatMap((host) => goalOf(fabric.state, host).instances)
  return Object.fromEntries(all.map((goal) => [goal.guest.instance, goal]))
}

/** Something of each instance's goal, by name, in the order of names. */
export function ofEach<Value>(fabric: Fabric, what: (goal: InstanceGoal) => Value): Readonly<Record<string, Value>> {
  const entries = Object.entries(goals(fabric)).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([name, goal]) => [name, what(goal)]))
}

export function refusedWith(reply: { readonly refused: Fault } | { readonly accepted: OperationRecord }): Fault {
  if ('refused' in reply) return reply.refused
  throw new Error(`the command was accepted: ${JSON.stringify(reply.accepted)}`)
}
