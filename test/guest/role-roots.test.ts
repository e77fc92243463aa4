/** Which role root is made, kept or cleared, and when the role moves to it: a row is a situation and what is done (S-34, design.md 9.8). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { BootstrapperReport } from '../../src/guest/bootstrapper/protocol.ts'
import type { GuestAction } from '../../src/guest/guest-agent/action.ts'
import { guestAgent } from '../../src/guest/guest-agent/agent.ts'
import type { Drives, RoleRoot } from '../../src/guest/guest-agent/drives.ts'
import { healthOf } from '../../src/guest/guest-agent/health.ts'
import { recall, rememberedIn } from '../../src/guest/guest-agent/recall.ts'
import {
  emptyMemory,
  firstState,
  type Goal,
  type GuestAgentState,
  memoryOf,
} from '../../src/guest/guest-agent/state.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import { plainSpecification } from './guest.ts'

const at = 1_000_000
const ready: BootstrapperReport = {
  status: 'Ready',
  phase: 'Waiting for role to start',
  activity: '',
  since: at,
  acceptedIncarnation: 1,
}

/** `a1`: role root 1, of package a. */
function root(name: string): RoleRoot {
  return { number: Number(name.slice(1)), softwareSha256: name.slice(0, 1) }
}

interface Situation {
  /** Role root of the goal. */
  readonly goal: string
  /** Package to be prepared. */
  readonly next?: string
  readonly keepFormerRoot?: boolean
  readonly role?: Goal['role']
  readonly E?: string
  readonly F?: string
  /** Role root from which the stack runs; 'down' when there is none. */
  readonly runs: string
  readonly change?: Partial<GuestAgentState>
}

function goalOf({ goal, next, keepFormerRoot = false, role = 'Started' }: Situation): Goal {
  const { number, softwareSha256 } = root(goal)
  return {
    incarnation: 2,
    containerId: 'c',
    machine: 'Started',
    role,
    stopRolesDeadlineHintMs: 300_000,
    instanceId: 'd.Worker_IN_0',
    configName: 'x.2.xml',
    configuration: {
      goalStateIncarnation: 2,
      specification: plainSpecification('127.0.0.2'),
      software: `/software/${softwareSha256}`,
      softwareSha256,
      root: number,
      next: next === undefined ? undefined : { software: `/software/${next}`, softwareSha256: next },
      keepFormerRoot,
    },
  }
}

/** The state once that has come about: documents set up, host heard, the stack's Ready in. */
function stateIn(situation: Situation): GuestAgentState {
  const { E, F, runs, change } = situation
  const held = (name: string | undefined) => (name === undefined || name === 'leftover' ? name : root(name))
  const certificates = JSON.stringify([])
  const state: GuestAgentState = {
    ...firstState(emptyMemory(at), timerDefaults, 'agent'),
    latest: 2,
    goal: goalOf(situation),
    prepared: { incarnation: 2, environment: { number: 1, path: '/c/Config/e', text: '' } },
    drives: { E: held(E), F: held(F) },
    countedRoot: root(situation.goal).number,
    measuredAt: at,
    heartbeatAt: at + 1_000,
    ...(runs !== 'down' && { stack: { kind: 'up', since: at, runs: { root: root(runs), certificates }, told: 2 } }),
    ...change,
  }
  return guestAgent.receive(state, { kind: 'report', report: ready }, at).state
}

/** What is done about the drives and the stack. */
function deedsIn(state: GuestAgentState): readonly string[] {
  const heard = { ...state, reported: JSON.stringify(healthOf(state, at)) }
  const deeds = guestAgent.decide(heard, 'guest', at).actions.map((action: GuestAction) => {
    if (action.kind === 'unpack')
      return `unpack ${action.wanted.root.softwareSha256}${action.wanted.root.number} to ${action.wanted.letter}`
    return action.kind === 'clear' ? `clear ${action.letter}` : action.kind
  })
  return state.stack.kind === 'leaving' ? [...deeds, `stop for ${state.stack.why}`] : deeds
}

const rows: readonly (Situation & { readonly when: string; readonly does: readonly string[] })[] = [
  { when: 'nothing was ever unpacked', goal: 'a1', runs: 'down', does: ['unpack a1 to E'] },
  { when: 'the role root stands', goal: 'a1', E: 'a1', runs: 'down', does: ['start'] },
  { when: 'the role runs from its root', goal: 'a1', E: 'a1', runs: 'a1', does: [] },
  { when: 'a first root has an even number, as after healing', goal: 'b4', runs: 'down', does: ['unpack b4 to F'] },

  { when: 'the next one is to be prepared', goal: 'a1', next: 'b', E: 'a1', runs: 'a1', does: ['unpack b2 to F'] },
  { when: 'it is prepared', goal: 'a1', next: 'b', E: 'a1', F: 'b2', runs: 'a1', does: [] },
  {
    when: 'another package is to be prepared',
    goal: 'a1',
    next: 'c',
    E: 'a1',
    F: 'b2',
    runs: 'a1',
    does: ['unpack c2 to F'],
  },
  { when: 'nothing is to be prepared any more', goal: 'a1', E: 'a1', F: 'b2', runs: 'a1', does: ['clear F'] },
  {
    when: 'nothing is to be prepared any more, while an update is under way',
    goal: 'a1',
    keepFormerRoot: true,
    E: 'a1',
    F: 'b2',
    runs: 'a1',
    does: ['clear F'],
  },
  {
    when: 'the role cycles and a better package is prepared',
    goal: 'b2',
    next: 'c',
    keepFormerRoot: true,
    E: 'a1',
    F: 'b2',
    runs: 'down',
    does: ['unpack c3 to E', 'start'],
  },

  { when: 'the prepared root is taken', goal: 'b2', E: 'a1', F: 'b2', runs: 'a1', does: ['stop for root'] },
  { when: 'a root that nobody has prepared is wanted', goal: 'b2', E: 'a1', runs: 'a1', does: ['unpack b2 to F'] },
  {
    when: 'another one was prepared than is wanted',
    goal: 'c2',
    E: 'a1',
    F: 'b2',
    runs: 'a1',
    does: ['unpack c2 to F'],
  },
  { when: 'the role has stopped for the new root', goal: 'b2', E: 'a1', F: 'b2', runs: 'down', does: ['start'] },
  { when: 'the same package comes under a new number', goal: 'a2', E: 'a1', runs: 'a1', does: ['unpack a2 to F'] },
  {
    when: 'the goal has leapt to a root on the letter of the role',
    goal: 'c3',
    E: 'a1',
    F: 'b2',
    runs: 'a1',
    does: ['stop for root'],
  },
  { when: 'the role has left that letter', goal: 'c3', E: 'a1', F: 'b2', runs: 'down', does: ['unpack c3 to E'] },

  {
    when: 'the former root is kept for a rollback',
    goal: 'b2',
    keepFormerRoot: true,
    E: 'a1',
    F: 'b2',
    runs: 'b2',
    does: [],
  },
  { when: 'the update has ended', goal: 'b2', E: 'a1', F: 'b2', runs: 'b2', does: ['clear E'] },
  {
    when: 'the update has been rolled back: the former bytes are made anew',
    goal: 'a3',
    keepFormerRoot: true,
    E: 'a1',
    F: 'b2',
    runs: 'b2',
    does: ['unpack a3 to E'],
  },
  {
    when: 'the rollback is to be prepared',
    goal: 'b2',
    next: 'a',
    keepFormerRoot: true,
    E: 'a1',
    F: 'b2',
    runs: 'b2',
    does: ['unpack a3 to E'],
  },

  { when: 'the role is to stop', goal: 'b2', role: 'Stopped', E: 'a1', runs: 'a1', does: ['stop for goal'] },
  {
    when: 'it has stopped, and the root has changed (U-65)',
    goal: 'b2',
    role: 'Stopped',
    E: 'a1',
    runs: 'down',
    does: [],
  },
]

describe('a role root', () => {
  for (const { when, does, ...situation } of rows)
    it(`${when}: ${does.join(', ') || 'nothing'}`, () =>
      assert.deepEqual(
        deedsIn(stateIn(situation)).filter((deed) => deed !== 'reportChange'),
        does,
      ))

  it('that is still to be unpacked is not Ready: the role that runs from the former one is told nothing of its goal', () => {
    const state = stateIn({ goal: 'b2', E: 'a1', runs: 'a1' })
    assert.ok(state.stack.kind === 'up')
    const untold = { ...state, stack: { ...state.stack, told: 1 } }
    assert.ok(!deedsIn(untold).includes('tell'))
    assert.equal(healthOf(untold, at)?.goalStateIncarnation, 1)
  })

  it('that is overwritten is no root any more, even when it is wanted again meanwhile', () => {
    const overwritten = stateIn({ goal: 'a1', next: 'c', E: 'a1', F: 'b2', runs: 'a1' })
    assert.deepEqual(overwritten.drives, { E: root('a1'), F: 'leftover' } satisfies Drives)
    const again = { ...overwritten, goal: goalOf({ goal: 'b2', runs: 'a1' }) }
    assert.deepEqual(deedsIn(again), ['unpack b2 to F'])
  })

  it('cannot be unpacked: the role runs on, the fault is told, and it is tried again later and later (H-13)', () => {
    let state = stateIn({ goal: 'a1', next: 'b', E: 'a1', runs: 'a1' })
    const delays: number[] = []
    for (let attempt = 0, now = at; attempt < 4; attempt++) {
      const action = guestAgent.decide(state, 'guest', now).actions.find(({ kind }) => kind === 'unpack')
      assert.ok(action)
      state = guestAgent.settle(state, action, { kind: 'failed', message: 'The disk is full.' }, now).state
      assert.deepEqual(
        [healthOf(state, now)?.state, healthOf(state, now)?.prepareFault],
        ['Ready', 'The disk is full.'],
      )
      const due = now
      while (!guestAgent.decide(state, 'guest', now).actions.some(({ kind }) => kind === 'unpack')) now += 1_000
      delays.push(now - due)
    }
    assert.deepEqual(delays, [0, 2_000, 4_000, 8_000])
    const better = { ...state, goal: goalOf({ goal: 'a1', next: 'c', runs: 'a1' }) }
    assert.deepEqual([deedsIn(better), healthOf(better, at)?.prepareFault], [['unpack c2 to F'], undefined])
  })

  it('that the role waits for and cannot be had is FailedStartingRole', () => {
    const rootFault = { root: root('b2'), times: 1, message: 'The disk is full.', at }
    const health = healthOf(stateIn({ goal: 'b2', E: 'a1', runs: 'down', change: { rootFault } }), at)
    assert.equal(health?.subStatus, 'FailedStartingRole')
    assert.match(health?.description ?? '', /^Preparing to start role\.\.\. The disk is full\. \[/)
  })

  it('begins without failures and without the delay of the former one', () => {
    const down = { kind: 'down', since: at, restart: false, retryAt: at + 30_000 } as const
    const cycling = { ...stateIn({ goal: 'a1', E: 'a1', F: 'b2', runs: 'down' }), stack: down, failures: 7 }
    const goal = { ...goalOf({ goal: 'b2', runs: 'down' }), incarnation: 3 }
    const fetch = { kind: 'fetchGoal', key: 'goal', reason: '' } as const
    const { state } = guestAgent.settle(cycling, fetch, { kind: 'fetched', goal }, at)
    assert.deepEqual([state.failures, state.stack.kind === 'down' && state.stack.retryAt], [0, at])
  })

  it('is CreatingRole, and a newer goal with the root of a role that cycles is not', () => {
    const down = { kind: 'down', since: at, restart: false, retryAt: at + 30_000 } as const
    const lastExit = { why: 'failed', code: 1, at, activity: 'It died' } as const
    const cycling = { ...stateIn({ goal: 'a1', E: 'a1', runs: 'down' }), stack: down, failures: 7, lastExit }
    const fetch = { kind: 'fetchGoal', key: 'goal', reason: '' } as const
    const after = (name: string) => {
      const goal = { ...goalOf({ goal: name, runs: 'down' }), incarnation: 3 }
      return healthOf(guestAgent.settle(cycling, fetch, { kind: 'fetched', goal }, at).state, at)?.subStatus
    }
    assert.deepEqual([after('a1'), after('b2')], ['CyclingRole', 'CreatingRole'])
  })

  it('of the former package that dies while the new one is wanted does not count against the new one', () => {
    const { state } = guestAgent.receive(
      stateIn({ goal: 'b2', E: 'a1', runs: 'a1' }),
      { kind: 'ended', exit: { why: 'failed', code: 1, at, activity: 'It died' } },
      at,
    )
    assert.equal(state.failures, 0)
  })
})

describe('an agent that starts again', () => {
  const remembered = memoryOf(stateIn({ goal: 'a1', next: 'b', E: 'a1', F: 'b2', runs: 'a1' }))
  const drivesAfter = (guest: string, whole: string) => {
    const { drives, stack } = recall({ guest: 'one', memory: remembered }, guest, at, (letter) =>
      whole.includes(letter),
    )
    return [drives.E, drives.F, stack.kind]
  }

  it('in the same guest finds its stack and its role roots', () =>
    assert.deepEqual(drivesAfter('one', 'EF'), [root('a1'), root('b2'), 'up']))

  it('in a guest that has restarted finds what its drives have kept (table 3.1)', () => {
    assert.deepEqual(drivesAfter('other', 'EF'), [root('a1'), root('b2'), 'down'])
    assert.deepEqual(drivesAfter('other', ''), ['leftover', 'leftover', 'down'])
  })

  it('knows as little of a file that a loss of power has left empty as of an earlier start, and goes on', () => {
    const left = rememberedIn('', at)
    assert.ok(left, 'something is left of an earlier agent')
    const { drives, stack } = recall(left, 'one', at, () => true)
    assert.deepEqual([drives.E, drives.F, stack.kind], ['leftover', 'leftover', 'down'])
    assert.deepEqual(rememberedIn(JSON.stringify({ guest: 'one', memory: remembered }), at)?.guest, 'one')
    assert.equal(rememberedIn(undefined, at), undefined)
  })

  it('takes half a copy, which an earlier one was writing, for a leftover', () =>
    assert.deepEqual(drivesAfter('one', 'E'), [root('a1'), 'leftover', 'up']))
})
