/** In a fabric of several machines a package lies on two of them, and the master has it before anybody needs it (docs/decisions/several-machines.md). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readHeldReport } from '../../src/fabric/contract/held-packages.ts'
import type { ControllerAction, Effect, Outcome } from '../../src/fabric/controller/action.ts'
import { decide } from '../../src/fabric/controller/decide.ts'
import { emptyDesk } from '../../src/fabric/controller/desk/desk.ts'
import { packageRequest } from '../../src/fabric/controller/desk/package-request.ts'
import { packagesHeld } from '../../src/fabric/controller/desk/packages-held.ts'
import { newestEpoch } from '../../src/fabric/controller/packages/newest-epoch.ts'
import { withHeld } from '../../src/fabric/controller/packages/packages-held.ts'
import { receive } from '../../src/fabric/controller/receive.ts'
import { settle } from '../../src/fabric/controller/settle.ts'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import type { MachineRecord } from '../../src/fabric/controller/state/records/machine.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { deploymentSubject } from '../../src/fabric/controller/subject.ts'
import { deploymentView } from '../../src/fabric/controller/views/deployment.ts'
import type { Candidate } from '../../src/fabric/package-store/package-peers.ts'
import { configuration, deployed, shipped, shippedPackage } from './fabric.ts'

const fabric = deployed()
const { now } = fabric
const used = 'sha'
const refusing = ['m2 refuses it: the disk is full.']

/** The fabric seen from m1, the master. */
function seenBy(machines: readonly string[], holders: readonly string[], away: readonly string[] = []): FabricState {
  const record = fabric.state.stored.package.get(used)
  assert.ok(record)
  const cluster = { machine: 'm1', version: '1', ports: { controller: 9443, etcdMembers: 2380 } }
  const state = {
    ...fabric.state,
    facts: { ...fabric.state.facts, cluster },
    observed: { ...fabric.state.observed, lost: fabric.state.observed.lost.union(away) },
  }
  const records = ['m1', ...machines].map((name, number) => put('machine', name, machineOf(name, number)))
  return keep(state, ...records, put('package', used, { ...record, holders }))
}

function machineOf(name: string, number: number): MachineRecord {
  const unknown = { computer: '', keys: '', token: '', certificates: [], joinedAt: 0, version: '1' }
  return { ...unknown, name, number, address: `192.0.2.${number}`, controller: true }
}

function due(state: FabricState, at = now): readonly string[] {
  return decide(state, 'pool', at).actions.map(wordsOf)
}

function wordsOf(action: ControllerAction): string {
  const names = (list: readonly Candidate[] | undefined) => (list ?? []).map(({ name }) => name).join(' ')
  if (action.kind === 'sharePackage') return `share with ${names(action.to)}`
  if (action.kind === 'bringPackage') return `bring from ${names(action.from)}`
  if (action.kind === 'dropPackage') return `drop here and at ${names(action.at)}`
  return action.kind
}

function settled(state: FabricState, outcome: Outcome): FabricState {
  const [action] = decide(state, 'pool', now).actions
  return settle(state, action as Effect, outcome, now).state
}

const holdersIn = (state: FabricState) => state.stored.package.get(used)?.holders

describe('a package lies on two machines', () => {
  const rows: readonly [when: string, state: FabricState, due: readonly string[]][] = [
    ['on one machine alone nothing is asked', fabric.state, []],
    ['alone in a fabric of several: nobody can hold it too', seenBy([], ['m1']), []],
    ['with a second candidate it is copied', seenBy(['m2'], ['m1']), ['share with m2']],
    ['two hold it: a third need not', seenBy(['m2', 'm3'], ['m1', 'm2']), []],
    ['one that is away still holds it', seenBy(['m2', 'm3'], ['m1', 'm2'], ['m2']), []],
    ['one that was removed does not', seenBy(['m3'], ['m1', 'm2']), ['share with m3']],
    ['who is away is not asked', seenBy(['m2'], ['m1'], ['m2']), []],
    ['a master without it gets it first', seenBy(['m2', 'm3'], ['m3']), ['bring from m3']],
    ['and from nobody who is away', seenBy(['m2'], ['m2'], ['m2']), []],
  ]
  for (const [when, state, expected] of rows) it(when, () => assert.deepEqual(due(state), expected))

  it('the candidate with the fewest packages is asked first', () => {
    const record = fabric.state.stored.package.get(used)
    assert.ok(record)
    const other = put('package', 'other', { ...record, sha256: 'other', holders: ['m1', 'm2'] })
    assert.deepEqual(due(keep(seenBy(['m2', 'm3'], ['m1']), other))[0], 'share with m3 m2')
  })

  it('whoever took it is written down; the same again changes nothing', () => {
    const state = settled(seenBy(['m2'], ['m1']), {
      kind: 'shared',
      shared: { holder: 'm2', refusals: [], silences: [] },
    })
    assert.deepEqual(holdersIn(state), ['m1', 'm2'])
    assert.deepEqual(due(state), [])
  })

  it('a copy that none took is tried again later, and said once', () => {
    const none: Outcome = { kind: 'shared', shared: { refusals: refusing, silences: [] } }
    const state = settled(seenBy(['m2'], ['m1']), none)
    const { actions, wakeAt } = decide(state, 'pool', now)
    assert.deepEqual(actions, [])
    assert.ok(wakeAt && wakeAt > now)
    assert.deepEqual(due(state, wakeAt), ['share with m2'])
    const [again] = decide(state, 'pool', wakeAt).actions
    const twice = settle(state, again as Effect, none, wakeAt).state
    const said = [...twice.stored.event.values()].filter(({ kind }) => kind === 'PackageNotCopied')
    assert.equal(said.length, 1)
    assert.match(said[0]?.reason ?? '', /on one machine alone: m2 refuses it: the disk is full/)
  })

  it('one that was dropped while it was copied is not known again', () => {
    const state = seenBy(['m2'], ['m1'])
    const [action] = decide(state, 'pool', now).actions
    const dropped = { ...state, stored: { ...state.stored, package: state.stored.package.delete(used) } }
    const after = settle(
      dropped,
      action as Effect,
      { kind: 'shared', shared: { holder: 'm2', refusals: [], silences: [] } },
      now,
    )
    assert.equal(after.state.stored.package.size, 0)
  })

  it('it is dropped at all that hold it and can be told', () => {
    const state = seenBy(['m2', 'm3', 'm4'], ['m1', 'm2', 'm3'], ['m3'])
    const unused = { ...state, stored: { ...state.stored, deployment: state.stored.deployment.clear() } }
    assert.deepEqual(due(unused), ['drop here and at m2'])
  })
})

describe('a package that is fetched', () => {
  const request = {
    request: { packageUrl: 'http://blobs/p', configuration: configuration({ Web: 2 }), treatWarningsAsError: false },
  }
  const fetching = (machines: readonly string[], away: readonly string[] = []) => {
    const state = seenBy(machines, ['m1', 'm2'], away)
    return keep(state, put('deployment', fabric.deployment().id, { ...fabric.deployment(), ...request }))
  }
  const subject = deploymentSubject(fabric.deployment().id)
  const fetchOf = (state: FabricState) =>
    decide(state, subject, now).actions.find(({ kind }) => kind === 'fetchPackage') as Effect & { kind: 'fetchPackage' }
  const outcome = (shared?: (Outcome & { kind: 'fetched' })['shared']): Outcome => ({
    kind: 'fetched',
    result: { ok: true, value: { ...shippedPackage(shipped()), sha256: 'new' } },
    shared,
  })
  const after = (shared: (Outcome & { kind: 'fetched' })['shared']) => {
    const state = fetching(['m2', 'm3'])
    const settledFetch = settle(state, fetchOf(state), outcome(shared), now).state
    const refusal = [...settledFetch.stored.event.values()].find(({ kind }) => kind === 'Refused')?.reason
    return { holders: settledFetch.stored.package.get('new')?.holders, refusal }
  }

  it('goes to a second candidate with its reading', () => {
    assert.deepEqual(
      fetchOf(fetching(['m2', 'm3'])).to?.map(({ name }) => name),
      ['m3', 'm2'],
    )
    assert.equal(fetchOf(fetching([])).to, undefined)
    assert.equal(fetchOf(fetching(['m2'], ['m2'])).to, undefined)
  })

  it('is refused when a second one lives and none takes it', () => {
    const { holders, refusal } = after({ refusals: refusing, silences: [] })
    assert.equal(holders, undefined)
    assert.match(
      refusal ?? '',
      /no second machine keeps it, .*: m2 refuses it: the disk is full\. Mend that, and try again\./,
    )
  })

  it('counts when none answers: then no second one lives', () => {
    assert.deepEqual(after({ refusals: [], silences: ['m2 did not take it: nothing listens there.'] }), {
      holders: ['m1'],
      refusal: undefined,
    })
    assert.deepEqual(after({ holder: 'm2', refusals: [], silences: [] }).holders, ['m1', 'm2'])
  })

  it('of one machine is recorded as ever', () => {
    assert.deepEqual(Object.keys(deployed().state.stored.package.get('sha') ?? {}).includes('holders'), false)
  })
})

describe('a master without a package', () => {
  const host = fabric.instances()[0]?.host ?? ''

  it('says to hosts that it is on its way, and writes it down when it is there', () => {
    const state = seenBy(['m2'], ['m2'])
    const next = packageRequest({ state, desk: emptyDesk }, host, used)
    assert.ok(next.kind === 'say' && next.answer)
    assert.equal(next.answer.status, 503)
    assert.match(next.answer.refused.message, /is not on m1, the master: it is being got from m2/)
    const has = settled(state, { kind: 'brought', brought: { from: 'm2', failures: [] } })
    assert.deepEqual(holdersIn(has), ['m2', 'm1'])
    assert.deepEqual(packageRequest({ state: has, desk: emptyDesk }, host, used), { kind: 'say', answer: undefined })
  })

  it('says to users what nobody has', () => {
    const { warnings } = deploymentView(seenBy(['m2'], ['m2', 'm3'], ['m2']), fabric.deployment(), now)
    assert.match(
      warnings[0] ?? '',
      /^The package sha is not on m1, the master, and no machine that is heard has it \(known to have it: m2, m3\)\. .* Bring such a machine back, or upgrade/,
    )
    assert.deepEqual(deploymentView(fabric.state, fabric.deployment(), now).warnings, fabric.view().warnings)
  })

  it('says why it could not be got, and tries again', () => {
    const state = settled(seenBy(['m2'], ['m2']), {
      kind: 'brought',
      brought: { failures: ['m2 did not give it: no.'] },
    })
    assert.match(
      deploymentView(state, fabric.deployment(), now).warnings[0] ?? '',
      /could not be got: m2 did not give it: no\./,
    )
    assert.deepEqual(due(state, now + 60_000), ['bring from m2'])
  })
})

describe('what a candidate says it holds', () => {
  const hash = 'a'.repeat(64)
  const told = (state: FabricState, machine: string, held: readonly string[]) =>
    receive(state, { kind: 'packagesHeld', machine, held }, now).state

  it('is so, whatever was thought', () => {
    assert.deepEqual(holdersIn(told(seenBy(['m2'], ['m1', 'm2']), 'm2', [])), ['m1'])
    assert.deepEqual(holdersIn(told(seenBy(['m2'], ['m1']), 'm2', [used, hash])), ['m1', 'm2'])
    const same = seenBy(['m2'], ['m1', 'm2'])
    assert.equal(told(same, 'm2', [used]), same)
  })

  it('is dropped when nobody knows it, but not while a package is read', () => {
    const answer = (state: FabricState) => {
      const next = packagesHeld({ state, desk: emptyDesk }, { machine: 'm2', held: [used, hash] })
      assert.ok(next.kind === 'tell')
      const then = next.goOn({ state, desk: emptyDesk }, undefined)
      return then.kind === 'say' && 'drop' in then.answer ? then.answer.drop : then
    }
    const state = seenBy(['m2'], ['m1', 'm2'])
    assert.deepEqual(answer(state), [hash])
    const request = { packageUrl: 'http://blobs/p', configuration: '', treatWarningsAsError: false }
    assert.deepEqual(answer(keep(state, put('deployment', 'x', { ...fabric.deployment(), id: 'x', request }))), [])
  })

  it('is not heard of a machine that is no candidate', () => {
    const next = packagesHeld({ state: seenBy(['m2'], []), desk: emptyDesk }, { machine: 'm9', held: [] })
    assert.ok(next.kind === 'say' && 'status' in next.answer && next.answer.status === 409)
  })

  it('is read with bounds', () => {
    assert.deepEqual(readHeldReport({ machine: 'm2', held: [hash] }), { machine: 'm2', held: [hash] })
    for (const wrong of [
      undefined,
      {},
      { machine: '../m2', held: [] },
      { machine: 'm2', held: ['../../etc'] },
      { machine: 'm2', held: Array.from({ length: 10_001 }, () => hash) },
    ])
      assert.equal(readHeldReport(wrong), undefined)
  })

  it('of the master itself is asked of its disk when it takes over', () =>
    assert.deepEqual(holdersIn(withHeld(seenBy(['m2'], ['m1', 'm2']), 'm1', [])), ['m2']))
})

it('a former master is not obeyed', () => {
  const admits = newestEpoch(3)
  assert.deepEqual([3, 5, 4, Number.NaN, 5].map(admits), [true, true, false, false, true])
})
