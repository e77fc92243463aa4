/** What the listener decides about the processes of an application pool (I-23 to I-26), as tables and on a clock of their own. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { w3svc } from '../../../src/guest/w3svc/agent.ts'
import { configuredPools } from '../../../src/guest/w3svc/configured-pools.ts'
import { decide } from '../../../src/guest/w3svc/decide.ts'
import type { W3svcMessage } from '../../../src/guest/w3svc/receive.ts'
import { doorsOf, firstState, type PoolState, type W3svcState } from '../../../src/guest/w3svc/state.ts'
import { readToW3svc } from '../../../src/guest/w3svc/words.ts'
import {
  type ApplicationHost,
  type ApplicationPool,
  poolDefaults,
} from '../../../src/service-model/application-host/application-host.ts'
import type { Place } from '../../../src/service-model/web-config/web-config.ts'

const minute = 60_000

/** An instance on its own clock: what is decided is done at once, and each process is one of the test's. */
function instance(settings: Partial<ApplicationPool> = {}) {
  const pool = { name: 'Shop', ...poolDefaults, ...settings }
  let state: W3svcState = firstState
  let now = 0
  let number = 0
  const done: string[] = []
  const events: number[] = []
  const idleSince: { at: number | undefined } = { at: undefined }
  let startFails = false

  function act(): number | undefined {
    for (;;) {
      const { actions, wakeAt } = decide(state, 'Shop', now)
      if (actions.length === 0) return wakeAt
      for (const action of actions) {
        if (action.kind === 'tell') events.push(...action.events.map(({ id }) => id))
        else done.push('process' in action ? `${action.kind} ${action.process}` : action.kind)
        const outcome =
          action.kind === 'start'
            ? startFails
              ? ({ kind: 'failed', message: 'no room' } as const)
              : ({ kind: 'started', process: ++number, pid: 1_000 + number } as const)
            : action.kind === 'look'
              ? ({ kind: 'looked', idleSince: idleSince.at } as const)
              : ({ kind: 'done' } as const)
        state = w3svc.settle(state, action, outcome, now).state
      }
    }
  }
  function hear(message: W3svcMessage): void {
    state = w3svc.receive(state, message, now).state
    act()
  }
  const self = {
    hear,
    configure: (fingerprint: string, changed: Partial<ApplicationPool> = {}) =>
      hear({ kind: 'configured', pools: [{ settings: { ...pool, ...changed }, fingerprint }] }),
    wanted: () => hear({ kind: 'wanted', pool: 'Shop' }),
    listening: (process: number) => hear({ kind: 'listening', pool: 'Shop', process }),
    ended: (process: number, exit = 'exit code 0') => hear({ kind: 'ended', pool: 'Shop', process, exit }),
    /** Lets time pass, waking whenever that was asked for. */
    pass(ms: number) {
      const end = now + ms
      for (let wakeAt = act(); wakeAt !== undefined && wakeAt <= end; wakeAt = act()) now = Math.max(now, wakeAt)
      now = end
      act()
    },
    door: () => {
      const door = doorsOf(state).get('Shop')
      return door?.kind === 'open' ? door.process : door?.kind
    },
    pool: () => state.pools.get('Shop') as PoolState,
    /** What has been done since it was asked last. */
    done: () => done.splice(0),
    events,
    idleSince,
    failStarts: () => {
      startFails = true
    },
  }
  self.configure('1')
  return self
}

/** An instance whose first process serves. */
function serving(settings: Partial<ApplicationPool> = {}) {
  const one = instance(settings)
  one.wanted()
  one.listening(1)
  one.done()
  return one
}

describe('a pool', () => {
  it('has no process before its first request, and one for all that wait (I-23)', () => {
    const one = instance()
    one.pass(minute)
    assert.deepEqual([one.done(), one.door()], [[], 'waiting'])
    one.wanted()
    one.wanted()
    assert.deepEqual([one.done(), one.door()], [['start'], 'waiting'])
    one.listening(1)
    assert.equal(one.door(), 1)
  })

  it('that is always running has one at once', () => {
    assert.deepEqual(instance({ startMode: 'AlwaysRunning' }).done(), ['start'])
  })

  it('that does not start by itself is off until somebody starts it', () => {
    const one = instance({ autoStart: false })
    assert.equal(one.door(), 'off')
    one.hear({ kind: 'startPool', pool: 'SHOP' })
    assert.equal(one.door(), 'waiting')
  })

  it('lets its process go when it has been idle for 20 minutes, and no sooner (I-24)', () => {
    const one = serving()
    one.pass(20 * minute - 1)
    assert.deepEqual(one.done(), [])
    one.idleSince.at = 5 * minute
    one.pass(1)
    assert.deepEqual([one.done(), one.door()], [['look 1'], 1])
    one.idleSince.at = undefined
    one.pass(5 * minute)
    assert.deepEqual([one.done(), one.door()], [['look 1'], 1])
    one.idleSince.at = 25 * minute
    one.pass(20 * minute)
    assert.deepEqual([one.done(), one.door()], [['look 1', 'retire 1'], 'waiting'])
    one.ended(1)
    one.pass(60 * minute)
    assert.deepEqual([one.done(), one.events], [[], []])
  })

  it('with a time-out of 0 keeps it', () => {
    const one = serving({ idleTimeoutMs: 0, periodicRestartMs: 0 })
    one.pass(1_000 * minute)
    assert.deepEqual(one.done(), [])
  })

  it('replaces its process after 29 hours: the new one serves before the old one goes (I-24, I-26)', () => {
    const one = serving({ idleTimeoutMs: 0 })
    one.pass(1_740 * minute - 1)
    assert.deepEqual(one.done(), [])
    one.pass(1)
    assert.deepEqual([one.done(), one.door()], [['start'], 1])
    one.listening(2)
    assert.deepEqual([one.done(), one.door()], [['retire 1'], 2])
    one.ended(1)
    assert.deepEqual([one.done(), one.events], [[], []])
  })

  it('replaces it when what it has read changes, and for nothing else (I-26)', () => {
    const one = serving()
    one.configure('1')
    assert.deepEqual(one.done(), [])
    one.configure('2')
    assert.deepEqual([one.done(), one.door()], [['start'], 1])
    one.configure('3')
    assert.deepEqual(one.done(), [])
    one.listening(2)
    assert.deepEqual(one.done(), ['retire 1', 'start'])
    one.listening(3)
    assert.deepEqual([one.done(), one.door()], [['retire 2'], 3])
  })

  it('replaces it when it is told to, whatever the case of its name', () => {
    const one = serving()
    one.hear({ kind: 'recyclePool', pool: 'sHOP' })
    assert.deepEqual(one.done(), ['start'])
  })

  it('kills an old process that has not ended after 90 seconds (I-26)', () => {
    const one = serving()
    one.configure('2')
    one.listening(2)
    one.done()
    one.pass(90_000 - 1)
    assert.deepEqual(one.done(), [])
    one.pass(1)
    assert.deepEqual([one.done(), one.events], [['kill 1'], [5013]])
    one.ended(1, 'signal SIGKILL')
    assert.deepEqual([one.pool().failures.length, one.door()], [0, 2])
  })

  it('keeps the old process when the new one does not come up', () => {
    const one = serving()
    one.configure('2')
    one.ended(2, 'exit code 1')
    assert.deepEqual([one.done(), one.door(), one.events], [['start', 'start'], 1, [5009]])
  })

  it('kills a process that does not start within its limit, which is one failure, and starts another for those who wait', () => {
    const one = instance({ startupTimeLimitMs: 30_000 })
    one.wanted()
    one.pass(30_000)
    assert.deepEqual(one.done(), ['start', 'kill 1', 'start'])
    one.ended(1, 'signal SIGKILL')
    assert.deepEqual([one.pool().failures.length, one.events], [1, [5012]])
  })

  it('starts another process for the next request after one that died while serving', () => {
    const one = serving()
    one.ended(1, 'signal SIGSEGV')
    assert.deepEqual([one.done(), one.door(), one.events], [[], 'waiting', [5009]])
    one.wanted()
    assert.deepEqual(one.done(), ['start'])
  })

  it('goes with its processes when the configuration does not have it any more, and a new one of its name is another', () => {
    const one = serving()
    one.hear({ kind: 'configured', pools: [] })
    assert.deepEqual([one.done(), one.door()], [['retire 1'], 'off'])
    one.configure('2')
    assert.equal(one.door(), 'waiting')
    one.hear({ kind: 'configured', pools: [] })
    one.ended(1)
    assert.equal(one.pool(), undefined)
  })

  it('that is stopped while its process starts lets that go too', () => {
    const one = instance()
    one.wanted()
    one.hear({ kind: 'stopPool', pool: 'Shop' })
    assert.deepEqual([one.done(), one.door()], [['start', 'retire 1'], 'off'])
    one.listening(1)
    assert.equal(one.door(), 'off')
  })
})

describe('rapid-fail protection (I-25)', () => {
  it('stops the pool at the fifth failure within 5 minutes, until it is started again', () => {
    const one = instance()
    for (let number = 1; number <= 5; number++) {
      assert.equal(one.door(), 'waiting', `before failure ${number}`)
      one.wanted()
      one.pass(minute)
      one.ended(number, 'exit code 1')
    }
    assert.deepEqual([one.door(), one.events.at(-1)], ['off', 5002])
    one.done()
    one.wanted()
    one.pass(60 * minute)
    assert.deepEqual(one.done(), [])
    one.hear({ kind: 'startPool', pool: 'Shop' })
    one.wanted()
    assert.deepEqual(one.done(), ['start'])
  })

  it('forgets failures that are older', () => {
    const one = instance()
    for (let number = 1; number <= 20; number++) {
      one.wanted()
      one.pass(75_001)
      one.ended(number, 'exit code 1')
    }
    assert.equal(one.door(), 'waiting')
  })

  it('counts processes that the system does not start', () => {
    const one = instance()
    one.failStarts()
    one.wanted()
    assert.deepEqual([one.door(), one.done().length, one.events.at(-1)], ['off', 5, 5002])
  })

  it('that is off lets the pool rest for a moment after each failure', () => {
    const one = instance({ rapidFail: { isOn: false, failures: 5, intervalMs: 1 } })
    one.failStarts()
    one.wanted()
    one.pass(60_000)
    assert.deepEqual([one.door(), one.done().length], ['waiting', 61])
  })

  it('judges nobody by a time in which it could not hear (H-37)', () => {
    const one = serving()
    one.configure('2')
    one.listening(2)
    const before = one.pool().processes[0]?.since ?? 0
    const state = { pools: new Map([['Shop', one.pool()]]) }
    assert.equal(w3svc.lapsed?.(state, 1_000, 0).state.pools.get('Shop')?.processes[0]?.since, before + 1_000)
  })
})

describe('what the listener is told', () => {
  const lines: Readonly<Record<string, readonly [unknown, boolean]>> = {
    'a file to load': [{ kind: 'load', file: '/c/applicationHost.config' }, true],
    'a file that is not absolute': [{ kind: 'load', file: 'c' }, false],
    'no file': [{ kind: 'load' }, false],
    'to remove all': [{ kind: 'stopPools', more: 1 }, true],
    'to stop a pool': [{ kind: 'stopPool', pool: '__proto__' }, true],
    'to stop no pool': [{ kind: 'stopPool', pool: '' }, false],
    'a pool with a name without end': [{ kind: 'startPool', pool: 'a'.repeat(5_000) }, false],
    'a kind that every object has': [{ kind: 'constructor' }, false],
    'a number': [7, false],
    nothing: [null, false],
  }
  for (const [what, [value, isOne]] of Object.entries(lines))
    it(`${what} is ${isOne ? 'heard' : 'refused'}`, () => assert.equal(readToW3svc(value) !== undefined, isOne))
})

describe('the fingerprint of a pool', () => {
  const site = {
    name: 'S',
    id: 1,
    logDirectory: '/l',
    bindings: [],
    applications: [{ path: '/', pool: 'POOL', directories: [] }],
  }
  const host: ApplicationHost = {
    pools: [{ name: 'pool', ...poolDefaults }],
    sites: [site],
    config: { file: 'f', places: [] },
  }
  const of = (changed: Partial<ApplicationHost>) => configuredPools({ ...host, ...changed })[0]?.fingerprint
  const binding = { protocol: 'http', address: '1.2.3.4', port: 80, hostHeader: '' } as const
  const place: Place = {
    path: '',
    isInherited: true,
    overrideMode: 'Inherit',
    denied: [],
    sections: {},
    appSettings: new Map([['a', 'b']]),
  }
  const cases: Readonly<Record<string, readonly [Partial<ApplicationHost>, boolean]>> = {
    'another binding': [{ sites: [{ ...site, bindings: [binding] }] }, false],
    'another application': [{ sites: [{ ...site, applications: [...site.applications, ...site.applications] }] }, true],
    'a site of another pool': [{ sites: [site, { ...site, applications: [] }] }, false],
    'a setting above all sites': [{ config: { file: 'f', places: [place] } }, true],
    'another time-out': [{ pools: [{ name: 'pool', ...poolDefaults, idleTimeoutMs: 1 }] }, true],
  }
  for (const [what, [changed, differs]] of Object.entries(cases))
    it(`${differs ? 'changes' : 'stays'} with ${what}`, () => assert.equal(of(changed) !== of({}), differs))
})
