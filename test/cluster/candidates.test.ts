/** One master of several candidates: who it is, how the next one comes, and that nobody else does or shows anything. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { NotMaster } from '../../src/fabric/contract/machines.ts'
import { masterAmong } from '../../src/machine/backup/master-elsewhere.ts'
import { withoutEtcd } from '../etcd.ts'
import { until } from '../until.ts'
import { type CandidateProcess, type Pool, startPool } from './candidates.ts'

async function anotherThan(pool: Pool, former: CandidateProcess): Promise<CandidateProcess> {
  let found: CandidateProcess | undefined
  await until(async () => {
    for (const candidate of pool.candidates)
      if (candidate !== former && !found && (await pool.services(candidate.url, 500)).ok) found = candidate
    return found !== undefined
  }, 'another is master')
  return found as CandidateProcess
}

async function assertCreates(pool: Pool, { url }: CandidateProcess, service: string): Promise<void> {
  const reply = await pool.create(url, service)
  assert.ok(reply.ok && 'accepted' in reply.value, JSON.stringify(reply))
}

describe('of several candidates', { skip: withoutEtcd }, () => {
  it('one is master; the others refuse every call and name it', async (t) => {
    const pool = await startPool(t, 3)
    const master = await pool.master()
    await assertCreates(pool, master, 'a')
    for (const other of pool.candidates.filter((candidate) => candidate !== master)) {
      await until(async () => {
        const reply = await pool.services(other.url)
        return !reply.ok && (reply.fault as NotMaster).master === master.url
      }, 'it has seen the master')
      const reply = await pool.create(other.url, 'b')
      assert.ok(!reply.ok)
      assert.equal(reply.status, 421)
      assert.deepEqual(reply.fault, {
        code: 'NotMaster',
        message: `This fabric controller is no master. The master is that of the machine ${master.machine}, at ${master.url}. Ask there.`,
        master: master.url,
      })
    }
    assert.deepEqual(await pool.services(master.url), { ok: true, status: 200, value: ['a'] })
  })

  it('another takes over with all that was accepted when the master is asked to end, or dies', async (t) => {
    const pool = await startPool(t, 2)
    const first = await pool.master()
    await assertCreates(pool, first, 'a')
    await first.end('SIGTERM')
    assert.deepEqual(first.ends(), [0])
    // At once, and what ended it may be wrong with its machine: the other comes first.
    first.start()
    const second = await anotherThan(pool, first)
    await assertCreates(pool, second, 'b')
    await second.end('SIGKILL')
    const third = await anotherThan(pool, second)
    assert.deepEqual(await pool.services(third.url), { ok: true, status: 200, value: ['a', 'b'] })
  })

  it('a master that was stopped shows and stores nothing when it goes on, and stands by', async (t) => {
    const pool = await startPool(t, 2)
    const former = await pool.master()
    await assertCreates(pool, former, 'a')
    former.signal('SIGSTOP')
    const next = await anotherThan(pool, former)
    await assertCreates(pool, next, 'b')
    // Asked while it cannot answer: what it says when it goes on is no former state.
    const late = [pool.services(former.url), pool.create(former.url, 'c'), pool.services(former.url)]
    await delay(200)
    former.signal('SIGCONT')
    for (const reply of await Promise.all(late)) assert.equal(reply.ok, false, JSON.stringify(reply))
    await until(() => former.ends().length === 1, 'it has ended')
    assert.deepEqual(former.ends(), [1])
    await until(async () => {
      const reply = await pool.services(former.url, 500)
      return !reply.ok && reply.status === 421
    }, 'it stands by')
    assert.deepEqual(await pool.services(next.url), { ok: true, status: 200, value: ['a', 'b'] })
  })

  it('without a quorum commands are refused and nothing stale is shown; with it again all goes on', async (t) => {
    const pool = await startPool(t, 2, 3)
    const [, ...most] = pool.etcd.members
    const master = await pool.master()
    await assertCreates(pool, master, 'a')
    for (const member of most) await member.kill()
    const refusal = await pool.create(master.url, 'b')
    assert.ok(!refusal.ok && refusal.status === 503)
    assert.equal(refusal.fault.code, 'ServerBusy')
    assert.match(refusal.fault.message, /^The fabric has no quorum: .*\.$/)
    await until(async () => (await pool.services(master.url, 500)).status === 503, 'views end with the lease')
    for (const { url } of pool.candidates) await until(async () => (await pool.create(url, 'c', 500)).status === 503)
    for (const member of most) member.start()
    const next = await pool.master()
    const shown = await pool.services(next.url)
    assert.ok(shown.ok && shown.value.includes('a') && !shown.value.includes('c'))
    await assertCreates(pool, next, 'd')
  })

  it('one that the records do not name, elected in an empty store as after a restore, answers nobody and says why; the one that begins the fabric is master', async (t) => {
    const pool = await startPool(t, 2, 1, 1)
    const [unknown, first] = pool.candidates as [CandidateProcess, CandidateProcess]
    // To an empty fabric whoever asks is removed.
    const endsAgain = async (before = unknown.ends().length) =>
      until(async () => {
        const { status } = await pool.services(unknown.url, 500)
        assert.ok([0, 421, 503].includes(status), `it answers ${status}, as a master does`)
        return unknown.ends().length > before
      }, 'it was elected, and has ended')
    await endsAgain()
    assert.equal(unknown.ends()[0], 1)
    const log = readFileSync(join(pool.etcd.directory, unknown.machine, 'FabricController.log'), 'utf8')
    assert.match(
      log,
      /ends: the store, in which c0 was elected, does not name it as a candidate\. .* start the machine/,
    )
    first.start()
    assert.equal(await pool.master(), first)
    await assertCreates(pool, first, 'a')
    await until(async () => (await pool.services(unknown.url, 500)).status === 421, 'the other stands by')
    await first.end('SIGKILL')
    await endsAgain()
  })

  it('a master is found by what a restore asks, also by the one that stands by, or follows one that has ended; none is when there is no quorum, or nobody', async (t) => {
    const pool = await startPool(t, 2)
    const master = await pool.master()
    const [other] = pool.candidates.filter((candidate) => candidate !== master) as [CandidateProcess]
    const directory = join(pool.etcd.directory, master.machine)
    const asker = {
      ca: join(pool.etcd.directory, 'ca.pem'),
      cert: join(directory, 'cert.pem'),
      key: join(directory, 'key.pem'),
    }
    assert.equal(await masterAmong([master.url], asker), master.url)
    assert.equal(await masterAmong([other.url], asker), master.url)
    const urls = pool.candidates.map(({ url }) => url)
    // Named by the other until its lease ends, which is master then.
    await master.end('SIGKILL')
    assert.equal(await masterAmong(urls, asker), other.url)
    const [member] = pool.etcd.members
    await member?.kill()
    await until(async () => (await masterAmong(urls, asker)) === undefined, 'no quorum is left')
    for (const candidate of pool.candidates) await candidate.end('SIGKILL')
    assert.equal(await masterAmong(urls, asker), undefined)
  })

  it('none is master twice when one of them dies again and again: no accepted command is lost', async (t) => {
    const pool = await startPool(t, 3, 3)
    const accepted: string[] = []
    for (let round = 0; round < 3; round++) {
      const master = await pool.master()
      const writing = Array.from({ length: 8 }, async (_, number) => {
        const name = `s${round}-${number}`
        const reply = await pool.create(master.url, name, 5_000)
        if (reply.ok && 'accepted' in reply.value) accepted.push(name)
      })
      await delay(10 * round)
      await master.end('SIGKILL')
      await Promise.all(writing)
      await anotherThan(pool, master)
      master.start()
    }
    const last = await pool.services((await pool.master()).url)
    assert.ok(last.ok)
    assert.deepEqual(
      accepted.filter((name) => !last.value.includes(name)),
      [],
    )
  })
})
