/** What a deployment is warned of, and whether its instances have stood for settleTime. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { configuration, type Fabric, timers } from './fabric.ts'
import { obey, walkThrough } from './obey.ts'
import { changeTo, parcelOf, refusedWith, rollBack, running, upgradeTo } from './updates.ts'

const warningEvents = (fabric: Fabric) =>
  [...fabric.state.stored.event.values()]
    .filter(({ kind }) => kind === 'Warning')
    .toSorted((a, b) => a.number - b.number)
    .map(({ reason }) => reason)

describe('the warnings of a deployment', () => {
  const parcel = () => ({ ...parcelOf([{}], 2), warnings: ['odd file'] })

  it('are those of its package, and each is an event', () => {
    const fabric = running({ Web: 2 }, parcel())
    assert.deepEqual(fabric.view().warnings, ['odd file'])
    assert.deepEqual(warningEvents(fabric), ['odd file'])
  })

  it('stay over a change of configuration, which TreatWarningsAsError refuses for them (D-13)', () => {
    const fabric = running({ Web: 2 }, parcel())
    const change = configuration({ Web: 3 })
    const { message } = refusedWith(fabric.ask(changeTo(change, { treatWarningsAsError: true })))
    assert.match(message, /Severity:Warning, message:odd file/)
    fabric.ask(changeTo(change))
    walkThrough(fabric)
    assert.deepEqual(fabric.view().warnings, ['odd file'])
    assert.deepEqual(warningEvents(fabric), ['odd file'], 'what was said is not said again')
  })

  it('are those of the new package after an upgrade, and of the former after a rollback', () => {
    const own = parcel()
    const fabric = running({ Web: 2 }, own)
    own.warnings = ['odder file']
    fabric.ask(upgradeTo({ Web: 2 }))
    assert.deepEqual(fabric.view().warnings, ['odder file'])
    fabric.ask(rollBack())
    assert.deepEqual(fabric.view().warnings, ['odd file'])
    assert.deepEqual(warningEvents(fabric), ['odd file', 'odder file', 'odd file'])
  })

  it('survive a restart of the controller', () => {
    assert.deepEqual(running({ Web: 2 }, parcel()).restarted().view().warnings, ['odd file'])
  })
})

describe('an instance has settled', () => {
  const settled = (fabric: Fabric) => fabric.view().instances.map(({ hasSettled }) => hasSettled)

  it('when it has been Ready for settleTime, and no longer once it has failed (U-29)', () => {
    const fabric = running({ Web: 1 })
    assert.deepEqual(settled(fabric), [false])
    fabric.pass(timers.settleTime - 1)
    assert.deepEqual(settled(fabric), [false])
    fabric.pass(1)
    assert.deepEqual(settled(fabric), [true])
    fabric.report('CyclingRole')
    assert.deepEqual(settled(fabric), [false])
  })

  it('only without a failure, though no report showed it down', () => {
    const fabric = running({ Web: 1 })
    fabric.pass(timers.settleTime)
    obey(fabric, () => ({ failures: 1 }))
    assert.deepEqual(settled(fabric), [false])
  })
})
