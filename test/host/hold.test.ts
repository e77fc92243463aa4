/** How long the answer to a report is held: a row is what the controller knows, and whether the guest must wait (wire-server.md 7). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Health } from '../../src/guest/contract/health.ts'
import { holdOf } from '../../src/host/agent/hold.ts'
import { emptyState, type HostConfiguration, type HostState } from '../../src/host/agent/state.ts'
import type { InstanceReport } from '../../src/host/contract/report.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import type { InstanceStatus } from '../../src/service-model/instance-status.ts'
import { containerId, key } from './goals.ts'

const timers = timersWith([])
const leaving: Health = { goalStateIncarnation: 1, containerId, instanceId: key, state: 'NotReady' }

/** A host whose guest has said that last, and the controller has acknowledged that. */
function stateIn(said: Health['state'], acknowledged: InstanceStatus | undefined, since = 5): HostState {
  const base = emptyState({ timers } as HostConfiguration)
  const container = { record: { incarnation: 1 }, health: { ...leaving, state: said, revision: 1 }, since: 5 }
  const report = { key, status: acknowledged, since } as InstanceReport
  return {
    ...base,
    containers: new Map([[containerId, container]]) as unknown as HostState['containers'],
    reporting: { ...base.reporting, acknowledged: new Map(acknowledged ? [[key, report]] : []) },
  }
}

describe('a report that is not Ready', () => {
  const limitOf = (before: HostState) => holdOf(before, leaving, 0).limitMs
  it('waits while the controller has the instance as Ready', () =>
    assert.equal(limitOf(stateIn('NotReady', 'ReadyRole')), timers.rotationOutLimit))
  it('waits while the controller is just being told that it is', () =>
    assert.equal(limitOf(stateIn('Ready', 'UnresponsiveRole')), timers.rotationOutLimit))
  it('does not wait when nobody could have it as Ready', () =>
    assert.equal(limitOf(stateIn('NotReady', 'BusyRole')), 0))
  it('waits until the controller knows no older status than the present one', () => {
    const { isOver } = holdOf(stateIn('Ready', 'ReadyRole'), leaving, 0)
    const known = ([status, since]: readonly [InstanceStatus | undefined, number]) =>
      isOver(stateIn('NotReady', status, since))
    const cases = [
      ['ReadyRole', 5],
      ['UnresponsiveRole', 4],
      [undefined, 0],
      ['RestartingRole', 5],
    ] as const
    assert.deepEqual(cases.map(known), [false, false, false, true])
  })
})
