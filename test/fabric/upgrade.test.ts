import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CommandOf } from '../../src/fabric/controller/commands/accepted.ts'
import { goalOf } from '../../src/fabric/controller/goals.ts'
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
import { obey, walkThrough } from './obey.ts'

const id = 'a'.repeat(32)

/** Hosts enough in two racks, and a deployment whose instances are all Ready. */
function running(counts: Readonly<Record<string, number>>, parcel: Shipped): Fabric {
  const fabric = fabricOf(parcel)
  for (let number = 0; number < 10; number++) fabric.host(`h${number}`, { faultDomain: number % 2 })
  fabric.ask(createShop)
  fabric.ask(createDeployment({ configuration: configuration(counts) }))
  obey(fabric)
  fabric.done.length = 0
  parcel.sha256 = 'sha2'
  return fabric
}

function parcelOf(roles: readonly RoleText[], domains = 5): Shipped {
  return { ...shipped(), roles, attributes: `upgradeDomainCount="${domains}"` }
}

function upgradeTo(
  counts: Readonly<Record<string, number>>,
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

const told = (fabric: Fabric) => fabric.done.filter(({ kind }) => kind === 'tell').map(({ reason }) => reason)

describe('an automatic upgrade', () => {
  it('walks the domains in order, each together, and ends when no instance is left (U-7 to U-9, U-14 to U-18)', () => {
    const fabric = running({ Web: 4 }, parcelOf([{}], 2))
    fabric.ask(upgradeTo({ Web: 4 }), id)
    assert.equal(fabric.operation(id).status, 'InProgress')
    assert.equal(fabric.view().status, 'RunningTransitioning')
    walkThrough(fabric)
    assert.deepEqual(told(fabric), [
      'upgrade, domain 0 of 2: Web_IN_0 and Web_IN_2 stop together and start with the new role root',
      'upgrade, domain 1 of 2: Web_IN_1 and Web_IN_3 stop together and start with the new role root',
    ])
    assert.equal(fabric.operation(id).status, 'Succeeded')
    assert.equal(fabric.view().status, 'Running')
    const goals = [...fabric.state.stored.host.keys()].flatMap((host) => goalOf(fabric.state, host).instances)
    assert.deepEqual(
      goals.map(({ packageSha256, root, prepare, keepFormerRoot }) => [packageSha256, root, prepare, keepFormerRoot]),
      Array.from({ length: 4 }, () => ['sha2', 2, undefined, false]),
    )
    assert.deepEqual([...fabric.state.stored.package.keys()], ['sha2'], 'the former package is given up')
  })
})
