/** The orderly end of a Host Agent: what it is doing at that moment ends first. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { HostAction, HostOutcome } from '../../src/host/agent/action.ts'
import { hostAgent } from '../../src/host/agent/agent.ts'
import { loadedState } from '../../src/host/agent/load.ts'
import type { HostMessage, HostSubject } from '../../src/host/agent/message.ts'
import { powerOff } from '../../src/host/agent/shutdown.ts'
import { allSubjects, type HostState } from '../../src/host/agent/state.ts'
import { drive } from '../../src/kernel/drive.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { systemClock } from '../../src/machine/clock.ts'
import { openWaiting } from '../../src/machine/host/waiting.ts'
import { until } from '../until.ts'
import { goalWith, hostConfiguration } from './goals.ts'

it('a guest that is being started when the host is to end is stopped before it ends', async () => {
  const deeds: string[] = []
  const starting = Promise.withResolvers<HostOutcome>()
  const { packageSha256 } = goalWith()
  const state = loadedState(
    hostConfiguration(timersWith([])),
    {
      goal: { version: 1, instances: [goalWith()], asks: [] },
      records: [],
      packages: new Map([[packageSha256, packageSha256]]),
    },
    () => true,
    systemClock.now(),
  )
  const waiting = openWaiting(systemClock)
  const driver = drive<HostState, HostMessage, HostSubject, HostAction, HostOutcome>({
    agent: hostAgent,
    state,
    ...systemClock,
    async perform(action) {
      deeds.push(action.kind)
      if (action.kind === 'listen') return { kind: 'listening', port: 8000 }
      if (action.kind === 'createGuest') return { kind: 'created', run: '/run/x' }
      return action.kind === 'startGuest' ? starting.promise : { kind: 'done' }
    },
    changed: waiting.check,
    rests: [0],
    complain: (line) => assert.fail(line),
  })
  driver.touch(allSubjects(driver.state()))
  await until(() => deeds.includes('startGuest'), 'the guest is being started')
  const ended = powerOff({ ...driver, until: waiting.until }).then(() => deeds.push('end'))
  await until(() => driver.state().power === 'off', 'the host is to end')
  starting.resolve({ kind: 'started', process: { pid: 7, startTime: '1', bootId: 'boot' } })
  await ended
  driver.stop()
  assert.deepEqual(
    deeds.filter((deed) => ['startGuest', 'stopGuest', 'end'].includes(deed)),
    ['startGuest', 'stopGuest', 'end'],
  )
})
