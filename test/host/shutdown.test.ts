/** The orderly end of a Host Agent: what it is doing at that moment ends first. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { HostAction, HostOutcome } from '../../src/host/agent/action.ts'
import { hostAgent } from '../../src/host/agent/agent.ts'
import { loadedState } from '../../src/host/agent/load.ts'
import type { HostMessage, HostSubject } from '../../src/host/agent/message.ts'
import { powerOff } from '../../src/host/agent/shutdown.ts'
import { allSubjects, type HostState } from '../../src/host/agent/state.ts'
import type { Committer } from '../../src/kernel/commit.ts'
import { type Driver, drive } from '../../src/kernel/drive.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { systemClock } from '../../src/machine/clock.ts'
import { openWaiting } from '../../src/machine/host/waiting.ts'
import { until } from '../until.ts'
import { goalWith, hostConfiguration } from './goals.ts'

interface Agent {
  readonly driver: Driver<HostState, HostMessage, HostSubject>
  /** Kinds of what was done, in order; `end` is the end of the agent. */
  readonly deeds: readonly string[]
  readonly warned: readonly string[]
  end(): Promise<void>
}

/** The agent of a host that is to have one guest. What is not done at once is in `does`. */
function agentOf(
  does: Partial<Record<HostAction['kind'], Promise<HostOutcome>>>,
  { words = [], commit }: { readonly words?: readonly string[]; readonly commit?: Committer<HostState> } = {},
): Agent {
  const [deeds, warned]: [string[], string[]] = [[], []]
  const { packageSha256 } = goalWith()
  const configuration = hostConfiguration(timersWith(words))
  const state = loadedState(
    { ...configuration, ownNetworks: true, facts: { ...configuration.facts, address: '10.0.0.1' } },
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
    // No host of several, which would wait for its master.
    state: { ...state, contact: undefined },
    ...systemClock,
    commit,
    async perform(action) {
      deeds.push(action.kind)
      if (action.kind === 'listen') return { kind: 'listening', port: 8000 }
      if (action.kind === 'createGuest') return { kind: 'created', run: '/run/x' }
      return does[action.kind] ?? { kind: 'done' }
    },
    changed: waiting.check,
    rests: [0],
    complain: (line) => assert.fail(line),
  })
  driver.touch(allSubjects(driver.state()))
  const quiet = () => {}
  const log = { info: quiet, warn: (line: string) => void warned.push(line), error: quiet }
  const endGuests = async () => deeds.push('endGuests')
  return {
    driver,
    deeds,
    warned,
    end: () =>
      powerOff({ ...driver, until: waiting.until, log, endGuests }).then(() => {
        deeds.push('end')
      }),
  }
}

const guest: HostOutcome = { kind: 'started', process: { pid: 7, startTime: '1', bootId: 'boot' } }

it('a guest that is being started when the host is to end is stopped before it ends', async () => {
  const starting = Promise.withResolvers<HostOutcome>()
  const { driver, deeds, end } = agentOf({ startGuest: starting.promise })
  await until(() => deeds.includes('startGuest'), 'the guest is being started')
  const ended = end()
  await until(() => driver.state().power === 'off', 'the host is to end')
  starting.resolve(guest)
  await ended
  assert.deepEqual(
    deeds.filter((deed) => ['startGuest', 'stopGuest', 'end'].includes(deed)),
    ['startGuest', 'stopGuest', 'end'],
  )
})

it('roads that are being laid when the host is to end are laid before it ends, and none after', async () => {
  const laying = Promise.withResolvers<HostOutcome>()
  const { driver, deeds, end } = agentOf({ startGuest: Promise.resolve(guest), layRoads: laying.promise })
  await until(() => driver.state().containers.values().next().value?.record.process !== undefined, 'the guest runs')
  const ended = end()
  await until(() => deeds.includes('stopGuest'), 'its guest stops')
  void driver.deliver({ kind: 'roadsMoved' })
  await until(() => driver.state().containers.values().next().value?.record.process === undefined, 'it has stopped')
  assert.ok(!deeds.includes('end'), 'it waits while roads are being laid')
  laying.resolve({ kind: 'laid', troubles: [] })
  await ended
  void driver.deliver({ kind: 'roadsMoved' })
  assert.deepEqual(
    deeds.filter((deed) => ['layRoads', 'end'].includes(deed)),
    ['layRoads', 'end'],
  )
})

it('guests are ended, and it is said why, when nothing can be stored', async () => {
  let isFull = false
  const { driver, deeds, warned, end } = agentOf(
    { startGuest: Promise.resolve(guest) },
    {
      words: ['heartbeatInterval=10ms'],
      commit: (state, ended) =>
        ended(isFull ? { outcome: 'refused', reason: 'The disk is full.' } : { outcome: 'committed', state }),
    },
  )
  await until(() => driver.state().containers.values().next().value?.record.process !== undefined, 'the guest runs')
  isFull = true
  await end()
  assert.deepEqual(deeds.slice(-2), ['endGuests', 'end'])
  assert.match(warned.join(), /its guests did not stop in order/)
})
