/**
 * What an in-place upgrade costs the fabric controller: `node bench/update-cost.ts [most services, 1000]`.
 *
 * The controller's own agent and store (SQLite on disk) among hosts and a balancer that do at once what they are told. Every service has
 * ten role instances over five upgrade domains; settle time 0. Counted is the time in the controller: deciding, storing, and making the
 * goals of the hosts. First one service is upgraded beside all that run, then all of them at once.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from '../src/fabric/contract/commands.ts'
import { party } from '../src/fabric/contract/paths.ts'
import { controller } from '../src/fabric/controller/agent.ts'
import { goalOf } from '../src/fabric/controller/deployment/goals.ts'
import type { Message } from '../src/fabric/controller/message.ts'
import { commitTo } from '../src/fabric/controller/state/commit.ts'
import { goalVersionOf } from '../src/fabric/controller/state/goal-versions.ts'
import { restore, withSubscription } from '../src/fabric/controller/state/restore.ts'
import type { InstanceGoal } from '../src/host/contract/goal.ts'
import type { InstanceReport } from '../src/host/contract/report.ts'
import { timerDefaults } from '../src/kernel/timers.ts'
import { openSqliteStore } from '../src/machine/store/sqlite.ts'
import { osFamilies } from '../src/service-model/operating-systems.ts'
import { virtualClock } from '../src/sim/clock.ts'
import { subscriptionId } from '../src/sim/controller/process.ts'
import { drive } from '../src/sim/drive.ts'
import { performController } from '../src/sim/facilities/controller.ts'
import { configurationOf, packageOf, type SimulatedService } from '../src/sim/package.ts'

const instancesOfService = 10
const instancesOfHost = 10
/** A request in a long-polling fabric comes with the next moment. */
const momentMs = 1

const formOf = (program: string): SimulatedService => ({
  name: 'bench',
  program,
  roles: [
    { name: 'Web', instances: 6, httpPort: 80 },
    { name: 'Worker', instances: 4 },
  ],
})

const most = Number(process.argv[2] ?? 1_000)
/** The first is a warm-up, so that all are measured with the same compiled code. */
measure(10)
for (const services of [most / 100, most / 10, most].map(Math.ceil)) console.log(measure(services))

function measure(services: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-bench-'))
  const fabric = fabricOf(directory, services)
  for (let number = 0; number < services; number++) {
    const service = `service-${number}`
    fabric.send({ kind: 'createService', service, label: '', extendedProperties: {} })
    fabric.send({
      kind: 'createDeployment',
      service,
      slot: 'Production',
      name: service,
      label: '',
      ...fabric.pack('v1'),
      start: true,
      treatWarningsAsError: false,
      extendedProperties: {},
    })
  }
  fabric.runOut()
  const upgrade = (number: number, program: string) =>
    fabric.send({
      kind: 'upgradeDeployment',
      deployment: { service: `service-${number}`, slot: 'Production' },
      mode: 'Auto',
      label: program,
      force: false,
      extendedProperties: {},
      ...fabric.pack(program),
    })
  const one = fabric.timed(() => upgrade(0, 'v2'))
  const all = fabric.timed(() => {
    for (let number = 0; number < services; number++) upgrade(number, 'v3')
  })
  fabric.end()
  rmSync(directory, { recursive: true })
  const instances = services * instancesOfService
  return `${instances} role instances: one service of ${instancesOfService} upgraded in ${one.ms.toFixed(1)} ms of the controller, ${one.commits} commits; all ${services} at once in ${(all.ms / 1_000).toFixed(1)} s, ${(all.ms / services).toFixed(1)} ms a service, ${all.commits} commits.`
}

/** A controller with as many hosts as its services need. */
function fabricOf(directory: string, services: number) {
  const clock = virtualClock(Date.UTC(2026, 0, 1))
  const timers = { ...timerDefaults, settleTime: 0 }
  const store = openSqliteStore(join(directory, 'fabric.db'))
  const facts = { epoch: store.epoch(), network: 5, dnsSuffix: 'localhost', blobHosts: ['blobs'], timers } as const
  const hosts = Array.from(
    { length: Math.max(2, (services * instancesOfService) / instancesOfHost) },
    (_, n) => `host-${n}`,
  )
  const blobs = new Map<string, ReturnType<typeof packageOf>>()
  const first = {
    id: subscriptionId,
    name: 'Bench',
    status: 'Active' as const,
    createdAt: clock.now(),
    maxCores: hosts.length * instancesOfHost * 2,
    maxServices: services,
    certificates: [],
  }
  const restored = restore({ ...facts, policy: 'sameModel', osFamilies }, clock.now(), store.load())
  const commit = commitTo(store)
  let commits = 0
  let spentMs = 0
  let requests = 0
  let reports = 0
  let acknowledged = 0
  const seen = new Map<string, number>()
  const driver = drive({
    agent: controller,
    state: withSubscription(restored, first),
    clock,
    commit(state, ended) {
      if (!state.unsaved.isEmpty()) commits++
      commit(state, ended)
    },
    perform: performController({ clock, blobs, packages: new Set(), vault: { refusesAll: () => false } }),
    changed() {},
    rests: [0],
    defect({ thrown }) {
      throw thrown
    },
    died(error) {
      throw error
    },
  })

  function counted<Value>(work: () => Value): Value {
    const began = performance.now()
    const value = work()
    spentMs += performance.now() - began
    return value
  }

  const settle = (until: number) =>
    counted(() => {
      while (clock.step(until));
    })

  function tell(message: Message): void {
    driver.deliver(message)
  }

  function send(command: Command): void {
    const requestId = (++requests).toString(16).padStart(32, '0')
    const caller = { thumbprint: '', clientAddress: '127.0.0.1' }
    const envelope = { requestId, subscriptionId, operationName: command.kind, objectId: '/', caller, command }
    tell({ kind: 'command', envelope, freshId: `f${requestId.slice(1)}` })
    settle(clock.now())
  }

  function obey(): boolean {
    let told = false
    const { version } = driver.state().observed.rotation
    if (version > acknowledged) {
      acknowledged = version
      told = true
      const drained = [...driver.state().observed.leaving.keys()]
      const report = { balancer: 'bench', acknowledged: version, drained, boundPorts: {}, probedOut: {}, failed: {} }
      tell({ kind: 'balancerReport', balancer: party.loadBalancer, report })
    }
    for (const host of hosts) {
      if (goalVersionOf(driver.state(), host) <= (seen.get(host) ?? 0)) continue
      const goal = counted(() => goalOf(driver.state(), host))
      seen.set(host, goal.version)
      told = true
      const instances = goal.instances.map((one) => reportOf(one, clock.now()))
      tell({
        kind: 'report',
        host,
        report: {
          agentRun: 'bench',
          number: ++reports,
          goalVersion: goal.version,
          complete: false,
          instances,
          gone: [],
        },
      })
    }
    return told
  }

  /** Lets time pass until nothing is asked of anybody any more. */
  function runOut(): void {
    let quiet = 0
    while (quiet < 1_000) {
      quiet = obey() ? 0 : quiet + 1
      settle(clock.now() + momentMs)
    }
    for (const { name, update } of driver.state().stored.deployment.values())
      if (update) throw new Error(`the update of ${name} has not ended in domain ${update.domain}`)
  }

  for (const [number, name] of hosts.entries()) {
    const machine = {
      cores: instancesOfHost,
      memoryMB: 0,
      diskMB: 0,
      faultDomain: number % 2,
      bootId: 'b',
      firstPort: 0,
    }
    tell({ kind: 'register', facts: { name, ...machine, agentRun: 'bench' } })
    const report = { agentRun: 'bench', number: ++reports, goalVersion: 0, complete: true, instances: [], gone: [] }
    tell({ kind: 'report', host: name, report })
  }
  tell({ kind: 'balancerPoll', balancer: party.loadBalancer, open: true })
  settle(clock.now())

  return {
    send,
    runOut,
    pack(program: string) {
      const packageUrl = `http://blobs/packages/${program}.cspkg`
      blobs.set(packageUrl, packageOf(formOf(program)))
      return { packageUrl, configuration: configurationOf(formOf(program)) }
    },
    timed(work: () => void): { readonly ms: number; readonly commits: number } {
      spentMs = 0
      commits = 0
      work()
      runOut()
      return { ms: spentMs, commits }
    },
    end() {
      driver.stop()
      store.close()
    },
  }
}

/** What an instance says that is at once what its goal asks for. */
function reportOf({ key, revision, prepare }: InstanceGoal, since: number): InstanceReport {
  const prepared = prepare && { prepared: prepare.packageSha256 }
  return { key, revision, status: 'ReadyRole', details: '', powerState: 'Started', since, failures: 0, ...prepared }
}
