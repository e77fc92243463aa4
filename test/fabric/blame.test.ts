/** Failures alike on three hosts after one change are that change's fault, never the hosts' (H-40). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { signatureOf } from '../../src/fabric/controller/blame/signature.ts'
import { servicingProgress } from '../../src/fabric/controller/servicing/progress.ts'
import type { InstanceReport } from '../../src/host/contract/report.ts'
import { osFamilies } from '../../src/service-model/operating-systems.ts'
import { configuration, createDeployment, createShop, type Fabric, fabricOf, production, timers } from './fabric.ts'
import { obey } from './obey.ts'
import { changeTo, parcelOf, running, upgradeTo } from './updates.ts'

/** What an instance reports after it has failed twice for one reason. */
function failing(details: string, failures = 2): Partial<InstanceReport> {
  return { status: 'CyclingRole', errorCode: 'RoleCycling', details, failures }
}

const crash = 'Role has encountered an error and has stopped... Cannot find module "left-pad" [2026-01-01T00:00:00Z]'

describe('the signature of a failure', () => {
  const rows: readonly (readonly [code: string | undefined, details: string, signature: string])[] = [
    ['RoleCycling', crash, 'RoleCycling: Cannot find module'],
    [
      'RoleCycling',
      'Role has encountered an error and has stopped... The host process ended with exit code 139. [2026-01-01T00:00:13Z] Last exit time: x',
      'RoleCycling: The host process ended with exit code',
    ],
    [
      'GuestEnded',
      'The guest ended before its first heartbeat. Its output is in /var/x.',
      'GuestEnded: The guest ended before its first heartbeat. Its',
    ],
    [undefined, 'Web_IN_3 of 10.4.1.7 is away', 'of is away'],
    ['NoHeartbeat', '', 'NoHeartbeat'],
    [undefined, '', ''],
  ]
  for (const [code, details, signature] of rows)
    it(`of "${details.slice(0, 60)}" is "${signature}"`, () => assert.equal(signatureOf(code, details), signature))

  it('is read in a moment, whatever is said', () => {
    for (const text of ['a'.repeat(8_192), '. '.repeat(4_096), '.'.repeat(8_192), ' '.repeat(8_192)])
      assert.ok(signatureOf('X', text).length < 400)
  })
})

describe('failures that three hosts show alike', () => {
  /** Ten instances in one domain, on ten hosts, after an upgrade has told all of them. */
  function upgraded(onFailure: 'hold' | 'continue' | 'rollback' = 'hold'): Fabric {
    const fabric = running({ Web: 10 }, parcelOf([{ size: 'ExtraLarge' }], 2))
    fabric.ask(upgradeTo({ Web: 10 }, { onFailure }))
    while (!moved(fabric).every(({ version }) => version === 2)) obey(fabric)
    return fabric
  }

  const moved = (fabric: Fabric) => fabric.instances().filter(({ upgradeDomain }) => upgradeDomain === 0)

  function fail(fabric: Fabric, count: number, details: (number: number) => string, failures = 2): void {
    for (const [number, { host }] of moved(fabric).slice(0, count).entries())
      fabric.report('CyclingRole', [host], failing(details(number), failures))
  }

  it('hold the update, which says what they have in common, and no host is suspected', () => {
    const fabric = upgraded()
    fail(fabric, 3, (number) => crash.replace('left-pad', `left-pad-${number}`))
    const { held } = fabric.deployment().update ?? {}
    assert.equal(held?.code, 'UpdateDeploymentRoleRecycleThresholdReached')
    assert.match(held.message, /fail alike: "RoleCycling: Cannot find module"\. That is the fault of the new version/)
    assert.ok(fabric.instances().every(({ placement }) => placement === 1))
  })

  it('bring the former version back, where that was asked for', () => {
    const fabric = upgraded('rollback')
    fail(fabric, 3, () => crash)
    assert.equal(fabric.deployment().update?.kind, 'rollback')
  })

  it('hold nothing when they are two, of several kinds, or happened once', () => {
    for (const some of [
      (fabric: Fabric) => fail(fabric, 2, () => crash),
      (fabric: Fabric) => fail(fabric, 4, (number) => `... ${['One', 'Another', 'Third', 'Fourth'][number]} fault`),
      (fabric: Fabric) => fail(fabric, 4, () => crash, 0),
    ]) {
      const fabric = upgraded()
      some(fabric)
      assert.equal(fabric.deployment().update?.held, undefined)
    }
  })

  it('do not hold an update that is to go on, as was asked (U-29)', () => {
    const fabric = upgraded('continue')
    fail(fabric, 5, () => crash)
    assert.equal(fabric.deployment().update?.held, undefined)
  })

  it('do not hold the update that mends them', () => {
    const fabric = upgraded()
    fail(fabric, 3, () => crash)
    fabric.ask(changeTo(configuration({ Web: 10 }, '<ConfigurationSettings/>')))
    assert.equal(fabric.deployment().update?.held, undefined)
  })

  it('keep a release of the guest OS from all further domains, until what fails is Ready (H-22)', () => {
    const parcel = parcelOf([{ size: 'ExtraLarge' }], 2)
    const text = configuration({ Web: 6 }).replace(
      '<ServiceConfiguration ',
      '<ServiceConfiguration osFamily="4" osVersion="*" ',
    )
    const former = running({ Web: 6 }, parcel, { configuration: text })
    parcel.osFamilies = osFamilies.map((one) =>
      one.family === 4 ? { ...one, releases: ['newest', ...one.releases] } : one,
    )
    const fabric = former.restarted()
    for (const facts of fabric.state.stored.host.values()) fabric.tell({ kind: 'register', facts })
    obey(fabric)
    obey(fabric)
    const releases = () => fabric.instances().filter(({ release }) => release === 'newest').length
    assert.equal(releases(), 3)
    fail(fabric, 3, () => crash)
    for (let passed = 0; passed < timers.roleReadyTimeout + 60_000; passed += 10_000) {
      fabric.pass(10_000)
      const down = moved(fabric).map(({ host }) => host)
      fabric.report(
        'ReadyRole',
        [...fabric.state.stored.host.keys()].filter((name) => !down.includes(name)),
      )
      fail(fabric, 3, () => crash, 3)
    }
    assert.equal(fabric.deployment().servicing, undefined, 'the step has gone on although they are not Ready (H-23)')
    const progress = servicingProgress(fabric.state, fabric.deployment(), fabric.now)
    assert.match(
      progress.kind === 'wait' ? progress.text : '',
      /the guest operating system newest is at fault, for role instances on/,
    )
    assert.equal(releases(), 3)
    obey(fabric)
    obey(fabric)
    fabric.pass(timers.settleTime)
    obey(fabric)
    assert.equal(releases(), 6)
  })
})

describe('what was healed and fails alike on three hosts', () => {
  const blogs = (fabric: Fabric) => fabric.instances().filter(({ deployment }) => deployment !== fabric.deployment().id)

  /** Time passes, in which these hosts fall silent; whatever is on c, d and e fails. */
  function passWithout(fabric: Fabric, silent: readonly string[]): void {
    for (let passed = 0; passed <= timers.hostLostAfter + timers.hostRecoverBudget; passed += 10_000) {
      fabric.pass(10_000)
      fabric.report(
        'ReadyRole',
        ['b', 'f'].filter((host) => !silent.includes(host)),
      )
      fabric.report('CyclingRole', ['c', 'd', 'e'], failing(crash))
    }
  }

  /** The host of three instances of the shop is lost, and they fail on c, d and e; then the host of another service falls silent. */
  function lostTwice(isFailingBefore = false): Fabric {
    const fabric = fabricOf(parcelOf([{}]))
    fabric.host('a', { cores: 3 })
    fabric.ask(createShop)
    fabric.ask(createDeployment({ configuration: configuration({ Web: 3 }) }))
    fabric.host('b', { cores: 1 })
    fabric.ask({ ...createShop, service: 'blog' })
    fabric.ask(createDeployment({ service: 'blog', configuration: configuration({ Web: 1 }) }))
    for (const name of ['c', 'd', 'e', 'f']) fabric.host(name, { cores: 1 })
    obey(fabric)
    if (isFailingBefore) fabric.report('CyclingRole', ['a'], failing(crash))
    passWithout(fabric, ['a'])
    passWithout(fabric, ['a', 'b'])
    return fabric
  }

  const isHealed = (fabric: Fabric) => blogs(fabric).every(({ host }) => host !== 'b')

  it('holds the healing of others until its deployment is deleted', () => {
    const fabric = lostTwice()
    assert.ok(!isHealed(fabric))
    fabric.ask({ kind: 'deleteDeployment', deployment: production })
    obey(fabric)
    assert.ok(isHealed(fabric))
  })

  it('holds it until its deployment is suspended', () => {
    const fabric = lostTwice()
    fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status: 'Suspended' })
    obey(fabric)
    assert.ok(isHealed(fabric))
    for (let round = 0; round < 3; round++) obey(fabric)
    assert.deepEqual([...fabric.state.observed.failing], [])
  })

  it('holds nothing when it failed before it was healed', () => {
    assert.ok(isHealed(lostTwice(true)))
  })
})
