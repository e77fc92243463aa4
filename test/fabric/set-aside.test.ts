/** A stored record that makes the controller throw costs nobody else anything, and can be deleted (F-27): a real process with a real sealed store. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import type { Command } from '../../src/fabric/contract/commands.ts'
import type { DeploymentRecord } from '../../src/fabric/controller/state/records/deployment.ts'

import { openSealer } from '../../src/machine/certificates/sealer.ts'
import { sealedStore } from '../../src/machine/store/sealed-store.ts'
import { openSqliteStore } from '../../src/machine/store/sqlite.ts'
import { until } from '../until.ts'
import {
  type Building,
  type Host,
  helloConfiguration,
  startBuilding,
  subscriptionId,
  uploadHello,
} from './controller-process.ts'
import { storeBatch } from './store-batch.ts'

let shopId = ''

async function deploy(building: Building, service: string, packageUrl: string): Promise<void> {
  await building.command({ kind: 'createService', service, label: 'cw==', location: 'Reddog', extendedProperties: {} })
  const reply = await building.command(deployment(service, packageUrl))
  assert.ok('accepted' in reply, JSON.stringify(reply))
  assert.deepEqual((await building.ended(reply.accepted.id)).error, undefined)
}

function deployment(service: string, packageUrl: string, instances = 2): Command {
  return {
    kind: 'createDeployment',
    service,
    slot: 'Production',
    name: 'v1',
    label: 'djE=',
    packageUrl,
    configuration: helloConfiguration(instances),
    start: true,
    treatWarningsAsError: false,
    extendedProperties: {},
  }
}

async function allReady(hosts: readonly Host[]): Promise<void> {
  for (const host of hosts) {
    assert.equal(await host.register(), 204)
    const goal = await host.goal()
    assert.ok(goal)
    assert.equal(await host.report(goal, 'ReadyRole'), 204)
  }
}

/** The controller ends, and the deployment `shop` is as no reader lets it in when it comes back. */
async function damaged(building: Building): Promise<void> {
  building.process.kill('SIGKILL')
  await once(building.process, 'exit')
  const store = sealedStore(
    openSqliteStore(join(building.directory, 'data', 'fabric.db')),
    openSealer(join(building.directory, 'fabric.key')),
  )
  const key = `deployment/${shopId}`
  const found = [...store.load()].find(([one]) => one === key)
  assert.ok(found)
  storeBatch(store, { key, value: { ...(found[1] as DeploymentRecord), current: 7 } })
  store.close()
  await building.restart()
}

async function house(t: TestContext) {
  const building = await startBuilding(t, ['recycleDelays=0,100ms'])
  const hosts = [building.host('h0'), building.host('h1')] as const
  for (const host of hosts) await host.register()
  const packageUrl = await uploadHello(building)
  await deploy(building, 'shop', packageUrl)
  await deploy(building, 'blog', packageUrl)
  await allReady(hosts)
  shopId = (await building.service('shop'))?.deployments[0]?.id ?? ''
  return { building, hosts, packageUrl }
}

async function isServed(building: Building, hosts: readonly Host[], service: string): Promise<void> {
  const found = (await building.service(service))?.deployments[0]
  assert.equal(found?.status, 'Running')
  assert.deepEqual(
    found.warnings.filter((one) => one.startsWith('Set aside')),
    [],
  )
  assert.deepEqual(
    found.instances.map(({ status, inRotation }) => [status, inRotation]),
    [
      ['ReadyRole', true],
      ['ReadyRole', true],
    ],
  )
  const table = await building.balancer().rotation()
  const members = table?.endpoints.find(({ id }) => id.startsWith(found.id))?.members
  assert.deepEqual(
    members?.map(({ state }) => state),
    ['in', 'in'],
  )
  for (const host of hosts) assert.ok((await host.goal())?.instances.some(({ key }) => key.startsWith(found.id)))
}

/** Both hosts say that nothing is left of what their goals do not want, until the deployment has gone. */
async function gone(building: Building, hosts: readonly Host[], id: string): Promise<void> {
  await until(async () => {
    for (const host of hosts) {
      const goal = await host.goal()
      assert.ok(goal)
      const leaving = goal.instances.flatMap(({ key, deleting }) => (deleting ? [key] : []))
      await host.report(goal, 'ReadyRole', leaving)
    }
    return (await building.view('operation', { subscriptionId, id }))?.status === 'Succeeded'
  }, 'the deployment is deleted')
}

describe('a deployment whose stored record throws, in a real controller', () => {
  it('is set aside and named; others are served, it can be deleted, and no restart brings it back', async (t) => {
    const { building, hosts, packageUrl } = await house(t)
    await damaged(building)
    await allReady(hosts)
    await isServed(building, hosts, 'blog')

    const shop = (await building.service('shop'))?.deployments[0]
    const words = shop?.warnings.find((one) => one.startsWith('Set aside')) ?? ''
    assert.match(words, /^Set aside because of a defect in the fabric: Error: .+has no version 7.+It can be deleted\.$/)
    assert.deepEqual(
      shop?.instances.map(({ status, details }) => [status, details]),
      [
        ['ReadyRole', words],
        ['ReadyRole', words],
      ],
    )
    const events = await building.view('events', { subscriptionId, service: 'shop', after: 0 })
    assert.ok(events.some(({ kind, reason }) => kind === 'SetAside' && words.includes(reason.slice(0, 80))))
    const log = readFileSync(join(building.directory, 'data', 'FabricController.log'), 'utf8')
    assert.match(log, new RegExp(`deployment/${shopId} is set aside, because decide has thrown: Error: .+ at `))

    await deploy(building, 'mail', packageUrl)
    await allReady(hosts)
    await isServed(building, hosts, 'mail')

    const reply = await building.command({
      kind: 'deleteDeployment',
      deployment: { service: 'shop', slot: 'Production' },
    })
    assert.ok('accepted' in reply, JSON.stringify(reply))
    await building.restart()
    for (const host of hosts) await host.register()
    await gone(building, hosts, reply.accepted.id)
    await building.restart()
    await allReady(hosts)
    assert.deepEqual((await building.service('shop'))?.deployments, [])
    for (const service of ['blog', 'mail']) await isServed(building, hosts, service)
  })

  it('and a request that cannot be thought through has an answer, and changes nothing', async (t) => {
    const building = await startBuilding(t)
    const reply = await building.command({ kind: 'swap', service: 7 } as unknown as Command)
    assert.ok('refused' in reply)
    assert.equal(reply.refused.code, 'InternalError')
    assert.match(
      reply.refused.message,
      /^The server encountered an internal error: TypeError: .+ Nothing was changed\./,
    )
  })
})
