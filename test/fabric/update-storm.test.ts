/** Requests, troubles and kills in any order: whatever happened, a fabric that is well again comes to rest as it was asked to be. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { array, boolean, constantFrom, assert as holds, nat, property, tuple } from 'fast-check'
import { configuration, type Fabric, production, type Shipped, timers } from './fabric.ts'
import { obey, type Trouble } from './obey.ts'
import { changeTo, ofEach, parcelOf, rollBack, running, upgradeTo, walkOf } from './updates.ts'

type Happening = (fabric: Fabric, parcel: Shipped, pick: number) => void

const modes = ['Auto', 'Manual', 'Simultaneous'] as const
const policies = ['hold', 'rollback', 'continue'] as const
const badNow: Trouble = ({ packageSha256, guest }) =>
  Number(packageSha256.slice(3)) % 2 === 1 && !guest.instance.endsWith('1')
    ? { status: 'CyclingRole', failures: 5 }
    : undefined

const happenings: Readonly<Record<string, Happening>> = {
  upgrade(fabric, parcel, pick) {
    parcel.sha256 = `sha${pick}`
    const counts = { Web: 2 + (pick % 4) }
    fabric.ask(upgradeTo(counts, { mode: modes[pick % 3] ?? 'Auto', onFailure: policies[pick % 3] }))
  },
  change: (fabric, _, pick) =>
    fabric.ask(changeTo(configuration({ Web: 1 + (pick % 5) }), { mode: modes[pick % 3] ?? 'Auto' })),
  walk: (fabric, _, pick) => fabric.ask(walkOf(pick % 3)),
  rollBack: (fabric, _, pick) => fabric.ask(rollBack({ mode: pick % 2 === 0 ? 'Auto' : 'Manual' })),
  remove: (fabric, _, pick) =>
    fabric.ask({ kind: 'deleteInstances', deployment: production, instances: [`Web_IN_${pick % 5}`] }),
  suspend: (fabric, _, pick) =>
    fabric.ask({
      kind: 'updateDeploymentStatus',
      deployment: production,
      status: pick % 2 === 0 ? 'Suspended' : 'Running',
    }),
  reboot: (fabric, _, pick) =>
    fabric.ask({ kind: 'rebootInstance', deployment: production, instance: `Web_IN_${pick % 3}` }),
  obey: (fabric) => obey(fabric),
  fail: (fabric) => obey(fabric, badNow),
  /** Everybody is prepared, and nobody has drained yet. */
  prepare: (fabric, parcel) => fabric.report('ReadyRole', undefined, { prepared: parcel.sha256 }),
  settle: (fabric) => fabric.pass(timers.settleTime),
  acknowledge: (fabric) => fabric.acknowledge(),
  die: (fabric, _, pick) => silence(fabric, `h${pick % 10}`, timers.hostLostAfter + timers.hostRecoverBudget),
  wait: (fabric) => silence(fabric, '', timers.roleReadyTimeout),
}

/** Time in which every host but one is heard. */
function silence(fabric: Fabric, dead: string, ms: number): void {
  for (let passed = 0; passed < ms; passed += timers.hostLostAfter / 2) {
    fabric.pass(timers.hostLostAfter / 2)
    for (const host of fabric.state.stored.host.keys()) if (host !== dead) fabric.report('BusyRole', [host])
  }
}

/** Every host registers with its facts; what the fabric notes of it is no fact. */
function register(fabric: Fabric): void {
  for (const [name, { lost: _, drain: __, ...facts }] of fabric.state.stored.host) fabric.host(name, facts)
}

/** Every host is back and well, and whatever waits for a user is called for. */
function recover(fabric: Fabric): void {
  register(fabric)
  for (let turn = 0; turn < 60; turn++) {
    obey(fabric)
    fabric.pass(timers.settleTime)
    const { update, wanted } = fabric.deployment()
    if (wanted === 'Suspended')
      fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status: 'Running' })
    if (update?.mode === 'Manual') fabric.ask(walkOf(update.domain))
  }
}

const story = array(tuple(constantFrom(...Object.keys(happenings)), nat(11)), {
  minLength: 1,
  maxLength: 25,
})

describe('updates in any order', () => {
  it('come to rest: one version everywhere, all in rotation, every operation ended (O-6, U-38)', () => {
    holds(
      property(story, boolean(), (steps, kills) => {
        const parcel = parcelOf([{}], 3)
        let fabric = running({ Web: 3 }, parcel)
        for (const [name, pick] of steps) {
          happenings[name]?.(fabric, parcel, pick)
          if (!kills) continue
          fabric = fabric.restarted()
          register(fabric)
        }
        recover(fabric)
        const { update, versions, current, waiting } = fabric.deployment()
        assert.equal(update, undefined, fabric.view().upgrade?.waitsFor)
        assert.deepEqual([Object.keys(versions), waiting], [[String(current)], []])
        const { numbers, packageSha256 } = versions[current] ?? {}
        assert.deepEqual(
          fabric.view().instances.map(({ name }) => name),
          numbers?.['Web']?.map((index) => `Web_IN_${index}`),
        )
        assert.deepEqual(
          ofEach(fabric, (goal) => [goal.packageSha256, goal.machine, goal.keepFormerRoot, goal.guest.topology.length]),
          ofEach(fabric, () => [packageSha256, 'Started', false, numbers?.['Web']?.length]),
        )
        assert.deepEqual(new Set(Object.values(fabric.rotation())), new Set(['in']))
        assert.deepEqual([...fabric.state.observed.leaving.keys()], [])
        assert.deepEqual([...fabric.state.stored.package.keys()], [packageSha256])
        const open = fabric.state.stored.operation.filter(({ status }) => status === 'InProgress')
        assert.deepEqual([...open.values()], [])
      }),
      { numRuns: 150 },
    )
  })
})
