/** What a Host Agent takes for known to the controller, after it has told it something: a row is what it knew, what was told, and all that is another afterwards. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { HostAction, HostOutcome } from '../../src/host/agent/action.ts'
import { settleReporting } from '../../src/host/agent/reporting.ts'
import { emptyState, type Reporting } from '../../src/host/agent/state.ts'
import type { InstanceReport } from '../../src/host/contract/report.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { hostConfiguration } from './goals.ts'

const now = 1_000_000
const timers = timersWith([])
const shared = { key: 'k', reason: '' } as const
const register = { ...shared, kind: 'register' } as const
const done: HostOutcome = { kind: 'done' }
const lost: HostOutcome = { kind: 'failed', fault: { code: 'x', message: 'y' } }
const instance = (key: string, status: InstanceReport['status']): InstanceReport => ({
  key,
  revision: 1,
  status,
  details: '',
  powerState: 'Started',
  since: 0,
  failures: 0,
})
const [one, other, newer] = [instance('a', 'ReadyRole'), instance('b', 'ReadyRole'), instance('a', 'BusyRole')]
const told = (complete: boolean, instances: readonly InstanceReport[], gone: readonly string[] = []) =>
  ({
    ...shared,
    kind: 'report',
    report: { agentRun: 'r', number: 1, goalVersion: 1, complete, instances, gone },
  }) as const
const known = (...reports: readonly InstanceReport[]) => new Map(reports.map((report) => [report.key, report]))

/** A host that is known with both of its instances, and has told of the end of a third to nobody. */
const before: Reporting = {
  ...emptyState(hostConfiguration(timers)).reporting,
  registered: true,
  complete: true,
  acknowledged: known(one, other),
  gone: new Set(['c']),
  lastReport: 5,
}
const anew: Partial<Reporting> = { complete: false, acknowledged: known() }

describe('the controller knows', () => {
  const rows: readonly (readonly [
    what: string,
    from: Partial<Reporting>,
    action: Extract<HostAction, { kind: 'register' | 'report' }>,
    outcome: HostOutcome,
    to: Partial<Reporting>,
  ])[] = [
    [
      'the host alone, after a registration',
      { registered: false },
      register,
      done,
      { registered: true, registrations: 1, ...anew },
    ],
    [
      'all, after a complete report',
      anew,
      told(true, [one, other]),
      done,
      { complete: true, acknowledged: known(one, other), lastReport: now },
    ],
    [
      'one, after a report of it that was under way before the complete one',
      anew,
      told(false, [one]),
      done,
      { acknowledged: known(one), lastReport: now },
    ],
    [
      'what is new, and all else as before',
      {},
      told(false, [newer]),
      done,
      { acknowledged: known(newer, other), lastReport: now },
    ],
    [
      'who is gone',
      {},
      told(false, [], ['c', 'b']),
      done,
      { acknowledged: known(one), gone: new Set(), lastReport: now },
    ],
    [
      'who is gone, and not who went since',
      { gone: new Set(['c', 'd']) },
      told(false, [], ['c']),
      done,
      { gone: new Set(['d']), lastReport: now },
    ],
    ['that the host is there', {}, told(false, []), done, { lastReport: now }],
    [
      'nothing for certain, when a report is lost',
      {},
      told(false, [newer]),
      lost,
      { registered: false, complete: false, registerAt: now + timers.heartbeatInterval },
    ],
    [
      'nothing, when a registration is lost',
      { registered: false, ...anew },
      register,
      lost,
      { registerAt: now + timers.heartbeatInterval },
    ],
  ]
  for (const [what, from, action, outcome, to] of rows)
    it(what, () => {
      const state = { ...emptyState(hostConfiguration(timers)), reporting: { ...before, ...from } }
      assert.deepEqual(settleReporting(state, action, outcome, now), {
        ...state,
        reporting: { ...before, ...from, ...to },
      })
    })
})
