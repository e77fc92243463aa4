/** Several load balancers, each with a table of its own: what a stop waits for, and what is made of all that they say (L-1, H-27, docs/decisions/several-machines.md). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RotationReport } from '../../src/fabric/contract/rotation.ts'
import { openDesk } from '../../src/fabric/controller/desk/open-desk.ts'
import { rotationPoll } from '../../src/fabric/controller/desk/rotation-poll.ts'
import { stepOut } from '../../src/fabric/controller/rotation/step-out.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import { deployed, type Fabric, production, timers } from './fabric.ts'

const [north, south] = ['load-balancer:north', 'load-balancer:south'] as const
const { drainLimit, heartbeatInterval, rotationOutLimit } = timers

function asks(fabric: Fabric, ...balancers: readonly string[]): void {
  for (const balancer of balancers) fabric.tell({ kind: 'balancerPoll', balancer, open: true })
}

function says(fabric: Fabric, balancer: string, said: Partial<RotationReport> = {}): void {
  const acknowledged = fabric.state.observed.rotation.version
  const nothing = { boundPorts: {}, failed: {}, probedOut: {}, drained: [] }
  fabric.tell({ kind: 'balancerReport', balancer, report: { balancer, acknowledged, ...nothing, ...said } })
}

/** A deployment behind two balancers that serve it, which is to be stopped. */
function leaving(): { fabric: Fabric; keys: readonly string[]; stopped(): boolean } {
  const fabric = deployed()
  asks(fabric, north, south)
  for (const balancer of [north, south]) says(fabric, balancer)
  fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status: 'Suspended' })
  const stopped = () => fabric.instances().every(({ told }) => told.run === 'Stopped')
  return { fabric, keys: fabric.instances().map(({ key }) => key), stopped }
}

describe('a stop', () => {
  it('waits until every balancer has the table, and at each no request is in flight', () => {
    const { fabric, keys, stopped } = leaving()
    says(fabric, north, { drained: keys })
    fabric.pass(rotationOutLimit)
    assert.equal(stopped(), false, 'the other still sends')
    says(fabric, south)
    assert.equal(stopped(), false, 'and has a request in flight')
    says(fabric, south, { drained: keys })
    assert.equal(stopped(), true)
  })

  it('does not wait for a balancer that is gone, whatever it had in flight', () => {
    const { fabric, keys, stopped } = leaving()
    says(fabric, north, { drained: keys })
    fabric.tell({ kind: 'balancerPoll', balancer: south, open: false })
    assert.equal(stopped(), true)
  })

  it('waits for one that hangs as long as for the only one, and no longer', () => {
    const { fabric, keys, stopped } = leaving()
    says(fabric, north, { drained: keys })
    fabric.pass(rotationOutLimit + drainLimit - 1)
    assert.equal(stopped(), false)
    fabric.pass(1)
    assert.equal(stopped(), true)
  })

  it('waits for a balancer that is new, or has come back with an old table', () => {
    const { fabric, keys, stopped } = leaving()
    asks(fabric, 'load-balancer:west')
    for (const balancer of [north, south]) says(fabric, balancer, { drained: keys })
    assert.equal(stopped(), false)
    says(fabric, 'load-balancer:west', { drained: keys })
    assert.equal(stopped(), true)
  })

  it('waits under a new master until every balancer that lives must have asked it', () => {
    const { fabric, keys } = leaving()
    says(fabric, north, { drained: keys })
    fabric.tell({ kind: 'balancerPoll', balancer: south, open: false })
    says(fabric, north, { drained: keys })
    const [first] = fabric.instances() as [InstanceRecord]
    const startedAt = fabric.now - 1
    const leftAt = startedAt - drainLimit
    const next = (severalMachines: boolean) => {
      const state = { ...fabric.state, startedAt, facts: { ...fabric.state.facts, severalMachines } }
      const { version } = state.observed.rotation
      const observed = {
        ...state.observed,
        leaving: state.observed.leaving.set(first.key, { since: leftAt, version }),
      }
      return stepOut({ ...state, observed }, fabric.deployment(), first, fabric.now)
    }
    assert.equal(next(true), startedAt + 3 * heartbeatInterval + rotationOutLimit)
    assert.equal(next(false), 'tell', 'on one machine nothing more is waited for')
  })
})

describe('what several balancers say', () => {
  it('is noted once when all say the same', () => {
    const fabric = deployed()
    const failed = { [`${fabric.deployment().id}/Web/Http`]: 'taken' }
    for (const balancer of [north, south, north]) says(fabric, balancer, { failed })
    const events = [...fabric.state.stored.event.values()].filter(({ kind }) => kind === 'EndpointFailed')
    assert.deepEqual(
      events.map(({ reason }) => reason),
      ['taken'],
    )
  })

  it('takes an instance out in its view when one probe holds it out, until that balancer is gone', () => {
    const fabric = deployed()
    asks(fabric, north, south)
    const [first] = fabric.instances() as [InstanceRecord]
    const inRotation = () => fabric.view().instances.map((one) => one.inRotation)
    says(fabric, north)
    says(fabric, south, { probedOut: { [first.key]: 'no answer' } })
    assert.deepEqual(inRotation(), [false, true])
    fabric.tell({ kind: 'balancerPoll', balancer: south, open: false })
    assert.deepEqual(inRotation(), [true, true])
  })

  it('is one port: that of the first by name that has moved one', () => {
    const fabric = deployed()
    asks(fabric, north, south)
    const id = `${fabric.deployment().id}/Web/Http`
    const port = () => fabric.view().instances[0]?.endpoints[0]?.publicPort
    says(fabric, south, { boundPorts: { [id]: 8081 } })
    assert.equal(port(), 8081)
    says(fabric, north, { boundPorts: { [id]: 8080 } })
    assert.equal(port(), 8080)
  })
})

it('each balancer is missed for itself, and one of several only when it must have asked again', () => {
  const fabric = deployed()
  const wakes: (readonly [at: number, wake: () => void])[] = []
  const desk = openDesk({
    state: () => fabric.state,
    deliver(message, ended) {
      fabric.tell(message)
      ended(undefined)
    },
    now: () => fabric.now,
    schedule(at, wake) {
      wakes.push([at, wake])
      return () => {}
    },
  })
  const fail = (thrown: unknown) => {
    throw thrown
  }
  const began = fabric.now
  const poll = (balancer: string) =>
    desk.serve(
      (sight) => rotationPoll(sight, balancer, { after: 0, waitMs: 0 }),
      () => {},
      fail,
    )
  const living = () => [...fabric.state.observed.balancers.filter(({ polling }) => polling).keys()].toSorted()
  for (const balancer of [north, south, 'load-balancer']) poll(balancer)
  assert.deepEqual(living(), ['load-balancer', north, south])
  const goesOn = (at: number) => {
    for (const [due, wake] of wakes.splice(0)) if (due <= at) wake()
  }
  assert.deepEqual(
    wakes.flatMap(([at]) => (at > began ? [at - began] : [])).toSorted((one, other) => one - other),
    [rotationOutLimit, 3 * heartbeatInterval + rotationOutLimit, 3 * heartbeatInterval + rotationOutLimit],
  )
  goesOn(began + 3 * heartbeatInterval + rotationOutLimit)
  assert.deepEqual(living(), [])
})
