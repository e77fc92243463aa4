/** The checkers of updates can complain: each is shown what it must not let pass. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RotationTable } from '../../src/fabric/contract/rotation.ts'
import type { Change } from '../../src/fabric/controller/state/change.ts'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import type { DeploymentRecord } from '../../src/fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import type { UpdateRecord } from '../../src/fabric/controller/state/records/update.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { badPackage } from '../../src/sim/checkers/bad-package.ts'
import type { Checker } from '../../src/sim/checkers/checker.ts'
import { domainOrder } from '../../src/sim/checkers/domain-order.ts'
import { healedVersion } from '../../src/sim/checkers/healed-version.ts'
import { oneDomain } from '../../src/sim/checkers/one-domain.ts'
import { oneUpdate } from '../../src/sim/checkers/one-update.ts'
import { oneVipOwner } from '../../src/sim/checkers/one-vip-owner.ts'
import { rolledBack } from '../../src/sim/checkers/rolled-back.ts'
import type { World } from '../../src/sim/world.ts'
import { complaints, instancesOf, running, stateOf, update, withState } from './running.ts'

/** The service of two instances in two domains in the middle of an update. */
function updating(world: World, change: Partial<UpdateRecord> = {}, ...others: readonly Change[]): FabricState {
  const deployment = stateOf(world).stored.deployment.first() as DeploymentRecord
  const [version] = Object.values(deployment.versions)
  assert.ok(version)
  const updated = { ...deployment, current: 2, versions: { 1: version, 2: version }, update: { ...update, ...change } }
  return keep(stateOf(world), put('deployment', deployment.id, updated), ...others)
}

/** An instance that the update has moved, with a new role root. */
function moved(instance: InstanceRecord): Change {
  const { key, told } = instance
  const now = { ...told, root: told.root + 1, revision: told.revision + 1, runRevision: told.revision + 1 }
  return put('instance', key, { ...instance, version: 2, movedBy: update.id, told: now })
}

/** What a checker says when one state follows the other. */
function after(make: (world: World) => Checker, states: (world: World) => readonly FabricState[]): readonly string[] {
  const world = running()
  let state = stateOf(world)
  const checker = make(withState(world, () => state))
  checker.check([])
  return states(world).flatMap((next) => {
    state = next
    return checker.check([])
  })
}

describe('the checkers of updates complain', () => {
  it('when an instance is stopped while one of another domain is not back yet (U-10)', () => {
    const found = complaints(oneDomain, (world) => {
      const [first, second] = instancesOf(world)
      return updating(world, { domain: 1 }, moved(first), moved(second))
    })
    assert.match(found[0] ?? '', /Web_IN_1 of domain 1 is stopped while .*Web_IN_0 of domain 0 is not back yet/)
  })

  it('not when all domains were asked for (U-36)', () => {
    const found = complaints(oneDomain, (world) => {
      const [first, second] = instancesOf(world)
      return updating(world, { mode: 'Simultaneous' }, moved(first), moved(second))
    })
    assert.deepEqual(found, [])
  })

  it('when an update goes back, or moves an instance before its turn (U-15, U-31)', () => {
    const back = after(domainOrder, (world) => [updating(world, { domain: 1 }), updating(world, { domain: 0 })])
    assert.match(back[0] ?? '', /the upgrade of shop-production went back from domain 1 \(During\) to 0 \(During\)/)
    const early = after(domainOrder, (world) => [updating(world, {}, moved(instancesOf(world)[1]))])
    assert.match(early[0] ?? '', /Web_IN_1 of domain 1 was moved while domain 0 is During/)
  })

  it('when a domain is walked that nobody has called for (U-27)', () => {
    const manual = { mode: 'Manual', released: -1 } as const
    const found = after(domainOrder, (world) => [
      updating(world, { ...manual, state: 'Before' }),
      updating(world, manual),
    ])
    assert.match(found[0] ?? '', /walks domain 0, which nobody has called for/)
  })

  it('when an instance is left at another version, or an update comes back (U-18, U-38)', () => {
    const left = after(oneUpdate, (world) => [keep(stateOf(world), moved(instancesOf(world)[0]))])
    assert.match(left[0] ?? '', /Web_IN_0 is at version 2, no update is active, and 1 is in force/)
    const again = after(oneUpdate, (world) => [updating(world), updating(world, { id: 'v' }), updating(world)])
    assert.match(again[0] ?? '', /the update u of shop-production was over and is active again/)
  })

  it('when a bad package takes down a second domain (U-29)', () => {
    const found = after(
      (world) => {
        world.programs.set('v1', { failsOnStart: true })
        return badPackage({ ...world, contentOf: () => ({ name: 'shop', roles: [], program: 'v1' }) })
      },
      (world) => {
        const [first, second] = instancesOf(world)
        return [updating(world, {}, moved(first)), updating(world, { domain: 1 }, moved(first), moved(second))]
      },
    )
    assert.deepEqual(found, ['the bad package v1 took down domain 1 of shop-production after domain 0'])
  })

  it('when a rollback leaves an instance at the new version, or touches one that had the former (U-43)', () => {
    const found = after(rolledBack, (world) => {
      const [first, second] = instancesOf(world)
      const renewed = put('instance', second.key, { ...second, told: { ...second.told, root: 2 } })
      const rollback = { kind: 'rollback', target: 1 } as const
      return [updating(world, rollback, moved(first)), keep(stateOf(world), moved(first), renewed)]
    })
    assert.match(found[0] ?? '', /Web_IN_0 is at version 2 after the rollback to 1/)
    assert.match(found[1] ?? '', /Web_IN_1 had not been updated and has a new role root/)
  })

  it('when an instance is healed with a version that its domain should not have yet (U-55)', () => {
    const found = after(healedVersion, (world) => {
      const [, second] = instancesOf(world)
      return [updating(world, {}, put('instance', second.key, { ...second, placement: 2, version: 2 }))]
    })
    assert.match(found[0] ?? '', /Web_IN_1 was healed with version 2 and not with 1/)
  })

  it('when one address leads to two deployments, or a deployment is at two addresses (U-62)', () => {
    const world = running()
    const [endpoint] = world.balancer.table().endpoints
    assert.ok(endpoint)
    const tableOf = (...endpoints: RotationTable['endpoints']) => ({ version: 99, endpoints })
    const said = (table: RotationTable) =>
      oneVipOwner({ ...world, balancers: [{ ...world.balancer, table: () => table }] }).check([])
    assert.match(
      said(tableOf(endpoint, { ...endpoint, id: 'x/Web/HttpIn' }))[0] ?? '',
      /127\.5\.1\.1 leads to .* and to x/,
    )
    assert.match(
      said(tableOf(endpoint, { ...endpoint, vip: '127.5.1.9' }))[0] ?? '',
      /is served at 127\.5\.1\.1 and at/,
    )
    assert.deepEqual(said(tableOf(endpoint)), [])
  })
})
