/** The update, seen (M-9): where each instance is on its way, and what can be asked for now. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  columnsOf,
  doneCount,
  type Stage,
  stageCounts,
  stageOf,
  stepsOf,
} from '../../src/client/portal/browser/walk/stages.ts'
import { rollbackHindrance, walkOffer } from '../../src/client/portal/browser/walk/walk-offers.ts'
import type { Progress } from '../../src/client/service-management/updates.ts'

type Update = NonNullable<Progress['update']>
type Instance = Progress['instances'][number]

/** An upgrade to version 2 in domain 0 of 2. */
function update(traits: Partial<Update> = {}): Update {
  return {
    kind: 'upgrade',
    mode: 'Auto',
    domain: 0,
    domainState: 'During',
    domains: 2,
    role: undefined,
    target: 2,
    onFailure: 'hold',
    waitsFor: '',
    held: undefined,
    ...traits,
  }
}

/** Ready for long at version 1 in domain 0, and serving. */
function instance(traits: Partial<Instance> = {}): Instance {
  return {
    name: 'Web_IN_0',
    role: 'Web',
    domain: 0,
    version: 1,
    status: 'ReadyRole',
    hasSettled: true,
    details: '',
    inRotation: true,
    host: 'host1',
    ...traits,
  }
}

const begins = update({ waitsFor: 'upgrade, domain 0 of 2: Web_IN_0 has not begun: waits until it is Ready' })
const told = { version: 2, hasSettled: false, inRotation: false } as const

const rows: readonly (readonly [what: string, found: Stage, expected: Stage])[] = [
  ['its domain comes later', stageOf(update(), instance({ domain: 1 }), true), 'waits'],
  ['its domain is the next', stageOf(update({ domainState: 'Before' }), instance(), true), 'next'],
  ['all domains at once (U-36)', stageOf(update({ mode: 'Simultaneous' }), instance({ domain: 1 }), true), 'next'],
  ['another role is upgraded (U-16)', stageOf(update({ role: 'Work' }), instance(), true), 'aside'],
  ['it drains before it stops (U-14)', stageOf(update(), instance({ inRotation: false }), true), 'leaves'],
  ['nobody reaches it, so it has nothing to leave', stageOf(update(), instance({ inRotation: false }), false), 'next'],
  ['it has drained and is told', stageOf(begins, instance(told), true), 'leaves'],
  ['it is told and nobody reaches it', stageOf(begins, instance(told), false), 'next'],
  ['it stops', stageOf(update(), instance({ ...told, status: 'StoppingRole' }), true), 'stops'],
  ['it starts', stageOf(update(), instance({ ...told, status: 'StartingRole' }), true), 'starts'],
  ['it runs its tasks', stageOf(update(), instance({ ...told, status: 'BusyRole' }), true), 'busy'],
  ['it is Ready and must stay so (U-29)', stageOf(update(), instance({ ...told, inRotation: true }), true), 'settles'],
  ['its probe keeps it out', stageOf(update(), instance(told), true), 'settles'],
  ['it has settled', stageOf(update(), instance({ version: 2 }), true), 'done'],
  ['it stands still (U-65)', stageOf(update(), instance({ ...told, status: 'StoppedVM' }), true), 'atRest'],
  ['it recycles (H-13)', stageOf(update(), instance({ ...told, status: 'CyclingRole' }), true), 'fails'],
  ['its host is lost', stageOf(update(), instance({ status: 'RoleStateUnknown' }), true), 'unknown'],
]

describe('an instance in an update', () => {
  for (const [what, found, expected] of rows) it(`${expected}: ${what}`, () => assert.equal(found, expected))

  it('has gone through all steps when it is done, and none before its turn', () => {
    assert.deepEqual(stepsOf('done'), { passed: 4, at: undefined })
    assert.deepEqual(stepsOf('waits'), { passed: 0, at: undefined })
    assert.deepEqual(stepsOf('settles'), { passed: 3, at: 3 })
  })
})

describe('an update, seen', () => {
  const instances = [
    instance({ version: 2 }),
    instance({ name: 'Web_IN_1', domain: 1 }),
    instance({ name: 'Work_IN_0', role: 'Work', ...told, status: 'BusyRole' }),
  ]

  it('has a column for each domain, those too that are passed over (U-18)', () => {
    const columns = columnsOf(update({ domains: 3, domain: 1 }), instances)
    assert.deepEqual(
      columns.map(({ domain, standing, instances: members }) => [domain, standing, members.length]),
      [
        [0, 'walked', 2],
        [1, 'now', 1],
        [2, 'waits', 0],
      ],
    )
  })

  it('shows before a walk which domain is the next (U-34), and all in work at once (U-36)', () => {
    const standings = (traits: Partial<Update>) => columnsOf(update(traits), []).map(({ standing }) => standing)
    assert.deepEqual(standings({ domainState: 'Before' }), ['next', 'waits'])
    assert.deepEqual(standings({ mode: 'Simultaneous' }), ['now', 'now'])
  })

  it('counts who is done, of those concerned', () => {
    assert.deepEqual(doneCount(update(), instances), { done: 1, all: 3 })
    assert.deepEqual(doneCount(update({ role: 'Web' }), instances), { done: 1, all: 2 })
    assert.deepEqual(stageCounts(update(), instances, new Set()), [
      { stage: 'waits', count: 1 },
      { stage: 'busy', count: 1 },
      { stage: 'done', count: 1 },
    ])
  })
})

describe('what is offered while an update is active', () => {
  it('walks the next domain only, and only by hand (M-9, U-31)', () => {
    assert.equal(walkOffer(update(), undefined), undefined)
    const before = update({ mode: 'Manual', domain: 1, domainState: 'Before' })
    assert.deepEqual(walkOffer(before, undefined), { domain: 1, hindrance: undefined })
  })

  it('walks none while one is walked, or was asked for (U-32)', () => {
    const during = update({ mode: 'Manual', domain: 1 })
    assert.deepEqual(walkOffer(during, undefined), { domain: 1, hindrance: 'walking' })
    const asked = update({ mode: 'Manual', domain: 1, domainState: 'Before' })
    assert.deepEqual(walkOffer(asked, 1), { domain: 1, hindrance: 'walking' })
  })

  it('goes back while the API allows it, and never from a rollback (U-41)', () => {
    const free = { rollbackAllowed: true, locked: false }
    assert.equal(rollbackHindrance(update(), free), undefined)
    assert.equal(rollbackHindrance(update(), { ...free, locked: true }), 'locked')
    assert.equal(rollbackHindrance(update(), { ...free, rollbackAllowed: false }), 'notAllowed')
    assert.equal(rollbackHindrance(update({ kind: 'rollback' }), free), 'isRollback')
  })
})
