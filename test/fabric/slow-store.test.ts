/** The controller above a store that takes its time, refuses, or does not answer: SQLite with a wait around it (F-28). */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { CommandReply } from '../../src/fabric/contract/commands.ts'
import { controller } from '../../src/fabric/controller/agent.ts'
import { command } from '../../src/fabric/controller/desk/command.ts'
import { goalPoll } from '../../src/fabric/controller/desk/goal-poll.ts'
import type { Next, Sight } from '../../src/fabric/controller/desk/next.ts'
import { openDesk } from '../../src/fabric/controller/desk/open-desk.ts'
import { registration } from '../../src/fabric/controller/desk/report.ts'
import { commitTo } from '../../src/fabric/controller/state/commit.ts'
import { restore, withSubscription } from '../../src/fabric/controller/state/restore.ts'
import { drive } from '../../src/kernel/drive.ts'
import type { MasterStore, StoreAnswer } from '../../src/kernel/store.ts'
import { systemClock } from '../../src/machine/clock.ts'
import { openSqliteStore } from '../../src/machine/store/sqlite.ts'
import { osFamilies } from '../../src/service-model/operating-systems.ts'
import { createShop, subscriptionId, timers } from './fabric.ts'

const commitMs = 40

/** What the store does with a batch, and what it says of it. */
type Fate = 'stored' | 'refused' | 'stored in silence' | 'lost in silence'

/** Answers each batch a while after it has come, and stores it a while before that. */
function slow(store: MasterStore, fateOf: () => Fate): MasterStore {
  return {
    ...store,
    commit(batch, answered) {
      const fate = fateOf()
      let answer: StoreAnswer = { outcome: 'refused', reason: 'the store is out of sorts.' }
      setTimeout(() => {
        if (fate.startsWith('stored')) store.commit(batch, (said) => (answer = said))
      }, commitMs / 2)
      setTimeout(
        () => answered(fate.endsWith('silence') ? { outcome: 'unknown', reason: 'no answer came.' } : answer),
        commitMs,
      )
    },
  }
}

interface Master {
  ask<Answer>(begin: (sight: Sight) => Next<Answer>): Promise<Answer>
  command(service: string): Promise<CommandReply>
  /** What the file holds, as another process reads it. */
  operations(): readonly string[]
  /** Why it has ended; undefined while it runs. */
  lost(): string | undefined
  services(): readonly string[]
  end(): void
}

async function startMaster(file: string, fateOf: () => Fate = () => 'stored'): Promise<Master> {
  const store = openSqliteStore(file)
  const now = systemClock.now()
  const facts = { epoch: store.epoch(), network: 5, dnsSuffix: 'localhost', blobHosts: [], timers, osFamilies }
  const subscription = {
    id: subscriptionId,
    name: 'Test',
    status: 'Active' as const,
    createdAt: now,
    maxCores: 100,
    maxServices: 1_000,
    certificates: [],
  }
  const state = withSubscription(restore({ ...facts, policy: 'sameModel' }, now, store.load()), subscription)
  let lost: string | undefined
  const desk = openDesk({
    ...systemClock,
    state: () => driver.state(),
    deliver: (message, ended) => void driver.deliver(message).then(ended),
  })
  const driver = drive({
    ...systemClock,
    agent: controller,
    state,
    rests: [0],
    commit: commitTo(slow(store, fateOf)),
    lost(reason) {
      lost = reason
    },
    perform: () => new Promise(() => {}),
    changed: desk.changed,
    complain: assert.fail,
  })
  const ask = <Answer>(begin: (sight: Sight) => Next<Answer>) =>
    new Promise<Answer>((resolve, reject) => void desk.serve(begin, resolve, reject))
  const reader = new DatabaseSync(file, { readOnly: true })
  let requests = 0
  return {
    ask,
    command(service) {
      const requestId = `${service}${++requests}`.padStart(32, '0')
      const caller = { thumbprint: '', clientAddress: '127.0.0.1' }
      const asked = { ...createShop, service }
      const envelope = { requestId, subscriptionId, operationName: '', objectId: '/', caller, command: asked }
      return ask(() => command(envelope, requestId))
    },
    operations: () =>
      reader
        .prepare("SELECT key FROM record WHERE key LIKE 'operation/%'")
        .all()
        .map(({ key }) => String(key).replace('operation/', '')),
    lost: () => lost,
    services: () => [...driver.state().stored.service.values()].map(({ name }) => name),
    end() {
      driver.stop()
      reader.close()
      store.close()
    },
  }
}

function fileOf(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'reddog-slow-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return join(directory, 'fabric.db')
}

describe('the controller above a store that takes its time', () => {
  it('answers nothing that another process cannot read in the store, and shows nothing of it before', async (t) => {
    const master = await startMaster(fileOf(t))
    const polls = [master.ask((sight) => goalPoll(sight, 'h', { after: 0, waitMs: 10 * commitMs }))]
    await master.ask(() =>
      registration({
        name: 'h',
        cores: 8,
        memoryMB: 0,
        diskMB: 0,
        faultDomain: 0,
        bootId: 'b',
        agentRun: 'r',
        firstPort: 0,
      }),
    )
    const asked = ['a', 'b', 'c', 'd', 'e'].map(async (service, number) => {
      await delay((number * commitMs) / 3)
      const reply = await master.command(service)
      assert.ok('accepted' in reply)
      assert.ok(master.operations().includes(reply.accepted.id), `${service} was accepted and is not stored`)
    })
    const watch = setInterval(() => {
      assert.ok(master.services().length <= master.operations().length, 'a view shows a service that is not stored')
    }, 2)
    await Promise.all([...asked, ...polls])
    clearInterval(watch)
    assert.deepEqual(master.services().toSorted(), ['a', 'b', 'c', 'd', 'e'])
    master.end()
  })

  it('refuses with ServerBusy what the store refuses, shows nothing of it, and goes on', async (t) => {
    const fates: Fate[] = ['stored', 'refused']
    const master = await startMaster(fileOf(t), () => fates.shift() ?? 'stored')
    assert.ok('accepted' in (await master.command('a')))
    const refused = await master.command('b')
    assert.ok('refused' in refused)
    assert.equal(refused.refused.code, 'ServerBusy')
    assert.match(refused.refused.message, /out of sorts\. Nothing was changed\. Try again later\.$/)
    assert.deepEqual(master.services(), ['a'])
    assert.ok('accepted' in (await master.command('b')))
    assert.deepEqual([master.services(), master.operations().length], [['a', 'b'], 2])
    master.end()
  })

  for (const fate of ['stored in silence', 'lost in silence'] as const)
    it(`ends when it is not answered, and its next start finds what was ${fate}`, async (t) => {
      const file = fileOf(t)
      const fates: Fate[] = ['stored', fate]
      const master = await startMaster(file, () => fates.shift() ?? 'stored')
      await master.command('a')
      let isAnswered = false
      void master.command('b').then(() => {
        isAnswered = true
      })
      await delay(4 * commitMs)
      assert.deepEqual([master.lost(), isAnswered, master.services()], ['no answer came.', false, ['a']])
      const next = await startMaster(file)
      assert.deepEqual(next.services(), fate === 'stored in silence' ? ['a', 'b'] : ['a'])
      master.end()
      next.end()
    })
})
