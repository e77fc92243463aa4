/** Who asks the controller finds the master by itself, by a list of all that may be it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fabricPaths, party } from '../../src/fabric/contract/paths.ts'
import { withoutEtcd } from '../etcd.ts'
import { until } from '../until.ts'
import { creating, startPool } from './candidates.ts'

describe('a party that knows several controllers', { skip: withoutEtcd }, () => {
  it('asks the master, whichever it is, and what waits at one that fell silent is answered by the next', async (t) => {
    const pool = await startPool(t, 3)
    const urls = pool.candidates.map(({ url }) => url)
    const frontEnd = pool.clientOf(party.frontEnd)
    const balancer = pool.clientOf(party.loadBalancer)
    const master = await pool.master()
    for (const { list } of [frontEnd, balancer]) list(urls)
    const create = (service: string, id: string) =>
      frontEnd.request({ path: fabricPaths.command, body: creating(service, id), timeoutMs: 10_000 })
    const first = await create('a', '1')
    assert.ok(first.ok, JSON.stringify(first))
    const table = await balancer.request<{ version: number }>({ path: fabricPaths.rotation, timeoutMs: 10_000 })
    assert.ok(table.ok)
    const path = `${fabricPaths.rotation}?after=${table.value.version}&wait=60000`
    const held = balancer.request<{ version: number }>({ path, waitMs: 60_000, timeoutMs: 70_000 })

    master.signal('SIGSTOP')
    // Whoever asks comes again, as RDFE does; the request ID makes it the same command.
    await until(async () => (await create('b', '2')).ok, 'another master takes the command')
    await until(async () => (await balancer.request({ path: fabricPaths.rotation, timeoutMs: 10_000 })).ok)
    const news = await held
    assert.ok(news.ok && news.value.version > table.value.version, 'the new master has a newer table')
    master.signal('SIGCONT')
    const shown = await pool.services((await pool.master()).url)
    assert.deepEqual(shown.ok && shown.value, ['a', 'b'])
  })

  it('is told that the fabric has no quorum within three seconds', async (t) => {
    const pool = await startPool(t, 2, 3)
    const frontEnd = pool.clientOf(party.frontEnd)
    await pool.master()
    frontEnd.list(pool.candidates.map(({ url }) => url))
    for (const member of pool.etcd.members.slice(1)) await member.kill()
    for (const id of ['1', '2', '3']) {
      const reply = await frontEnd.request({ path: fabricPaths.command, body: creating('a', id), timeoutMs: 10_000 })
      assert.ok(!reply.ok && reply.fault.code === 'ServerBusy', JSON.stringify(reply))
    }
  })
})
