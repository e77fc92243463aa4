/** The driver of agents on Linux: whom it wakes when. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Agent } from '../../src/kernel/agent.ts'
import { drive } from '../../src/kernel/drive.ts'

it('nobody is woken for a moment that was put off', async () => {
  const agent: Agent<number, number, 'only', never, never> = {
    receive: (_state, wakeAt) => ({ state: wakeAt, touched: ['only'] }),
    decide: (wakeAt) => ({ actions: [], wakeAt }),
    settle: (state) => ({ state, touched: [] }),
    setAside: (state) => ({ state, touched: [] }),
  }
  const moments: number[] = []
  const driver = drive({
    agent,
    state: 0,
    rests: [0],
    complain() {},
    now: () => 0,
    schedule(at) {
      moments.push(at)
      return () => {}
    },
    perform: () => Promise.reject(new Error('nothing is to be done')),
  })
  for (const at of [10, 20]) {
    await driver.deliver(at)
    // What is decided follows in the same turn.
    await Promise.resolve()
  }
  driver.stop()
  assert.deepEqual(moments, [10, 20])
})

it('what a message makes due at its moment is due to the decision that follows it, however the clock moves between', async () => {
  const agent: Agent<number, 'due now', 'only', never, never> = {
    receive: (_state, _message, now) => ({ state: now, touched: ['only'] }),
    decide(dueAt, _subject, now) {
      seen.push(now - dueAt)
      return { actions: [] }
    },
    settle: (state) => ({ state, touched: [] }),
    setAside: (state) => ({ state, touched: [] }),
  }
  const seen: number[] = []
  let clock = 0
  const driver = drive({
    agent,
    state: 0,
    rests: [0],
    complain() {},
    now: () => clock++,
    schedule: () => () => {},
    perform: () => Promise.reject(new Error('nothing is to be done')),
  })
  await driver.deliver('due now')
  await Promise.resolve()
  driver.stop()
  assert.deepEqual(seen, [0])
})
