import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ended } from '../../src/fabric/controller/update/operations.ts'
import type { Fabric } from './fabric.ts'
import { configuration, production, timers } from './fabric.ts'
import { obey, walkThrough } from './obey.ts'
import {
  changeTo,
  goals,
  id,
  ofEach,
  parcelOf,
  refusedWith,
  running,
  second,
  told,
  upgradeTo,
  walkOf,
} from './updates.ts'

const web = { name: 'Web', size: 'ExtraSmall' }
const work = { name: 'Work', size: 'ExtraSmall', endpoints: '' }
const figure = () => running({ Web: 8, Work: 9 }, parcelOf([web, work], 2))

/** The domain of a running update, as Get Deployment shows it. */
const shown = (fabric: Fabric) => {
  const { upgrade } = fabric.view()
  return upgrade ? `${upgrade.domainState} ${upgrade.domain}` : 'none'
}

describe('an automatic upgrade', () => {
  it('walks the domains in order, the instances of every role together (U-7 to U-9, U-14 to U-16, first figure)', () => {
    const fabric = figure()
    fabric.ask(upgradeTo({ Web: 8, Work: 9 }), id)
    assert.equal(fabric.operation(id).status, 'InProgress')
    assert.equal(fabric.view().status, 'RunningTransitioning')
    walkThrough(fabric)
    assert.deepEqual(told(fabric), [
      'upgrade, domain 0 of 2: Web_IN_0, Web_IN_2, Web_IN_4, Web_IN_6, Work_IN_0, Work_IN_2, Work_IN_4, Work_IN_6 and Work_IN_8 stop together and start with the new role root',
      'upgrade, domain 1 of 2: Web_IN_1, Web_IN_3, Web_IN_5, Web_IN_7, Work_IN_1, Work_IN_3, Work_IN_5 and Work_IN_7 stop together and start with the new role root',
    ])
    assert.equal(fabric.operation(id).status, 'Succeeded')
    assert.equal(fabric.view().status, 'Running')
  })

  it('of a single role may name the only one that there is, and none that the new package has not (U-25)', () => {
    const fabric = running({ Web: 2 }, parcelOf([web], 2))
    fabric.ask(upgradeTo({ Web: 2 }, { role: 'Web' }), id)
    walkThrough(fabric)
    assert.equal(fabric.operation(id).status, 'Succeeded')
    const parcel = parcelOf([web, work], 2)
    const other = running({ Web: 2, Work: 1 }, parcel)
    parcel.roles = [web]
    other.ask(upgradeTo({ Web: 2 }, { role: 'Work' }), id)
    assert.match(other.operation(id).error?.message ?? '', /Work/)
  })

  it('of a single role takes its name in any case, and speaks of it in the spelling of the model (R-7)', () => {
    for (const policy of ['sameModel', 'relaxed2011'] as const) {
      const parcel = { ...parcelOf([web, work], 2), policy }
      const fabric = running({ Web: 2, Work: 2 }, parcel)
      if (policy === 'relaxed2011') parcel.roles = [web, work, { name: 'Extra', endpoints: '' }]
      fabric.ask(upgradeTo({ Web: 2, Work: 2 }, { role: 'wORK' }), id)
      assert.equal(fabric.operation(id).status, policy === 'sameModel' ? 'InProgress' : 'Failed')
      if (policy === 'relaxed2011') assert.match(fabric.operation(id).error?.message ?? '', /Extra/)
      else assert.equal(fabric.view().upgrade?.role, 'Work')
    }
  })

  it('of a single role leaves the others running, which only get the configuration (U-16, U-17, second figure)', () => {
    const fabric = figure()
    fabric.ask(upgradeTo({ Web: 8, Work: 9 }, { role: 'Work' }), id)
    walkThrough(fabric)
    assert.deepEqual(
      told(fabric).filter((reason) => reason.includes('stop together')),
      [
        'upgrade, domain 0 of 2: Work_IN_0, Work_IN_2, Work_IN_4, Work_IN_6 and Work_IN_8 stop together and start with the new role root',
        'upgrade, domain 1 of 2: Work_IN_1, Work_IN_3, Work_IN_5 and Work_IN_7 stop together and start with the new role root',
      ],
    )
    const { Web_IN_0, Work_IN_0 } = goals(fabric)
    assert.deepEqual([Web_IN_0?.packageSha256, Web_IN_0?.root, Web_IN_0?.revision], ['sha', 1, 1])
    assert.deepEqual([Work_IN_0?.packageSha256, Work_IN_0?.root, Work_IN_0?.revision], ['sha2', 2, 2])
    assert.deepEqual([...fabric.state.stored.package.keys()].sort(), ['sha', 'sha2'], 'both are in use')
  })

  it('never has instances of two domains out of rotation (U-10)', () => {
    const fabric = running({ Web: 10 }, parcelOf([web]))
    fabric.ask(upgradeTo({ Web: 10 }), id)
    const most: number[] = []
    for (let turn = 0; turn < 400 && fabric.deployment().update; turn++) {
      // One instance at a time makes progress, so that every mixture of states is seen.
      const lucky = `Web_IN_${turn % 10}`
      obey(fabric, ({ guest, revision }) => {
        const ready = fabric.instances().find(({ name }) => name === guest.instance)?.inRotation
        return ready || guest.instance === lucky ? undefined : { status: 'BusyRole', revision }
      })
      const out = fabric.instances().filter(({ inRotation }) => !inRotation)
      most.push(new Set(out.map(({ upgradeDomain }) => upgradeDomain)).size)
      fabric.pass(timers.settleTime)
    }
    assert.deepEqual([fabric.operation(id).status, Math.max(...most)], ['Succeeded', 1])
  })

  it('has the new role root prepared before anybody leaves rotation, and tells nobody to stop without it', () => {
    const fabric = running({ Web: 2 }, parcelOf([{}], 2))
    fabric.ask(upgradeTo({ Web: 2 }))
    obey(fabric, () => ({ prepared: undefined, prepareFault: 'the disk is full' }))
    assert.equal(shown(fabric), 'Before 0')
    assert.match(
      fabric.view().upgrade?.waitsFor ?? '',
      /waits for the new role root of Web_IN_0; Web_IN_0 cannot prepare it: the disk is full/,
    )
    obey(fabric, () => ({ prepared: undefined, prepareFault: 'the disk is full' }))
    const faults = fabric.state.stored.event.filter(({ kind }) => kind === 'PrepareFails')
    assert.deepEqual([...faults.values()].map(({ subject, reason }) => `${subject}: ${reason}`).toSorted(), [
      'Web_IN_0: the disk is full',
      'Web_IN_1: the disk is full',
    ])
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'in', Web_IN_1: 'in' })
    assert.deepEqual(
      ofEach(fabric, ({ prepare, packageSha256, keepFormerRoot }) => [
        prepare?.packageSha256,
        packageSha256,
        keepFormerRoot,
      ]),
      { Web_IN_0: ['sha2', 'sha', true], Web_IN_1: ['sha2', 'sha', true] },
    )
    walkThrough(fabric)
    assert.deepEqual(
      ofEach(fabric, ({ prepare, packageSha256, root, keepFormerRoot }) => [
        prepare,
        packageSha256,
        root,
        keepFormerRoot,
      ]),
      { Web_IN_0: [undefined, 'sha2', 2, false], Web_IN_1: [undefined, 'sha2', 2, false] },
    )
  })

  it('stops the domain together, when the last of it has drained (U-14, L-7)', () => {
    const fabric = running({ Web: 4 }, parcelOf([{}], 2))
    fabric.ask(upgradeTo({ Web: 4 }))
    for (const host of fabric.state.stored.host.keys()) fabric.report('ReadyRole', [host], { prepared: 'sha2' })
    const leaving = [...fabric.state.observed.leaving.keys()]
    assert.equal(leaving.length, 2)
    fabric.acknowledge(leaving.slice(0, 1))
    assert.deepEqual(told(fabric), [], 'one has drained and waits for the other')
    fabric.acknowledge(leaving)
    assert.deepEqual(told(fabric), [
      'upgrade, domain 0 of 2: Web_IN_0 and Web_IN_2 stop together and start with the new role root',
    ])
  })

  it('takes a domain for walked when all have been Ready for the settle time, with the new version (U-29)', () => {
    const fabric = running({ Web: 2 }, parcelOf([{}], 2))
    fabric.ask(upgradeTo({ Web: 2 }))
    obey(fabric)
    assert.equal(shown(fabric), 'During 0')
    fabric.report('ReadyRole', undefined, { revision: 1, prepared: 'sha2' })
    fabric.pass(timers.settleTime)
    assert.equal(shown(fabric), 'During 0', 'a Ready of the former version does not count')
    obey(fabric)
    fabric.pass(timers.settleTime - 1)
    assert.equal(shown(fabric), 'During 0')
    fabric.pass(1)
    assert.notEqual(shown(fabric), 'During 0')
  })

  it('with the same package again gives everybody a new role root all the same', () => {
    const parcel = parcelOf([{}], 2)
    const fabric = running({ Web: 2 }, parcel)
    parcel.sha256 = 'sha'
    fabric.ask(upgradeTo({ Web: 2 }), id)
    walkThrough(fabric)
    assert.deepEqual(
      ofEach(fabric, ({ root }) => root),
      { Web_IN_0: 2, Web_IN_1: 2 },
    )
  })

  it('shows label and configuration of the new version at once (D-15)', () => {
    const fabric = running({ Web: 2 })
    fabric.ask(upgradeTo({ Web: 2 }, { extendedProperties: { Build: '2' } }))
    const { label, configuration: text, extendedProperties } = fabric.view()
    assert.deepEqual([label, text, extendedProperties], ['djI=', configuration({ Web: 2 }), { Build: '2' }])
  })
})

describe('a simultaneous upgrade', () => {
  it('stops all domains at once (U-36)', () => {
    const fabric = running({ Web: 4 }, parcelOf([{}], 2))
    fabric.ask(upgradeTo({ Web: 4 }, { mode: 'Simultaneous' }), id)
    walkThrough(fabric)
    assert.deepEqual(told(fabric), [
      'upgrade, all domains: Web_IN_0, Web_IN_1, Web_IN_2 and Web_IN_3 stop together and start with the new role root',
    ])
    assert.equal(fabric.operation(id).status, 'Succeeded')
  })
})

describe('a manual upgrade', () => {
  const manual = () => {
    const fabric = running({ Web: 4 }, parcelOf([{}], 2))
    fabric.ask(upgradeTo({ Web: 4 }, { mode: 'Manual' }), id)
    obey(fabric)
    return fabric
  }

  it('stops nobody before it is called for, and has succeeded as soon as it is accepted (U-27, U-34, U-35)', () => {
    const fabric = manual()
    fabric.pass(timers.roleReadyTimeout * 2)
    assert.deepEqual([fabric.operation(id).status, shown(fabric), told(fabric)], ['Succeeded', 'Before 0', []])
    assert.equal(fabric.view().upgrade?.waitsFor, 'upgrade, domain 0 of 2: waits for Walk Upgrade Domain 0')
  })

  it('is walked domain by domain, each with an operation of its own (U-28, U-30, U-34, U-35)', () => {
    const fabric = manual()
    fabric.ask(walkOf(0), second)
    obey(fabric)
    assert.deepEqual([fabric.operation(second).status, shown(fabric)], ['InProgress', 'During 0'])
    obey(fabric)
    fabric.pass(timers.settleTime)
    assert.deepEqual([fabric.operation(second).status, shown(fabric)], ['Succeeded', 'Before 1'])
    fabric.ask(walkOf(1), 'c'.repeat(32))
    walkThrough(fabric)
    assert.deepEqual([fabric.operation('c'.repeat(32)).status, shown(fabric)], ['Succeeded', 'none'])
  })

  const walking = () => {
    const fabric = manual()
    fabric.ask(walkOf(0))
    obey(fabric)
    return fabric
  }
  const rows: readonly [situation: string, fabric: () => Fabric, domain: number, code: string, message: RegExp][] = [
    ['out of order', manual, 1, 'BadRequest', /out of order.*0 is next/],
    ['of a domain that is not there', manual, 2, 'BadRequest', /does not exist.*domains 0 to 1/],
    ['below zero', manual, -1, 'BadRequest', /does not exist/],
    ['while one is being walked', walking, 1, 'ConflictError', /0 is still being walked/],
    ['without an update', () => running({ Web: 2 }), 0, 'ConflictError', /no manual update .* is active/],
    [
      'of an automatic upgrade',
      () => {
        const fabric = running({ Web: 2 })
        fabric.ask(upgradeTo({ Web: 2 }))
        return fabric
      },
      0,
      'ConflictError',
      /no manual update .* is active/,
    ],
  ]
  for (const [situation, make, domain, code, message] of rows)
    it(`refuses a walk ${situation}, and changes nothing (U-32)`, () => {
      const fabric = make()
      const { stored } = fabric.state
      const fault = refusedWith(fabric.ask(walkOf(domain)))
      assert.equal(fault.code, code)
      assert.match(fault.message, message)
      assert.equal(fabric.state.stored, stored)
    })

  it('walks a domain in which nobody is concerned at once (U-18)', () => {
    const fabric = running({ Web: 3, Work: 1 }, parcelOf([web, work], 3))
    fabric.ask({ kind: 'deleteInstances', deployment: production, instances: ['Web_IN_0'] })
    walkThrough(fabric)
    fabric.done.length = 0
    fabric.ask(upgradeTo({ Web: 2, Work: 1 }, { mode: 'Manual', role: 'Web' }))
    obey(fabric)
    fabric.ask(walkOf(0), second)
    assert.deepEqual([fabric.operation(second).status, shown(fabric)], ['Succeeded', 'Before 1'])
    assert.deepEqual(told(fabric), ['upgrade, domain 0 of 3: Work_IN_0 stays as it is'])
  })
})

describe('an upgrade of a suspended deployment', () => {
  it('replaces versions without starting anybody (U-65)', () => {
    const fabric = running({ Web: 4 }, parcelOf([{}], 2), { start: false })
    fabric.ask(upgradeTo({ Web: 4 }), id)
    assert.deepEqual(fabric.operation(id).status, 'Succeeded')
    obey(fabric)
    assert.equal(fabric.view().status, 'Suspended')
    assert.deepEqual(
      ofEach(fabric, ({ machine, packageSha256 }) => `${machine} ${packageSha256}`).Web_IN_3,
      'Stopped sha2',
    )
  })

  it('goes on when it is suspended on the way, and is SuspendedTransitioning meanwhile (U-65)', () => {
    const fabric = running({ Web: 4 }, parcelOf([{}], 2))
    fabric.ask(upgradeTo({ Web: 4 }, { mode: 'Manual' }))
    fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status: 'Suspended' }, second)
    obey(fabric)
    obey(fabric)
    assert.deepEqual([fabric.operation(second).status, fabric.view().status], ['Succeeded', 'SuspendedTransitioning'])
    fabric.ask(walkOf(0))
    fabric.ask(walkOf(1))
    assert.equal(fabric.view().status, 'Suspended')
  })
})

describe('deleting in the middle of an upgrade', () => {
  it('is allowed, and ends the upgrade with an error that names it (U-66, U-35)', () => {
    const fabric = running({ Web: 4 })
    fabric.ask(upgradeTo({ Web: 4 }), id)
    obey(fabric)
    fabric.ask({ kind: 'deleteDeployment', deployment: production }, second)
    assert.match(fabric.operation(id).error?.message ?? '', new RegExp(second))
    obey(fabric)
    obey(fabric)
    assert.deepEqual([fabric.operation(second).status, fabric.state.stored.instance.size], ['Succeeded', 0])
  })
})

describe('a controller that is killed during an upgrade', () => {
  it('takes it up at every moment, and ends it (O-6)', () => {
    let fabric = running({ Web: 4 }, parcelOf([{}], 2))
    fabric.ask(upgradeTo({ Web: 4 }), id)
    for (let turn = 0; turn < 40 && fabric.deployment().update; turn++) {
      fabric = fabric.restarted()
      for (const [name, host] of fabric.state.stored.host) fabric.host(name, host)
      obey(fabric)
      fabric.pass(timers.settleTime)
    }
    assert.deepEqual([fabric.operation(id).status, fabric.view().status], ['Succeeded', 'Running'])
    assert.deepEqual(
      ofEach(fabric, ({ root }) => root),
      { Web_IN_0: 2, Web_IN_1: 2, Web_IN_2: 2, Web_IN_3: 2 },
    )
  })
})

it('an operation that has ended, or of which nothing is known, is not ended again with its update', () => {
  const fabric = running({ Web: 2 })
  fabric.ask(upgradeTo({ Web: 2 }), id)
  const deployment = fabric.deployment()
  const over = [...fabric.state.stored.operation.values()].find(({ status }) => status === 'Succeeded')
  const waiting = [
    ...deployment.waiting,
    ...[over?.id ?? '', 'unknown'].map((operation) => ({ operation, until: 'updated' as const })),
  ]
  const { waiting: left, changes } = ended(fabric.state, { ...deployment, waiting }, {}, fabric.now)
  assert.deepEqual([left, changes.map(({ key }) => key)], [[], [id]])
})

describe('an update in manual mode', () => {
  it('has the whole roleReadyTimeout for a domain from the moment at which it is called for (U-27, U-35)', () => {
    const parcel = parcelOf([{}], 2)
    const fabric = running({ Web: 2 }, parcel)
    fabric.ask(upgradeTo({ Web: 2 }, { mode: 'Manual' }))
    fabric.pass(5_000)
    fabric.ask(walkOf(0))
    assert.equal(fabric.deployment().update?.since, fabric.now)
  })

  it('has succeeded with its beginning, and nothing that comes later says otherwise (U-26)', () => {
    const fabric = running({ Web: 2 })
    fabric.ask(changeTo(configuration({ Web: 3 }), { mode: 'Manual' }), id)
    assert.deepEqual([fabric.operation(id).status, fabric.deployment().waiting], ['Succeeded', []])
    fabric.ask({ kind: 'deleteDeployment', deployment: production })
    assert.equal(fabric.operation(id).status, 'Succeeded')
  })
})
