import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { InstanceGoal } from '../../src/host/contract/goal.ts'
import { configuration, type Fabric, production, timers } from './fabric.ts'
import { obey, type Trouble, walkThrough } from './obey.ts'
import { id, ofEach, parcelOf, refusedWith, rollBack, running, second, told, upgradeTo, walkOf } from './updates.ts'

const four = { Web: 4 }
const start = (change: Parameters<typeof upgradeTo>[1] = {}) => {
  const fabric = running(four, parcelOf([{}], 2))
  fabric.ask(upgradeTo(four, change), id)
  return fabric
}

/** The new version never gets Ready. */
const neverReady: Trouble = ({ packageSha256 }) => (packageSha256 === 'sha2' ? { status: 'BusyRole' } : undefined)

/** The new version fails in OnStart again and again. */
const failing =
  (failures: number): Trouble =>
  ({ packageSha256 }) =>
    packageSha256 === 'sha2' ? { status: 'CyclingRole', failures, details: 'Unhandled Exception: no.' } : undefined

const shas = (fabric: Fabric) => Object.values(ofEach(fabric, ({ packageSha256 }) => packageSha256)).join(' ')

function turns(fabric: Fabric, count: number, trouble?: Trouble): void {
  for (let turn = 0; turn < count; turn++) {
    obey(fabric, trouble)
    fabric.pass(timers.settleTime)
  }
}

describe('a domain that does not get Ready', () => {
  it('holds: the operation fails at roleReadyTimeout, the update stays, the rest serves on (U-29, U-35)', () => {
    const fabric = start()
    turns(fabric, timers.roleReadyTimeout / timers.settleTime + 3, neverReady)
    const { status, error } = fabric.operation(id)
    assert.deepEqual(
      [status, error?.code, fabric.view().status],
      ['Failed', 'OperationTimedOut', 'RunningTransitioning'],
    )
    assert.match(error?.message ?? '', /domain 0 of 2, was not walked within 1800 s: Web_IN_0 is BusyRole/)
    const { domain, domainState, held } = fabric.view().upgrade ?? {}
    assert.deepEqual([domain, domainState, held?.code], [0, 'During', 'OperationTimedOut'])
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'out', Web_IN_1: 'in', Web_IN_2: 'out', Web_IN_3: 'in' })
    assert.equal(shas(fabric), 'sha2 sha sha2 sha')
  })

  it('goes on by itself when it gets Ready after all', () => {
    const fabric = start()
    turns(fabric, timers.roleReadyTimeout / timers.settleTime + 3, neverReady)
    walkThrough(fabric)
    assert.deepEqual([shas(fabric), fabric.view().status], ['sha2 sha2 sha2 sha2', 'Running'])
    assert.equal(fabric.operation(id).status, 'Failed', 'an operation ends once')
  })

  it('ends the operation earlier when an instance fails recycleThreshold times in a row (U-37)', () => {
    const fabric = start()
    turns(fabric, 3, failing(timers.recycleThreshold - 1))
    assert.equal(fabric.operation(id).status, 'InProgress')
    turns(fabric, 1, failing(timers.recycleThreshold))
    const { error, httpStatus } = fabric.operation(id)
    assert.deepEqual([error?.code, httpStatus], ['UpdateDeploymentRoleRecycleThresholdReached', 400])
    assert.match(error?.message ?? '', /Web_IN_0 failed 5 times in a row.*Unhandled Exception: no\./)
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'out', Web_IN_1: 'in', Web_IN_2: 'out', Web_IN_3: 'in' })
  })

  it('says nothing of what was seen last where an instance gives no details', () => {
    const fabric = start()
    const silently: Trouble = (goal) => {
      const failed = failing(timers.recycleThreshold)(goal)
      return typeof failed === 'object' ? { ...failed, details: '' } : failed
    }
    turns(fabric, 4, silently)
    assert.match(fabric.operation(id).error?.message ?? '', /\(upgrade, domain 0 of 2\)\. The new version /)
  })

  it('does not count failures of the former version', () => {
    const fabric = running(four, parcelOf([{}], 2))
    fabric.report('CyclingRole', undefined, { failures: 9 })
    fabric.ask(upgradeTo(four), id)
    walkThrough(fabric, ({ packageSha256 }) =>
      packageSha256 === 'sha' ? { status: 'CyclingRole', failures: 9 } : undefined,
    )
    assert.equal(fabric.operation(id).status, 'Succeeded')
  })

  it('is rolled back if that was asked, and every instance is what it was (U-29)', () => {
    const fabric = start({ onFailure: 'rollback' })
    turns(fabric, 3, failing(timers.recycleThreshold))
    assert.equal(fabric.view().upgrade?.kind, 'rollback')
    assert.deepEqual([fabric.view().label, fabric.view().rollbackAllowed], ['bA==', false])
    walkThrough(fabric)
    assert.equal(fabric.operation(id).error?.code, 'UpdateDeploymentRoleRecycleThresholdReached')
    assert.match(fabric.operation(id).error?.message ?? '', /It is rolled back\.$/)
    assert.deepEqual([shas(fabric), fabric.view().status], ['sha sha sha sha', 'Running'])
    assert.deepEqual(
      ofEach(fabric, ({ root, revision }) => [root, revision]),
      {
        Web_IN_0: [3, 3],
        Web_IN_1: [1, 1],
        Web_IN_2: [3, 3],
        Web_IN_3: [1, 1],
      },
    )
  })

  it('is left behind after roleReadyTimeout if that was asked (U-29, UPD)', () => {
    const fabric = start({ onFailure: 'continue' })
    const each = timers.roleReadyTimeout / timers.settleTime
    turns(fabric, each - 1, failing(99))
    assert.equal(fabric.view().upgrade?.domain, 0)
    turns(fabric, each + 5, failing(99))
    assert.deepEqual([fabric.operation(id).status, shas(fabric)], ['Succeeded', 'sha2 sha2 sha2 sha2'])
  })

  it('in manual mode fails the walk, and the next one is refused (U-35)', () => {
    const fabric = start({ mode: 'Manual' })
    fabric.ask(walkOf(0), second)
    turns(fabric, 3, failing(timers.recycleThreshold))
    assert.deepEqual([fabric.operation(id).status, fabric.operation(second).status], ['Succeeded', 'Failed'])
    assert.equal(refusedWith(fabric.ask(walkOf(1))).code, 'ConflictError')
  })
})

describe('an instance of a domain that was walked', () => {
  it('that fails before it was settled keeps the next domain from being stopped (H-14)', () => {
    const fabric = start({ mode: 'Manual' })
    fabric.ask(walkOf(0))
    turns(fabric, 3)
    const relapsed: Trouble = ({ guest }) => (guest.instance === 'Web_IN_2' ? { failures: 1 } : undefined)
    obey(fabric, relapsed)
    fabric.ask(walkOf(1), second)
    assert.match(fabric.view().upgrade?.waitsFor ?? '', /Web_IN_2 failed after the domain was walked/)
    assert.equal(shas(fabric), 'sha2 sha sha2 sha')
    walkThrough(fabric)
    assert.equal(fabric.operation(second).status, 'Succeeded')
  })
})

describe('a host that dies during an upgrade', () => {
  /** The host of an instance is silent until it is healed elsewhere; an operator walks the first domain before. */
  function healed(name: string): Fabric {
    const fabric = start({ mode: 'Manual' })
    fabric.ask(walkOf(0))
    turns(fabric, 3)
    const dead = fabric.instances().find((one) => one.name === name)?.host
    const limit = timers.hostLostAfter + timers.hostRecoverBudget
    for (let passed = 0; passed <= limit; passed += 10_000) {
      fabric.pass(10_000)
      for (const host of fabric.state.stored.host.keys()) if (host !== dead) fabric.report('ReadyRole', [host])
    }
    return fabric
  }

  it('has its instances of a walked domain come back with the new version, others with the old one (U-55)', () => {
    for (const [name, sha, placement] of [
      ['Web_IN_0', 'sha2', 2],
      ['Web_IN_1', 'sha', 2],
    ] as const) {
      const fabric = healed(name)
      const goal = ofEach(fabric, ({ packageSha256, guest }) => [packageSha256, guest.placement])[name]
      assert.deepEqual(goal, [sha, placement])
    }
  })

  it('has an instance of the domain that is being walked come back with the new version (U-55)', () => {
    const fabric = start()
    obey(fabric)
    const dead = fabric.instances()[0]?.host
    for (let passed = 0; passed <= 670_000; passed += 10_000) {
      fabric.pass(10_000)
      for (const host of fabric.state.stored.host.keys()) if (host !== dead) fabric.report('BusyRole', [host])
    }
    assert.deepEqual(
      fabric
        .instances()
        .filter(({ name }) => name === 'Web_IN_0')
        .map(({ version, placement }) => [version, placement]),
      [[2, 2]],
    )
    walkThrough(fabric)
    assert.equal(fabric.operation(id).status, 'Succeeded')
  })
})

describe('a rollback', () => {
  const halfway = (change?: Parameters<typeof upgradeTo>[1]) => {
    const fabric = start({ mode: 'Manual', ...change })
    fabric.ask(walkOf(0))
    turns(fabric, 3)
    fabric.done.length = 0
    return fabric
  }

  it('puts back those that were upgraded and leaves the others alone; label and configuration return (U-43, D-17)', () => {
    const fabric = halfway()
    assert.equal(fabric.view().rollbackAllowed, true)
    fabric.ask(rollBack(), second)
    assert.deepEqual([fabric.view().label, fabric.view().configuration], ['bA==', configuration(four)])
    walkThrough(fabric)
    assert.deepEqual(told(fabric), [
      'rollback, domain 0 of 2: Web_IN_0 and Web_IN_2 stop together and start with the new role root',
    ])
    assert.equal(fabric.operation(second).status, 'Succeeded')
    assert.equal(shas(fabric), 'sha sha sha sha')
    assert.deepEqual(ofEach(fabric, ({ revision }) => revision).Web_IN_1, 1)
    assert.deepEqual([...fabric.state.stored.package.keys()], ['sha'])
  })

  it('begins with the domain that is down, and stops no other before that is back (U-10, U-43)', () => {
    const three = { Web: 3 }
    const fabric = running(three, parcelOf([{}], 3))
    fabric.ask(upgradeTo(three, { onFailure: 'rollback' }))
    const isDown = ({ guest }: InstanceGoal) => guest.instance === 'Web_IN_1'
    const bad = failing(timers.recycleThreshold)
    while (fabric.view().upgrade?.kind !== 'rollback')
      turns(fabric, 1, (goal) => (isDown(goal) ? bad(goal) : undefined))
    turns(fabric, 3, (goal) => (isDown(goal) ? { status: 'BusyRole' } : undefined))
    assert.deepEqual(
      [shas(fabric), fabric.rotation()],
      ['sha2 sha sha', { Web_IN_0: 'in', Web_IN_1: 'out', Web_IN_2: 'in' }],
    )
    walkThrough(fabric)
    assert.equal(shas(fabric), 'sha sha sha')
  })

  it('may be walked by hand (U-33)', () => {
    const fabric = halfway()
    fabric.ask(rollBack({ mode: 'Manual' }), second)
    assert.equal(fabric.operation(second).status, 'Succeeded')
    turns(fabric, 2)
    assert.deepEqual(told(fabric), [])
    fabric.ask(walkOf(0))
    walkThrough(fabric)
    assert.equal(shas(fabric), 'sha sha sha sha')
  })

  it('of an upgrade of a held domain works although its instances never get Ready', () => {
    const fabric = start()
    turns(fabric, 3, failing(timers.recycleThreshold))
    fabric.ask(rollBack(), second)
    walkThrough(fabric)
    assert.deepEqual([fabric.operation(second).status, shas(fabric)], ['Succeeded', 'sha sha sha sha'])
  })

  it('brings back into rotation who was only on the way out', () => {
    const fabric = start()
    for (const host of fabric.state.stored.host.keys()) fabric.report('ReadyRole', [host], { prepared: 'sha2' })
    assert.equal(fabric.rotation()['Web_IN_0'], 'draining')
    fabric.ask(rollBack(), second)
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'in', Web_IN_1: 'in', Web_IN_2: 'in', Web_IN_3: 'in' })
    walkThrough(fabric)
    assert.deepEqual([told(fabric), shas(fabric)], [[], 'sha sha sha sha'])
  })

  it('ends an operation that has not ended, naming the request (U-35)', () => {
    const fabric = start()
    obey(fabric)
    fabric.ask(rollBack(), second)
    const { status, error } = fabric.operation(id)
    assert.deepEqual([status, error?.code], ['Failed', 'ConflictError'])
    assert.match(error?.message ?? '', new RegExp(second))
  })

  const refusals: readonly [situation: string, fabric: () => Fabric, message: RegExp][] = [
    ['without an update (U-44)', () => running(four), /No update .* is active/],
    [
      'of a rollback',
      () => {
        const fabric = halfway()
        fabric.ask(rollBack({ mode: 'Manual' }))
        return fabric
      },
      /rolled back already/,
    ],
    [
      'after completion (U-44)',
      () => {
        const fabric = start()
        walkThrough(fabric)
        return fabric
      },
      /No update .* is active.*Upgrade to the former version instead/,
    ],
  ]
  for (const [situation, make, message] of refusals)
    it(`is refused ${situation}`, () => {
      const fabric = make()
      assert.equal(fabric.view().rollbackAllowed, false)
      const fault = refusedWith(fabric.ask(rollBack()))
      assert.equal(fault.code, 'ConflictError')
      assert.match(fault.message, message)
    })
})

describe('a second update during the first', () => {
  it('takes over from domain 0 on; those already moved get the newest version too (U-42)', () => {
    const parcel = parcelOf([{}], 2)
    const fabric = running(four, parcel)
    fabric.ask(upgradeTo(four), id)
    turns(fabric, 2)
    parcel.sha256 = 'sha3'
    assert.equal(fabric.view().locked, false)
    fabric.ask(upgradeTo(four, { label: 'djM=' }), second)
    assert.match(fabric.operation(id).error?.message ?? '', new RegExp(second))
    assert.equal(fabric.view().upgrade?.domain, 0)
    walkThrough(fabric)
    assert.deepEqual([shas(fabric), fabric.operation(second).status], ['sha3 sha3 sha3 sha3', 'Succeeded'])
    assert.deepEqual([...fabric.state.stored.package.keys()], ['sha3'])
  })

  it('is rolled back to the last version that all instances ran', () => {
    const parcel = parcelOf([{}], 2)
    const fabric = running(four, parcel)
    fabric.ask(upgradeTo(four, { mode: 'Manual' }))
    fabric.ask(walkOf(0))
    turns(fabric, 3)
    parcel.sha256 = 'sha3'
    fabric.ask(upgradeTo(four, { mode: 'Manual' }))
    fabric.ask(rollBack(), second)
    walkThrough(fabric)
    assert.equal(shas(fabric), 'sha sha sha sha')
  })
})

describe('an upgrade that must not be', () => {
  const rows: readonly [
    situation: string,
    change: Parameters<typeof upgradeTo>[1],
    prepare: (parcel: ReturnType<typeof parcelOf>) => void,
    code: string,
    message: RegExp,
  ][] = [
    [
      'an unknown role (U-25)',
      { role: 'Nope' },
      () => {},
      'BadRequest',
      /The role 'Nope' to upgrade does not exist.*Web/,
    ],
    ['a package that is no blob (U-20)', { packageUrl: 'file:///x' }, () => {}, 'BadRequest', /no absolute http/],
    [
      'a blob that is not there (U-20)',
      {},
      (parcel) => {
        parcel.fault = { code: 'BadRequest', message: 'HTTP 404' }
      },
      'BadRequest',
      /404/,
    ],
    ['a configuration that is no XML', { configuration: '<' }, () => {}, 'BadRequest', /ServiceConfiguration\.cscfg/],
    [
      'a configuration that does not fit',
      { configuration: configuration({ Other: 1 }) },
      () => {},
      'BadRequest',
      /^Validation Errors: /,
    ],
    [
      'a role more (U-3, U-4)',
      {},
      (parcel) => {
        parcel.roles = [{}, { name: 'More', endpoints: '' }]
      },
      'BadRequest',
      /the role More would be added.*policy sameModel.*staging slot and swap the virtual addresses/,
    ],
    [
      'another domain count (A-18)',
      {},
      (parcel) => {
        parcel.attributes = 'upgradeDomainCount="3"'
      },
      'BadRequest',
      /upgradeDomainCount is 2 and would become 3/,
    ],
    [
      'instances without room (A-8, A-10)',
      { configuration: configuration({ Web: 81 }) },
      () => {},
      'Compute.ConstrainedAllocationFailed',
      /further role instances .* cannot be placed/,
    ],
    [
      'instances above the quota (A-11)',
      { configuration: configuration({ Web: 101 }) },
      () => {},
      'BadRequest',
      /'cores count' is 100/,
    ],
  ]
  for (const [situation, change, prepare, code, message] of rows)
    it(`${situation}: nothing is touched (U-3, E-1)`, () => {
      const parcel = parcelOf([{}], 2)
      const fabric = running(four, parcel)
      prepare(parcel)
      const { instance } = fabric.state.stored
      const { label, configuration: text, status } = fabric.view()
      const reply = fabric.ask(upgradeTo(four, change), id)
      const fault = 'refused' in reply ? reply.refused : fabric.operation(id).error
      assert.equal(fault?.code, code)
      assert.match(fault?.message ?? '', message)
      assert.equal(fabric.state.stored.instance, instance)
      const now = fabric.view()
      assert.deepEqual([now.label, now.configuration, now.status, now.locked], [label, text, status, false])
      assert.deepEqual([...fabric.state.stored.package.keys()], ['sha'])
    })

  it('a request while another one is being accepted (O-8, O-11)', () => {
    const fabric = running(four, parcelOf([{}], 2))
    fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status: 'Suspended' }, second)
    assert.match(refusedWith(fabric.ask(upgradeTo(four))).message, new RegExp(second))
  })
})
