import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Command } from '../../src/fabric/contract/commands.ts'
import { hostPaths } from '../../src/host/contract/paths.ts'
import { openSqliteStore } from '../../src/machine/store/sqlite.ts'
import { until } from '../until.ts'
import { type Building, helloConfiguration, startBuilding, subscriptionId, uploadHello } from './controller-process.ts'

const createShop: Command = {
  kind: 'createService',
  service: 'Shop',
  label: 'U2hvcA==',
  location: 'Reddog',
  extendedProperties: {},
}

function createDeployment(
  packageUrl: string,
  change: Partial<Extract<Command, { kind: 'createDeployment' }>> = {},
): Command {
  return {
    kind: 'createDeployment',
    service: 'shop',
    slot: 'Production',
    name: 'v1',
    label: 'djE=',
    packageUrl,
    configuration: helloConfiguration(2),
    start: true,
    treatWarningsAsError: false,
    extendedProperties: {},
    ...change,
  }
}

const requestId = 'd'.repeat(32)

/** A fabric of two hosts with the example deployed and every instance Ready and in rotation. */
async function deployed(t: TestContext, timers: readonly string[] = []) {
  const building = await startBuilding(t, timers)
  const hosts = [building.host('h0'), building.host('h1')] as const
  for (const host of hosts) await host.register()
  await building.command(createShop)
  await building.command(createDeployment(await uploadHello(building)), requestId)
  assert.deepEqual((await building.ended(requestId)).error, undefined)
  for (const host of hosts) await host.report(await goalOf(host), 'ReadyRole')
  return { building, hosts }
}

async function goalOf(host: ReturnType<Building['host']>) {
  const goal = await host.goal()
  assert.ok(goal)
  return goal
}

async function instancesOf(building: Building) {
  return (await building.service('shop'))?.deployments[0]?.instances ?? []
}

describe('the controller as a process', () => {
  it('deploys: one instance a fault domain, goals to the hosts, Ready instances in rotation (A-19, S-16, L-1)', async (t) => {
    const { building, hosts } = await deployed(t)
    const [first] = (await goalOf(hosts[0])).instances
    assert.equal(first?.guest.instance, 'Worker_IN_0')
    assert.deepEqual(first.guest.settings, { Greeting: 'hi' })
    assert.deepEqual(
      first.guest.topology.map(({ id, upgradeDomain, faultDomain }) => [id, upgradeDomain, faultDomain]),
      [
        ['Worker_IN_0', 0, 0],
        ['Worker_IN_1', 1, 1],
      ],
    )
    const table = await building.balancer().rotation()
    assert.deepEqual(
      table?.endpoints[0]?.members.map(({ state, port }) => [state, port]),
      [
        ['in', 8080],
        ['in', 8080],
      ],
    )
    const deployment = (await building.service('SHOP'))?.deployments[0]
    assert.equal(deployment?.status, 'Running')
    assert.deepEqual(
      deployment.instances.map(({ name, status, host, inRotation }) => [name, status, host, inRotation]),
      [
        ['Worker_IN_0', 'ReadyRole', 'h0', true],
        ['Worker_IN_1', 'ReadyRole', 'h1', true],
      ],
    )
  })

  it('lets a host read only what is placed on it, and only hosts speak for hosts (design.md 8)', async (t) => {
    const { building, hosts } = await deployed(t)
    const [first] = (await goalOf(hosts[0])).instances
    assert.equal(await hosts[0].get(hostPaths.packages + first?.packageSha256), 200)
    assert.equal(await building.host('h7').get(hostPaths.packages + first?.packageSha256), 403)
    assert.equal(await hosts[0].get('/rotation'), 403)
  })

  it('has a log read by the host of the instance (G-1)', async (t) => {
    const { building, hosts } = await deployed(t)
    const before = await goalOf(hosts[1])
    const asked = hosts[1].goal(before.version, 30_000)
    const ask = {
      subscriptionId,
      service: 'shop',
      slot: 'Production',
      instance: 'worker_in_1',
      log: 'WaAppAgent',
      offset: 0,
    } as const
    const view = building.view('log', ask)
    const [question] = (await asked)?.asks ?? []
    assert.deepEqual([question?.log, question?.key.split('.')[1]], ['WaAppAgent', 'Worker_IN_1'])
    assert.equal(await hosts[0].answer(question?.id ?? '', 'of another host'), 204)
    await hosts[1].answer(question?.id ?? '', 'beat')
    assert.equal((await view)?.text, 'beat')
    assert.equal(await building.view('log', { ...ask, instance: 'Worker_IN_9' }), null)
  })

  it('suspends only what is out of rotation: the balancer acknowledges and drains first (U-63, H-27, L-7)', async (t) => {
    const { building, hosts } = await deployed(t)
    const balancer = building.balancer()
    const before = await balancer.rotation()
    assert.ok(before)
    const poll = balancer.rotation(before.version, 30_000)
    const id = 'e'.repeat(32)
    await building.command(
      { kind: 'updateDeploymentStatus', deployment: { service: 'shop', slot: 'Production' }, status: 'Suspended' },
      id,
    )
    const draining = await poll
    assert.deepEqual(
      draining?.endpoints[0]?.members.map(({ state }) => state),
      ['draining', 'draining'],
    )
    assert.equal((await goalOf(hosts[0])).instances[0]?.machine, 'Started', 'not told before the acknowledgement')
    const next = balancer.rotation(draining?.version, 30_000)
    const keys = draining?.endpoints[0]?.members.map(({ instance }) => instance) ?? []
    await balancer.acknowledge(draining?.version ?? 0, keys)
    assert.equal((await building.ended(id)).status, 'Succeeded')
    assert.equal((await goalOf(hosts[0])).instances[0]?.machine, 'Stopped')
    assert.deepEqual(
      (await next)?.endpoints[0]?.members.map(({ state }) => state),
      ['out', 'out'],
    )
    assert.equal((await building.service('shop'))?.deployments[0]?.status, 'Suspended')
  })

  it('loses no accepted operation to kill -9, and leaves the rotation as it is until the hosts report (O-6, design.md 9.2)', async (t) => {
    const { building, hosts } = await deployed(t, ['drainLimit=500ms'])
    const before = await building.balancer().rotation()
    const id = 'f'.repeat(32)
    const accepted = await building.command(
      { kind: 'deleteDeployment', deployment: { service: 'shop', slot: 'Production' } },
      id,
    )
    assert.ok('accepted' in accepted)
    await building.restart()
    const after = await building.balancer().rotation(before?.version)
    assert.ok(after, 'the version grows over the restart')
    assert.notDeepEqual(
      after.endpoints[0]?.members.map(({ state }) => state),
      ['out', 'out'],
    )
    assert.deepEqual(
      (await instancesOf(building)).map(({ status }) => status),
      ['RoleStateUnknown', 'RoleStateUnknown'],
    )
    for (const host of hosts) {
      const stale = await goalOf(host)
      assert.equal(await host.report(stale, 'ReadyRole'), 409, 'a new controller wants to know the host first')
      await host.register()
      await host.report(stale, 'ReadyRole')
      let goal = stale
      while (!goal.instances[0]?.deleting) goal = (await host.goal(goal.version, 30_000)) ?? goal
      await host.report(
        goal,
        'StoppedVM',
        goal.instances.map(({ key }) => key),
      )
    }
    assert.equal((await building.ended(id)).status, 'Succeeded')
    assert.deepEqual((await building.service('shop'))?.deployments, [])
    assert.deepEqual(
      await building.view('operation', { subscriptionId, id: requestId }).then((one) => one?.status),
      'Succeeded',
    )
  })

  it('takes an interrupted deployment up again after kill -9 (O-6)', async (t) => {
    const building = await startBuilding(t)
    for (const name of ['h0', 'h1']) await building.host(name).register()
    const packageUrl = await uploadHello(building)
    await building.command(createShop)
    await building.command(createDeployment(packageUrl), requestId)
    await building.restart()
    assert.equal((await building.ended(requestId)).status, 'Succeeded')
    assert.equal((await instancesOf(building)).length, 2)
  })

  it('reads a package once, drops it with its last deployment, and refuses what it cannot read (B-1 to B-3)', async (t) => {
    const building = await startBuilding(t)
    for (const name of ['h0', 'h1']) await building.host(name).register()
    const packageUrl = await uploadHello(building)
    await building.command(createShop)
    const outcomes = []
    for (const [index, url] of [
      packageUrl.replace('hello', 'absent'),
      packageUrl.replace('packages', 'moved'),
    ].entries()) {
      await building.command(createDeployment(url), `${index}`.repeat(32))
      outcomes.push((await building.ended(`${index}`.repeat(32))).error?.message)
      assert.deepEqual((await building.service('shop'))?.deployments, [], 'the slot is empty again')
    }
    assert.match(outcomes[0] ?? '', /HTTP 404/)
    assert.match(outcomes[1] ?? '', /HTTP 302/)
    const elsewhere = await building.command(createDeployment('http://169.254.169.254/latest'))
    assert.ok('refused' in elsewhere && elsewhere.refused.code === 'BadRequest')
    await building.command(createDeployment(packageUrl, { treatWarningsAsError: false }), requestId)
    assert.equal((await building.ended(requestId)).status, 'Succeeded')
    assert.equal(readdirSync(join(building.directory, 'data', 'packages')).length, 1)
    assert.deepEqual(readdirSync(join(building.directory, 'data', 'quarantine')), [])
  })

  it('refuses the data directory of a newer Reddog in one sentence', async (t) => {
    const building = await startBuilding(t)
    const database = new DatabaseSync(join(building.directory, 'data', 'fabric.db'))
    database.exec('PRAGMA user_version = 99')
    database.close()
    const { code, said } = await building.refuseToStart()
    assert.equal(code, 1)
    assert.match(said, /^The fabric controller ends: .*fabric\.db was written by a newer Reddog.*\n$/)
  })

  it('has one master: a second process takes over, and the first ends before it does anything more (A-2)', async (t) => {
    const building = await startBuilding(t)
    const first = building.process
    const ended = once(first, 'exit')
    const rival = openSqliteStore(join(building.directory, 'data', 'fabric.db'))
    await building.command(createShop).catch(() => {})
    assert.deepEqual(await ended, [1, null])
    assert.equal(
      [...rival.load()].some(([key]) => key.startsWith('service/')),
      false,
    )
    rival.close()
  })

  it('goes above what hosts and balancer have seen when an older store was brought back, and no lie makes it go far (A-32)', async (t) => {
    const building = await startBuilding(t)
    const host = building.host('host1')
    await host.register()
    const first = (await host.goal())?.version as number
    const epoch = 2 ** 32
    const seen = first + 500 * epoch + 7
    const renewed = await host.goal(seen, 5_000)
    assert.ok((renewed?.version ?? 0) > seen, 'the host is told anew')
    const table = await building.balancer().rotation(seen + 3 * epoch, 5_000)
    assert.ok((table?.version ?? 0) > seen + 3 * epoch, 'so is the balancer')
    const before = (await host.goal())?.version as number
    assert.ok(before > seen + 3 * epoch, 'and the host, with it')
    await host.goal(Number.MAX_SAFE_INTEGER, 0)
    assert.equal((await host.goal())?.version, before, 'nobody else is touched by what cannot be')
    await building.restart()
    await host.register()
    assert.ok(((await host.goal())?.version ?? 0) > before, 'the epoch is kept')
  })

  it('that was stopped for longer than hostLostAfter hears its hosts first, and still loses one that stays silent (H-37)', async (t) => {
    const building = await startBuilding(t, ['hostLostAfter=4s'])
    const host = building.host('host1')
    await host.register()
    const goal = await goalOf(host)
    assert.equal(await host.report(goal, 'ReadyRole'), 204)
    const lost = async () =>
      (await building.view('events', { subscriptionId, after: 0 })).filter(({ kind }) => kind === 'HostLost')
    building.process.kill('SIGSTOP')
    await delay(7_000)
    building.process.kill('SIGCONT')
    assert.equal(await host.report(goal, 'ReadyRole'), 204, 'the host is still known')
    assert.deepEqual(await lost(), [])
    await until(async () => (await lost()).length === 1, 'a host that is silent then is lost')
  })

  it('ends with 0 on SIGTERM', async (t) => {
    const building = await startBuilding(t)
    building.process.kill('SIGTERM')
    assert.deepEqual(await once(building.process, 'exit'), [0, null])
  })
})
