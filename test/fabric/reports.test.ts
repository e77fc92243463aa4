/** Which of the reports of one instance counts, whichever arrives first. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { goalOf } from '../../src/fabric/controller/deployment/goals.ts'
import { receiveReport } from '../../src/fabric/controller/seen/report.ts'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import { deploymentSubject } from '../../src/fabric/controller/subject.ts'
import type { HostReport, InstanceReport } from '../../src/host/contract/report.ts'
import { createDeployment, deployed, type Fabric, timers } from './fabric.ts'

const host = 'a'

/** A report of the one instance on the host. */
function tell(fabric: Fabric, change: Partial<InstanceReport>, report: Partial<HostReport> = {}): void {
  const [key = ''] = fabric.state.derived.instancesOn.get(host) ?? []
  const before = fabric.state.observed.reports.get(key) as InstanceReport
  const own = { agentRun: 'r', number: 0, goalVersion: 0, complete: false, gone: [] }
  fabric.tell({ kind: 'report', host, report: { ...own, instances: [{ ...before, ...change }], ...report } })
}

function details(fabric: Fabric): string | undefined {
  const [key = ''] = fabric.state.derived.instancesOn.get(host) ?? []
  return fabric.state.observed.reports.get(key)?.details
}

it('an older report that comes late says nothing any more', () => {
  const fabric = deployed()
  tell(fabric, { details: 'new' }, { number: 8 })
  tell(fabric, { details: 'old' }, { number: 7 })
  assert.equal(details(fabric), 'new')
  tell(fabric, { details: 'newer' }, { number: 9 })
  assert.equal(details(fabric), 'newer')
})

for (const complete of [false, true])
  it(`nor does one of the same news that was decided before the guest was silent for too long${complete ? ', though it is complete' : ''}`, () => {
    const fabric = deployed()
    const since = fabric.now + timers.unresponsiveAfter
    tell(fabric, { details: 'silent', status: 'UnresponsiveRole', since }, { number: 8 })
    tell(fabric, { details: 'ready', since: fabric.now }, { number: 8, complete })
    assert.equal(details(fabric), 'silent')
  })

it('a complete report that does not mention an instance any more takes it out of rotation, since nothing is known of it', () => {
  const fabric = deployed()
  const [key = ''] = fabric.state.derived.instancesOn.get(host) ?? []
  tell(fabric, { details: 'news' }, { number: 8 })
  tell(fabric, {}, { number: 7, complete: true, instances: [] })
  assert.deepEqual(
    [details(fabric), fabric.rotation()['Web_IN_0']],
    ['news', 'in'],
    'it was decided before the last news',
  )
  tell(fabric, {}, { number: 9, complete: true, instances: [] })
  assert.equal(fabric.state.observed.reports.has(key), false)
  assert.equal(fabric.view().instances[0]?.status, 'Preparing')
  assert.deepEqual(fabric.rotation(), { Web_IN_0: 'out', Web_IN_1: 'in' })
})

it('an instance that is to run is not forgotten because its host says that nothing is left of it', () => {
  const fabric = deployed()
  const [key = ''] = fabric.state.derived.instancesOn.get(host) ?? []
  const known = fabric.instances()
  tell(fabric, {}, { number: 8, instances: [], gone: [key] })
  assert.deepEqual(
    fabric.instances().map(({ name }) => name),
    known.map(({ name }) => name),
  )
  assert.equal(fabric.view().instances[0]?.status, 'Preparing')
  assert.deepEqual(fabric.rotation(), { Web_IN_0: 'out', Web_IN_1: 'in' })
})

it('a question for a host travels with its goal until it has ended, and no other with it', () => {
  const fabric = deployed()
  const ask = (id: string) => ({ id, kind: 'log', key: 'k', log: 'l', offset: 0 }) as const
  const asked = () => goalOf(fabric.state, host).asks.map(({ id }) => id)
  for (const id of ['1', '2']) fabric.tell({ kind: 'ask', host, ask: ask(id) })
  const seen = [asked()]
  for (const id of ['1', '2', '2']) {
    fabric.tell({ kind: 'askEnded', host, id })
    seen.push(asked())
  }
  assert.deepEqual(seen, [['1', '2'], ['2'], [], []])
  assert.equal(fabric.state.observed.asks.size, 0, 'nothing is kept of them')
})

it('the same run of the agent goes on counting when it registers anew', () => {
  const fabric = deployed()
  tell(fabric, { details: 'new' }, { number: 8 })
  fabric.host(host)
  tell(fabric, { details: 'new' }, { number: 8 })
  tell(fabric, { details: 'old' }, { number: 7 })
  assert.equal(details(fabric), 'new')
})

it('another run of the agent counts from 0 on, and what its former run says late does not count', () => {
  const fabric = deployed()
  tell(fabric, { details: 'former' }, { number: 1_000_000 })
  fabric.host(host, { agentRun: 'next' })
  tell(fabric, { details: 'late' }, { number: 1_000_001 })
  assert.equal(details(fabric), 'former')
  tell(fabric, { details: 'next' }, { number: 1, agentRun: 'next' })
  assert.equal(details(fabric), 'next')
})

it('a controller that has started anew takes the numbers as they come', () => {
  const former = deployed()
  tell(former, { details: 'former' }, { number: 1_000_000 })
  const fabric = former.restarted()
  fabric.host(host)
  fabric.report('ReadyRole', [host])
  tell(fabric, { details: 'new' }, { number: 3 })
  assert.equal(details(fabric), 'new')
})

it('every field that is new is a change, and the moment alone is none', () => {
  const fabric = deployed()
  const [one] = [...fabric.state.observed.reports.values()]
  assert.ok(one)
  const touches = (change: object) => {
    const instances = [{ ...one, ...change }]
    const report = { agentRun: 'r', number: 0, goalVersion: 0, complete: false, instances, gone: [] }
    return receiveReport(fabric.state, { kind: 'report', host, report }, fabric.now).touched.length
  }
  const nothing = touches({})
  assert.equal(touches({ since: fabric.now + 1 }), nothing)
  assert.ok(touches({ novelty: 1 }) > nothing)
})

it('a deployment of which a report throws costs the others on the host nothing (F-27)', () => {
  const fabric = deployed()
  fabric.ask(createDeployment({ slot: 'Staging', name: 'v2' }))
  const on = (slot: 'Production' | 'Staging') =>
    fabric.instances().find((one) => one.deployment === fabric.deployment(slot).id && one.host === host)
  const [bad, good] = [on('Production'), on('Staging')]
  assert.ok(bad && good)
  const damaged = { ...bad, told: undefined } as unknown as InstanceRecord
  const state = keep(fabric.state, put('instance', bad.key, damaged))
  const [before] = [...fabric.state.observed.reports.values()]
  const instances = [bad, good].map(({ key, told }) => ({
    ...(before as InstanceReport),
    key,
    revision: told.revision,
    status: 'BusyRole' as const,
    details: 'news',
  }))
  const report = { agentRun: 'r', number: 5, goalVersion: 0, complete: true, instances, gone: [] }
  const after = receiveReport(state, { kind: 'report', host, report }, fabric.now)
  const { reports, thrown, synchronised } = after.state.observed
  assert.deepEqual([reports.get(good.key)?.details, reports.get(bad.key)?.details], ['news', ''])
  assert.ok(after.touched.includes(deploymentSubject(good.deployment)))
  assert.deepEqual([...thrown.keys()], [deploymentSubject(bad.deployment)])
  assert.ok(synchronised.has(host))
})

it('a deployment of which the end of an instance throws costs the others on the host nothing (F-27)', () => {
  const fabric = deployed()
  fabric.ask(createDeployment({ slot: 'Staging', name: 'v2' }))
  const of = (slot: 'Production' | 'Staging') => fabric.deployment(slot).id
  const [bad, good] = (['Production', 'Staging'] as const).map((slot) =>
    fabric.instances().find((one) => one.deployment === of(slot) && one.host === host),
  )
  assert.ok(bad && good)
  const state = keep(fabric.state, put('instance', bad.key, { ...bad, told: undefined } as unknown as InstanceRecord))
  const [before] = [...fabric.state.observed.reports.values()]
  const news = { ...(before as InstanceReport), key: good.key, revision: good.told.revision, details: 'news' }
  const report = { agentRun: 'r', number: 5, goalVersion: 0, complete: false, instances: [news], gone: [bad.key] }
  const { reports, thrown } = receiveReport(state, { kind: 'report', host, report }, fabric.now).state.observed
  assert.equal(reports.get(good.key)?.details, 'news')
  assert.deepEqual([...thrown.keys()], [deploymentSubject(bad.deployment)])
})

it('the same report again is no news: nothing is stored for it, and nobody has to be decided about but the host', () => {
  for (const status of ['ReadyRole', 'BusyRole', 'CyclingRole'] as const) {
    const fabric = deployed()
    tell(fabric, { status }, { number: 1 })
    const { state } = fabric
    const instances = [...state.observed.reports.values()].slice(0, 1)
    const report = { agentRun: 'r', number: 2, goalVersion: 0, complete: true, instances, gone: [] }
    const after = receiveReport(state, { kind: 'report', host, report }, fabric.now)
    assert.equal(after.state.unsaved.size, 0, status)
    assert.equal(after.state.stored, state.stored, status)
  }
})
