import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Probe, RotationTable } from '../../src/fabric/contract/rotation.ts'
import type { BalancerAction, Message, Subject } from '../../src/fabric/load-balancer/action.ts'
import { balancerAgent } from '../../src/fabric/load-balancer/agent.ts'
import { type BalancerState, firstState } from '../../src/fabric/load-balancer/state.ts'
import { endpoint, member } from './rig.ts'

const probe: Probe = { protocol: 'http', address: '127.0.0.2', port: 16_001, intervalMs: 15_000, timeoutMs: 31_000 }

function table(
  version: number,
  members = [{ ...member('d.Web_IN_0', 20_000), probe }, member('d.Web_IN_1', 20_001)],
): RotationTable {
  return { version, endpoints: [endpoint({ vip: '127.3.1.1', members })] }
}

function told(state: BalancerState, message: Message, now = 0): BalancerState {
  return balancerAgent.receive(state, message, now).state
}

function due(state: BalancerState, subject: Subject, now = 0): readonly BalancerAction[] {
  return balancerAgent.decide(state, subject, now).actions
}

/** The state after the one action that is due for this subject has been carried out. */
function done(state: BalancerState, subject: Subject, busy: readonly string[] = [], now = 0): BalancerState {
  const [action] = due(state, subject, now)
  assert.ok(action, `nothing is due for ${subject}`)
  const outcome =
    action.kind === 'serve'
      ? { kind: 'serve' as const, served: { boundPorts: {}, failed: {}, busy } }
      : action.kind === 'report'
        ? { kind: 'report' as const, accepted: true }
        : { kind: 'save' as const }
  return balancerAgent.settle(state, action, outcome, now).state
}

function looked(state: BalancerState, verdict: 'good' | 'bad' | 'silent', now: number): BalancerState {
  const action: BalancerAction = { kind: 'look', key: 'look', reason: '', probe, limitMs: 1 }
  const outcome = verdict === 'good' ? { verdict } : { verdict, saw: 'HTTP 503' }
  return balancerAgent.settle(state, action, { kind: 'look', outcome, at: now }, now).state
}

function membersServed(state: BalancerState, now = 0): string {
  const [action] = due(state, 'rotation', now)
  return action?.kind === 'serve'
    ? action.endpoints.flatMap(({ members }) => members.map(({ state }) => state)).join(' ')
    : 'as before'
}

function report(
  state: BalancerState,
): { acknowledged: number; drained: readonly string[]; probedOut: Readonly<Record<string, string>> } | undefined {
  const [action] = due(state, 'report')
  return action?.kind === 'report' ? action.report : undefined
}

const started = firstState('b1', 15_000)

describe('the balancer decides', () => {
  it('serves a new table, saves it, and acknowledges it only once it is in force', () => {
    const state = told(started, { kind: 'table', table: table(7) })
    assert.deepEqual(
      [due(state, 'rotation')[0]?.kind, due(state, 'copy')[0]?.kind, due(state, 'report').length],
      ['serve', 'save', 0],
    )
    assert.equal(report(done(state, 'rotation'))?.acknowledged, 7)
  })

  it('does nothing for the same table again, nor for an older one', () => {
    const state = done(told(started, { kind: 'table', table: table(7) }), 'rotation')
    for (const version of [7, 6]) assert.equal(told(state, { kind: 'table', table: table(version) }), state)
    assert.deepEqual(due(state, 'rotation'), [])
  })

  it('saves a table once', () => {
    const saved = done(told(started, { kind: 'table', table: table(7) }), 'copy')
    assert.deepEqual([saved.savedVersion, due(saved, 'copy')], [7, []])
    assert.equal(due(told(saved, { kind: 'table', table: table(8) }), 'copy')[0]?.kind, 'save')
  })

  it('does not save the copy again from which it started', () => {
    assert.deepEqual(due(told(started, { kind: 'table', table: table(7), saved: true }), 'copy'), [])
  })

  it('takes a member out that a probe found bad, says what it saw, and never takes one in (L-5)', () => {
    const state = done(told(started, { kind: 'table', table: table(7) }), 'rotation')
    const bad = looked(state, 'bad', 0)
    assert.equal(membersServed(bad), 'out in')
    assert.deepEqual(report(done(bad, 'rotation'))?.probedOut, { 'd.Web_IN_0': 'HTTP 503' })
    const stopped = told(bad, { kind: 'table', table: table(8, [{ ...member('d.Web_IN_0', 20_000, 'out'), probe }]) })
    assert.equal(membersServed(looked(stopped, 'good', 0)), 'out')
  })

  it('leaves one that drains as it is, although another member with the same probe is held out', () => {
    const draining = { ...member('d.Web_IN_1', 20_001, 'draining'), probe }
    const state = done(
      told(started, { kind: 'table', table: table(7, [{ ...member('d.Web_IN_0', 20_000), probe }, draining]) }),
      'rotation',
    )
    const bad = looked(state, 'bad', 0)
    assert.equal(membersServed(bad), 'out draining')
    assert.deepEqual(report(done(bad, 'rotation'))?.probedOut, { 'd.Web_IN_0': 'HTTP 503' })
  })

  it('forgets what probes saw when the controller takes the member out and in again', () => {
    const bad = looked(told(started, { kind: 'table', table: table(7) }), 'bad', 0)
    const out = told(bad, { kind: 'table', table: table(8, [{ ...member('d.Web_IN_0', 20_000, 'out'), probe }]) })
    assert.equal(membersServed(told(out, { kind: 'table', table: table(9) })), 'in in')
  })

  it('takes a silent member out at its deadline, without waiting for the next look (L-4)', () => {
    const state = looked(done(told(started, { kind: 'table', table: table(7) }), 'rotation'), 'silent', 20_000)
    assert.equal(balancerAgent.decide(state, 'rotation', 20_000).wakeAt, 31_000)
    assert.equal(membersServed(state, 31_000), 'out in')
  })

  it('reports a draining instance once no request is in flight there (L-7)', () => {
    const draining = table(7, [member('d.Web_IN_0', 20_000, 'draining'), member('d.Web_IN_1', 20_001, 'draining')])
    const state = done(told(started, { kind: 'table', table: draining }), 'rotation', ['d.Web_IN_1'])
    assert.deepEqual(report(state)?.drained, ['d.Web_IN_0'])
    assert.deepEqual(report(told(state, { kind: 'idle', instance: 'd.Web_IN_1' }))?.drained, [
      'd.Web_IN_0',
      'd.Web_IN_1',
    ])
  })

  it('reports once, and again when the controller may be a new one that knows nothing', () => {
    const state = done(done(told(started, { kind: 'table', table: table(7) }), 'rotation'), 'report')
    assert.deepEqual(due(state, 'report'), [])
    assert.equal(report(told(state, { kind: 'polled' }))?.acknowledged, 7)
  })

  it('says nothing about the former table when a poll brought the next, whose report will be news to any controller', () => {
    const state = done(done(told(started, { kind: 'table', table: table(7) }), 'rotation'), 'report')
    const both = told(told(state, { kind: 'table', table: table(8) }), { kind: 'polled' })
    assert.deepEqual(due(both, 'report'), [])
    assert.equal(report(done(both, 'rotation'))?.acknowledged, 8)
  })

  it('does not hold a report up for that of an older table, which may still be under way', () => {
    const seven = done(told(started, { kind: 'table', table: table(7) }), 'rotation')
    const eight = done(told(seven, { kind: 'table', table: table(8) }), 'rotation')
    const [former, next] = [seven, eight].map((state) => due(state, 'report')[0]?.key)
    assert.notEqual(former, next)
  })

  it('sends a report that nobody took a moment later, not at once', () => {
    const state = done(told(started, { kind: 'table', table: table(7) }), 'rotation')
    const [action] = due(state, 'report')
    assert.ok(action)
    const refused = balancerAgent.settle(state, action, { kind: 'report', accepted: false }, 1_000).state
    assert.deepEqual(balancerAgent.decide(refused, 'report', 1_000), { actions: [], wakeAt: 1_250 })
    assert.equal(due(refused, 'report', 1_250).length, 1)
  })

  it('tries an endpoint that found no port again after a while', () => {
    const state = told(started, { kind: 'table', table: table(7) })
    const [action] = due(state, 'rotation')
    assert.ok(action)
    const served = { boundPorts: {}, failed: { 'd/Web/http': 'Port 80 cannot be opened.' }, busy: [] }
    const failed = balancerAgent.settle(state, action, { kind: 'serve', served }, 0).state
    assert.deepEqual(balancerAgent.decide(failed, 'rotation', 0), { actions: [], wakeAt: 15_000 })
    assert.equal(due(failed, 'rotation', 15_000).length, 1)
  })

  it('sets aside whom a message that throws is about: a table the rotation, any other the report (F-27)', () => {
    const subjects = (
      [{ kind: 'table', table: table(7) }, { kind: 'polled' }, { kind: 'idle', instance: 'i' }] as const
    ).map((message) => balancerAgent.about?.(message))
    assert.deepEqual(subjects, ['rotation', 'report', 'report'])
    const touched = (['rotation', 'copy', 'report'] as const).map(
      (subject) => balancerAgent.setAside(started, subject, 'TypeError', 0).touched,
    )
    assert.deepEqual(touched, [['report'], ['report'], []])
  })

  it('looks no more at a target that the table does not have any more', () => {
    assert.deepEqual(due(told(started, { kind: 'table', table: table(7) }), 'probe http://127.0.0.9:1'), [])
  })

  it('is asked again when the first silence will have lasted too long, and not for one that is over', () => {
    const other = { ...probe, address: '127.0.0.3', timeoutMs: 20_000 }
    const members = [
      { ...member('d.Web_IN_0', 20_000), probe },
      { ...member('d.Web_IN_1', 20_001), probe: other },
    ]
    const look = (state: BalancerState, at: number, which: Probe) =>
      balancerAgent.settle(
        state,
        { kind: 'look', key: 'look', reason: '', probe: which, limitMs: 1 },
        { kind: 'look', outcome: { verdict: 'silent', saw: 'no answer' }, at },
        at,
      ).state
    const quiet = [probe, other].reduce(
      (state, which) => look(state, 10_000, which),
      done(told(started, { kind: 'table', table: table(7, members) }), 'rotation'),
    )
    const wakeAt = (state: BalancerState, now: number) => balancerAgent.decide(state, 'rotation', now).wakeAt
    assert.equal(wakeAt(quiet, 10_000), 20_000)
    assert.equal(membersServed(quiet, 19_999), 'as before')
    assert.equal(membersServed(quiet, 20_000), 'in out')
    const [reason] = due(quiet, 'rotation', 20_000).map((action) => action.reason)
    assert.equal(reason, 'version 7, probes hold out http://127.0.0.3:16001 15000/20000')
    const without = done(quiet, 'rotation', [], 20_000)
    assert.equal(wakeAt(without, 20_000), 31_000)
    assert.equal(membersServed(without, 31_000), 'out out')
  })

  it('looks with the pace of the probe, for no longer than its time-out', () => {
    for (const [intervalMs, timeoutMs] of [
      [5_000, 31_000],
      [40_000, 31_000],
    ] as const) {
      const members = [{ ...member('d.Web_IN_0', 20_000), probe: { ...probe, intervalMs, timeoutMs } }]
      const { state, touched } = balancerAgent.receive(started, { kind: 'table', table: table(7, members) }, 0)
      const [action] = due(state, touched.at(-1) as Subject)
      assert.ok(action?.kind === 'look')
      assert.deepEqual([action.limitMs, action.reason], [Math.min(intervalMs, timeoutMs), `every ${intervalMs} ms`])
    }
  })

  it('moves all moments from which it counts by the time in which it could not hear (H-37)', () => {
    const failed = { boundPorts: {}, failed: { 'd/Web/http': 'taken' }, busy: [] }
    const serving = told(started, { kind: 'table', table: table(7) })
    const [serve] = due(serving, 'rotation')
    assert.ok(serve)
    const served = balancerAgent.settle(serving, serve, { kind: 'serve', served: failed }, 0).state
    const silent = looked(looked(looked(served, 'bad', 0), 'good', 1_000), 'silent', 2_000)
    const [said] = due(silent, 'report', 2_000)
    assert.ok(said)
    const refused = balancerAgent.settle(silent, said, { kind: 'report', accepted: false }, 2_000).state
    const [before] = refused.probes.values()
    const lapsed = balancerAgent.lapsed?.(refused, 700, 3_000)
    assert.ok(lapsed && before)
    const [key] = refused.probes.keys()
    assert.deepEqual(lapsed.touched, ['rotation', 'report', `probe ${key}`])
    const { nextAt, goodAt, backAt } = before
    assert.deepEqual([goodAt, backAt], [1_000, 1_000])
    assert.deepEqual(
      [...lapsed.state.probes.values()],
      [{ ...before, nextAt: nextAt + 700, goodAt: 1_700, backAt: 1_700 }],
    )
    assert.deepEqual([lapsed.state.reportNotBefore, lapsed.state.served?.at], [2_950, 700])
  })

  it('looks at a target once an interval, however many endpoints share it', () => {
    const twice = { version: 7, endpoints: [...table(7).endpoints, ...table(7).endpoints] }
    const { state, touched } = balancerAgent.receive(started, { kind: 'table', table: twice }, 0)
    const looks = touched.filter((subject) => subject.startsWith('probe '))
    assert.equal(looks.length, 1)
    assert.equal(due(state, looks[0] as Subject)[0]?.kind, 'look')
    assert.equal(balancerAgent.decide(looked(state, 'good', 0), looks[0] as Subject, 0).wakeAt, 15_000)
  })
})
