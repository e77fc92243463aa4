/** What the fabric remembers of what has happened, and for how long (T-2, O-3, O-6). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { note, noteDeployment, noteInstance } from '../../src/fabric/controller/history/events.ts'
import { forgetHistory, historyForgotten } from '../../src/fabric/controller/history/forget-history.ts'
import { begun, failed, succeeded } from '../../src/fabric/controller/history/operations.ts'
import { noteSetAside, withThrown } from '../../src/fabric/controller/history/set-aside.ts'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import { deploymentSubject, hostSubject } from '../../src/fabric/controller/subject.ts'
import { deployed, subscriptionId } from './fabric.ts'
import { walkThrough } from './obey.ts'
import { parcelOf, running, upgradeTo } from './updates.ts'

const { state, now, deployment, instances } = deployed()

const anew = {
  ...state,
  derived: { ...state.derived, lastEvent: 0 },
  stored: { ...state.stored, event: state.stored.event.clear() },
}
describe('events', () => {
  const numbers = (from: typeof state) =>
    [...from.stored.event.values()].map(({ number }) => number).toSorted((one, other) => one - other)

  it('are numbered, and say of whom they speak', () => {
    const [one] = instances()
    assert.ok(one)
    const { id, service, name } = deployment()
    const noted = noteInstance(
      noteDeployment(note(anew, 1, { subject: 'a', kind: 'K', reason: 'r' }), 2, deployment(), 'D', 'd'),
      3,
      one,
      'I',
      'i',
    )
    assert.deepEqual(
      [...noted.stored.event],
      [
        ['000000000001', { number: 1, at: 1, subject: 'a', kind: 'K', reason: 'r' }],
        ['000000000002', { number: 2, at: 2, subject: name, kind: 'D', reason: 'd', service }],
        ['000000000003', { number: 3, at: 3, subject: one.name, kind: 'I', reason: 'i', service, deployment: id }],
      ],
    )
    assert.equal(noted.derived.lastEvent, 3)
  })

  it('are kept up to 20,000; then the oldest goes with each', () => {
    const first = note(note(anew, 1, { subject: 'a', kind: 'K', reason: '' }), 1, {
      subject: 'a',
      kind: 'K',
      reason: '',
    })
    const later = (lastEvent: number) =>
      numbers(note({ ...first, derived: { ...first.derived, lastEvent } }, 1, { subject: 'a', kind: 'K', reason: '' }))
    assert.deepEqual(
      [later(19_999), later(20_000), later(20_001)],
      [
        [1, 2, 20_000],
        [2, 20_001],
        [1, 20_002],
      ],
    )
  })
})

it('who is set aside, and who is taken up again, is an event of its service, or of the host (F-27)', () => {
  const { id, name, service } = deployment()
  const subjects = [deploymentSubject(id), hostSubject('a')] as const
  const aside = subjects.reduce((before, one) => withThrown(before, one, 'decision', 'TypeError: x'), anew)
  const noted = noteSetAside(anew, aside, now)
  const again = subjects.reduce((before, one) => withThrown(before, one, 'decision', undefined), noted)
  const events = [...noteSetAside(noted, again, now).stored.event.values()].map((event) => [
    event.number,
    event.subject,
    event.kind,
    event.service,
    event.reason,
  ])
  const defect =
    'Set aside because of a defect in the fabric: TypeError: x. It is tried again, later and later; everything else goes on.'
  const over = 'what was set aside has been thought through'
  assert.deepEqual(events, [
    [1, name, 'SetAside', service, `${defect} It can be deleted.`],
    [2, 'a', 'SetAside', undefined, defect],
    [3, name, 'TakenUpAgain', service, over],
    [4, 'a', 'TakenUpAgain', undefined, over],
  ])
  assert.equal(noteSetAside(noted, noted, now), noted)
  const more = noteSetAside(noted, withThrown(noted, hostSubject('b'), 'decision', 'TypeError: y'), now)
  assert.deepEqual(
    [...more.stored.event.values()].slice(2).map(({ subject }) => subject),
    ['b'],
    'who was set aside before is not named again',
  )
})

it('who has no part in an update has no event of it (T-2)', () => {
  const fabric = running({ Web: 2, Api: 2 }, parcelOf([{}, { name: 'Api', endpoints: '' }], 2))
  const { lastEvent } = fabric.state.derived
  fabric.ask(upgradeTo({ Web: 2, Api: 2 }, { role: 'Api' }))
  walkThrough(fabric)
  const told = [...fabric.state.stored.event.values()].filter(
    ({ number, kind }) => number > lastEvent && kind.startsWith('Told'),
  )
  assert.deepEqual(told.map(({ subject }) => subject).toSorted(), ['Api_IN_0', 'Api_IN_1'])
})

describe('operations', () => {
  const envelope = {
    requestId: 'r',
    subscriptionId,
    operationName: 'Swap',
    objectId: '/',
    caller: { thumbprint: 'A', clientAddress: '' },
    command: { kind: 'swap', service: 's', production: 'a', source: 'b' },
  } as const
  const open = begun(envelope, { objectId: '/o', parameters: { p: 'v' } }, 5)

  it('say what was asked, and how it ended', () => {
    const { requestId: id, operationName: name, caller } = envelope
    const parameters = { p: 'v' }
    assert.deepEqual(open, {
      id,
      subscriptionId,
      name,
      objectId: '/o',
      parameters,
      caller,
      status: 'InProgress',
      startedAt: 5,
    })
    assert.deepEqual(succeeded(open, 7), { ...open, status: 'Succeeded', httpStatus: 200, completedAt: 7 })
    const error = { code: 'ConflictError', message: 'm' }
    assert.deepEqual(failed(open, error, 7), { ...open, status: 'Failed', httpStatus: 409, error, completedAt: 7 })
  })

  it('are kept for 90 days after they ended, and looked for every hour', () => {
    const days = 90 * 86_400_000
    const bare = { ...state, stored: { ...state.stored, operation: state.stored.operation.clear() } }
    const kept = keep(
      bare,
      put('operation', 'old', { ...succeeded(open, now - days - 1), id: 'old' }),
      put('operation', 'new', { ...succeeded(open, now - days), id: 'new' }),
      put('operation', 'open', { ...open, id: 'open' }),
    )
    const [action, ...more] = forgetHistory(kept, now).actions
    assert.ok(action?.kind === 'forgetHistory' && more.length === 0)
    assert.deepEqual(action.operations, ['old'])
    assert.equal(forgetHistory(kept, now).wakeAt, now + 3_600_000)
    const left = historyForgotten(kept, action).state
    assert.deepEqual([...left.stored.operation.keys()].toSorted(), ['new', 'open'])
    assert.deepEqual(forgetHistory(left, now), { actions: [], wakeAt: now + 3_600_000 })
  })
})
