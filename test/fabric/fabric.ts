/** A fabric without processes: the controller's pure functions, and an hour hand that a test turns. */

import assert from 'node:assert/strict'
import type { Command, CommandReply, OperationRecord, Slot } from '../../src/fabric/contract/commands.ts'
import { party } from '../../src/fabric/contract/paths.ts'
import type { UpgradePolicy } from '../../src/fabric/contract/plan.ts'
import type { DeploymentView } from '../../src/fabric/contract/views.ts'
import type { ControllerAction, Effect, Outcome } from '../../src/fabric/controller/action.ts'
import { controller } from '../../src/fabric/controller/agent.ts'
import type { CommandOf } from '../../src/fabric/controller/commands/accepted.ts'
import { type FirstMachine, withFirstMachine } from '../../src/fabric/controller/machines/first-machine.ts'
import type { Message } from '../../src/fabric/controller/message.ts'
import { batchesOf } from '../../src/fabric/controller/state/batches.ts'
import type { ClusterFacts, FabricFacts } from '../../src/fabric/controller/state/facts.ts'
import { instancesOf } from '../../src/fabric/controller/state/find.ts'
import type { DeploymentRecord } from '../../src/fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import { allSubjects, restore, withSubscription } from '../../src/fabric/controller/state/restore.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import type { Subject } from '../../src/fabric/controller/subject.ts'
import { deploymentView } from '../../src/fabric/controller/views/deployment.ts'
import type { StoredPackage } from '../../src/fabric/package-store/package-store.ts'
import type { HostFacts, InstanceReport } from '../../src/host/contract/report.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import { type OsFamily, osFamilies } from '../../src/service-model/operating-systems.ts'
import { readDefinition } from '../../src/service-model/read-definition.ts'
import type { RoleModel } from '../../src/service-model/role-model.ts'
import type { ServiceModel } from '../../src/service-model/service-model.ts'
import { assertDerived, assertGoals, assertNobodyWaits, assertRotation, goalsOf } from './at-rest.ts'

export const timers = timerDefaults
export const subscriptionId = '00000000-0000-0000-0000-0000000000aa'
const namespace = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

export interface Fabric {
  now: number
  state: FabricState
  /** Actions that were decided since the last look, in order. */
  readonly done: ControllerAction[]
  tell(message: Message): void
  /** Answers at once; `undefined` reply never comes. */
  ask(command: Command, requestId?: string): CommandReply
  operation(id: string): OperationRecord
  /** Lets time pass, and whatever it brings happen. */
  pass(ms: number): void
  host(name: string, facts?: Partial<HostFacts>): void
  /** What every host now says of all that it is to run. */
  report(status: InstanceReport['status'], hosts?: readonly string[], change?: Partial<InstanceReport>): void
  acknowledge(drained?: readonly string[]): void
  deployment(slot?: Slot): DeploymentRecord
  view(slot?: Slot): DeploymentView
  instances(): readonly InstanceRecord[]
  /** State of each member of the rotation, by instance. */
  rotation(): Readonly<Record<string, string>>
  /** The fabric after its controller was killed and started again: all but the stored is gone. */
  restarted(): Fabric
}

/** Body of a role in a definition: behind an http endpoint unless told otherwise. */
export interface RoleText {
  readonly name?: string
  readonly size?: string
  readonly endpoints?: string
  readonly kind?: 'WorkerRole' | 'WebRole'
  /** What else stands in the role. */
  readonly inside?: string
}

/** The package that every address leads to. */
export interface Shipped {
  roles: readonly RoleText[]
  attributes: string
  /** What stands beside its roles in the definition. */
  beside?: string
  roleModels: Readonly<Record<string, RoleModel>>
  /** Of its content. */
  sha256: string
  fault?: Fault
  policy?: UpgradePolicy
  /** In the place of what `roles` say. */
  model?: ServiceModel
  /** Those that Reddog has, when absent. */
  osFamilies?: readonly OsFamily[]
  warnings: readonly string[]
  /** A fabric of several machines, with its first. */
  several?: { readonly cluster: ClusterFacts; readonly first: FirstMachine; memberFault?: Fault | undefined }
}

export const shipped: () => Shipped = () => ({
  roles: [{}],
  attributes: 'upgradeDomainCount="2"',
  roleModels: {},
  sha256: 'sha',
  warnings: [],
})

export function fabricOf(
  parcel: Shipped = shipped(),
  disk = new Map<string, unknown>(),
  epoch = 1,
  now = Date.UTC(2026, 0, 1),
  maxCores = 100,
): Fabric {
  const facts: FabricFacts = {
    epoch,
    network: 77,
    dnsSuffix: 'localhost',
    blobHosts: ['blobs'],
    timers,
    policy: parcel.policy ?? 'sameModel',
    hasMono: false,
    osFamilies: parcel.osFamilies ?? osFamilies,
    cluster: parcel.several?.cluster,
  }
  const wakes = new Map<Subject, number>()
  let requests = 0
  let goals: ReturnType<typeof goalsOf> = new Map()
  const fabric: Fabric = {
    now,
    done: [],
    state: withFirstMachine(
      withSubscription(restore(facts, now, [...disk]), {
        id: subscriptionId,
        name: 'Test',
        status: 'Active',
        createdAt: now,
        maxCores,
        maxServices: 2,
        certificates: [{ thumbprint: 'AA', data: 'first', createdAt: now }],
      }),
      parcel.several?.first,
      now,
    ),
    tell(message) {
      const step = controller.receive(fabric.state, message, fabric.now)
      fabric.state = step.state
      settleAll(step.touched)
    },
    ask(command, requestId = `${epoch}${++requests}`.padStart(32, '0')) {
      const envelope = {
        requestId,
        subscriptionId,
        operationName: command.kind,
        objectId: '/',
        caller: { thumbprint: 'AA', clientAddress: '127.0.0.1' },
        command,
      }
      const before = fabric.state.stored.operation.get(requestId)
      const step = controller.receive(
        fabric.state,
        { kind: 'command', envelope, freshId: `f${requestId.slice(1)}` },
        fabric.now,
      )
      fabric.state = step.state
      const accepted = before ?? step.state.stored.operation.get(requestId)
      settleAll(step.touched)
      return accepted ? { accepted } : { refused: fabric.state.observed.refusals.get(requestId) as Fault }
    },
    operation: (id) => fabric.state.stored.operation.get(id) as OperationRecord,
    pass(ms) {
      const end = fabric.now + ms
      for (;;) {
        const [subject, at] = [...wakes].sort((a, b) => a[1] - b[1])[0] ?? []
        if (subject === undefined || at === undefined || at > end) break
        fabric.now = Math.max(fabric.now, at)
        wakes.delete(subject)
        settleAll([subject])
      }
      fabric.now = end
    },
    host(name, change = {}) {
      const own = { name, cores: 8, memoryMB: 0, diskMB: 0, faultDomain: 0, bootId: 'b', agentRun: 'r', firstPort: 0 }
      fabric.tell({ kind: 'register', facts: { ...own, ...change } })
      fabric.tell({
        kind: 'report',
        host: name,
        report: { agentRun: 'r', number: 0, goalVersion: 0, complete: true, instances: [], gone: [] },
      })
    },
    report(status, hosts = [...fabric.state.stored.host.keys()], change = {}) {
      for (const host of hosts) {
        const here = fabric.state.derived.instancesOn.get(host)?.toArray() ?? []
        const instances = here.map((key) => ({
          key,
          revision: fabric.state.stored.instance.get(key)?.told.revision ?? 0,
          status,
          details: '',
          powerState: 'Started' as const,
          since: fabric.now,
          failures: 0,
          ...change,
        }))
        fabric.tell({
          kind: 'report',
          host,
          report: { agentRun: 'r', number: 0, goalVersion: 0, complete: true, instances, gone: [] },
        })
      }
    },
    acknowledge(drained = []) {
      const acknowledged = fabric.state.observed.rotation.version
      fabric.tell({
        kind: 'balancerReport',
        balancer: party.loadBalancer,
        report: { balancer: 'b', acknowledged, drained, boundPorts: {}, probedOut: {}, failed: {} },
      })
    },
    deployment: (slot = 'Production') =>
      fabric.state.stored.deployment.find((one) => one.slot === slot) as DeploymentRecord,
    view: (slot) => deploymentView(fabric.state, fabric.deployment(slot), fabric.now),
    instances: () => [...fabric.state.stored.deployment.keys()].flatMap((id) => instancesOf(fabric.state, id)),
    rotation: () =>
      Object.fromEntries(
        [...fabric.state.observed.rotation.endpoints.values()]
          .flat()
          .flatMap(({ members }) => members.map(({ instance, state }) => [instance.split('.')[1], state])),
      ),
    restarted() {
      save()
      return fabricOf(parcel, disk, epoch + 1, fabric.now)
    },
  }

  function save(): void {
    for (const batch of batchesOf(fabric.state.unsaved))
      for (const { key, value } of batch)
        if (value === undefined) disk.delete(key)
        else disk.set(key, JSON.parse(JSON.stringify(value)))
    fabric.state = { ...fabric.state, unsaved: fabric.state.unsaved.clear() }
  }

  /** As the drivers do: decide for what was touched, carry out, settle, until nothing is due. */
  function settleAll(touched: readonly Subject[]): void {
    const pending = new Set(touched)
    for (let turns = 0; pending.size > 0; turns++) {
      if (turns > 1_000) throw new Error(`the controller never comes to rest: ${[...pending].join(', ')}`)
      const [subject] = pending as Set<Subject> & Iterable<Subject>
      pending.delete(subject as Subject)
      const { actions, wakeAt } = controller.decide(fabric.state, subject as Subject, fabric.now)
      if (wakeAt === undefined) wakes.delete(subject as Subject)
      else wakes.set(subject as Subject, wakeAt)
      for (const action of actions) {
        fabric.done.push(action)
        const resolved = controller.resolve?.(fabric.state, action, fabric.now)
        const step = resolved ?? controller.settle(fabric.state, action as Effect, outcomeOf(action), fabric.now)
        fabric.state = step.state
        for (const next of [...step.touched, subject as Subject]) pending.add(next)
      }
    }
    save()
    assertNobodyWaits(fabric.state, wakes, fabric.now)
    assertDerived(fabric.state)
    assertRotation(fabric.state)
    const wanted = goalsOf(fabric.state)
    assertGoals(goals, wanted)
    goals = wanted
  }

  function outcomeOf(action: ControllerAction): Outcome {
    const { kind } = action
    const memberFault = parcel.several?.memberFault
    const refused = memberFault && ({ ok: false, fault: memberFault } as const)
    if (kind === 'addMember') {
      const { name, memberUrl } = action
      const value = { member: `id of ${name}`, initialCluster: `${name}=${memberUrl}` }
      return { kind: 'memberAdded', result: refused ?? { ok: true, value } }
    }
    if (kind === 'sharePackage')
      return { kind: 'shared', shared: { holder: action.to[0]?.name, refusals: [], silences: [] } }
    if (kind === 'promoteMember' || kind === 'removeMember')
      return { kind: 'memberChanged', result: refused ?? { ok: true, value: undefined } }
    if (kind === 'copyPackage') return { kind: 'copied', result: { ok: true, value: undefined } }
    if (kind !== 'fetchPackage') return { kind: 'done' }
    if (parcel.fault) return { kind: 'fetched', result: { ok: false, fault: parcel.fault } }
    return { kind: 'fetched', result: { ok: true, value: shippedPackage(parcel) } }
  }

  settleAll(allSubjects(fabric.state))
  return fabric
}

/** The package as it is after it was read. */
export function shippedPackage(parcel: Shipped): StoredPackage {
  const { roleModels, warnings, sha256 } = parcel
  if (parcel.model) return { sha256, model: parcel.model, warnings }
  const definition = readDefinition(definitionText(parcel), { packaged: true })
  if (!definition.value) throw new Error(definition.errors.join(' '))
  const model = {
    definition: definition.value,
    roleModels,
    sdkVersion: '1.2.3.4',
    packageKind: 'legacy',
    entryPointFiles: {},
    contents: {},
  } as const
  return { sha256, model, warnings: [...definition.warnings, ...warnings] }
}

function definitionText({ roles, attributes, beside = '' }: Shipped): string {
  const body = roles.map(
    ({
      name = 'Web',
      size = 'Small',
      endpoints = '<InputEndpoint name="Http" protocol="http" port="80"/>',
      kind = 'WorkerRole',
      inside = '',
    }) => `<${kind} name="${name}" vmsize="${size}">${inside}<Endpoints>${endpoints}</Endpoints></${kind}>`,
  )
  return `<ServiceDefinition name="Shop" ${attributes} xmlns="${namespace}/ServiceDefinition">${body.join('')}${beside}</ServiceDefinition>`
}

/** A .cscfg with these instance counts by role. */
export function configuration(counts: Readonly<Record<string, number>>, inside = ''): string {
  const roles = Object.entries(counts).map(
    ([name, count]) => `<Role name="${name}"><Instances count="${count}"/>${inside}</Role>`,
  )
  return `<ServiceConfiguration serviceName="Shop" xmlns="${namespace}/ServiceConfiguration">${roles.join('')}</ServiceConfiguration>`
}

export const createShop: CommandOf<'createService'> = {
  kind: 'createService',
  service: 'Shop',
  label: 'bA==',
  location: 'Here',
  extendedProperties: {},
}

export function createDeployment(change: Partial<CommandOf<'createDeployment'>> = {}): CommandOf<'createDeployment'> {
  return {
    kind: 'createDeployment',
    service: 'shop',
    slot: 'Production',
    name: 'v1',
    label: 'bA==',
    packageUrl: 'http://blobs/p/shop.cspkg',
    configuration: configuration({ Web: 2 }),
    start: true,
    treatWarningsAsError: false,
    extendedProperties: {},
    ...change,
  }
}

export const production = { service: 'shop', slot: 'Production' } as const

/** Two hosts in two fault domains, and two Ready instances behind an http endpoint, in rotation. */
export function deployed(parcel?: Shipped): Fabric {
  const fabric = fabricOf(parcel)
  fabric.host('a')
  fabric.host('b', { faultDomain: 1 })
  fabric.ask(createShop)
  fabric.ask(createDeployment())
  fabric.acknowledge()
  fabric.report('ReadyRole')
  fabric.acknowledge()
  fabric.done.length = 0
  return fabric
}

/** The command is refused with that code and text, and nothing is stored (E-2). */
export function assertRefused(fabric: Fabric, command: Command, code: string, text: RegExp): void {
  const { stored } = fabric.state
  const reply = fabric.ask(command)
  assert.ok('refused' in reply)
  assert.equal(reply.refused.code, code)
  assert.match(reply.refused.message, text)
  assert.equal(fabric.state.stored, stored)
}
