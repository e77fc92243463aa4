/** Candidates join with members of real etcd, and leave with them. */
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { describe, it } from 'node:test'
import { machinePaths } from '../../src/fabric/contract/machines.ts'
import { fabricPaths } from '../../src/fabric/contract/paths.ts'
import type { Views } from '../../src/fabric/contract/views.ts'
import { openJsonClient } from '../../src/machine/http/json-client.ts'
import { withoutEtcd } from '../etcd.ts'
import { until } from '../until.ts'
import { type Cluster, identityOf, newcomer, runMember, startCluster, valueOf } from './several-machines.ts'

const parties = ['machine', 'host', 'controller', 'frontEnd', 'etcd'] as const

describe('a candidate that joins', { skip: withoutEtcd }, () => {
  it('gets a member of etcd, which votes when it runs; removed, the member is gone and its certificate opens etcd no more', async (t) => {
    const [first, second] = [freeAddress(), freeAddress()]
    const cluster = await startCluster(t, { etcd: { address: first } })
    const m2 = newcomer('m2', second, parties)
    const answer = valueOf(await cluster.join(m2.request(await cluster.token(true), { controller: true })))
    assert.ok(answer.etcd)
    assert.equal(answer.etcd.initialCluster, `m1=https://${first}:2380,m2=https://${second}:2380`)
    const machine = identityOf(m2, answer, 'machine')

    // A second learner at a time is more than etcd takes: who joins is told to try again, and its place is kept.
    const m3 = newcomer('m3', freeAddress(), parties)
    const waiting = m3.request(await cluster.token(true), { controller: true })
    const refused = await cluster.join(waiting)
    assert.equal(refused.status, 503)
    assert.ok(!refused.ok)
    assert.match(refused.fault.message, /etcd does not change its members now\. .*learner/)

    const early = await cluster.call(machine, machinePaths.promote, {})
    assert.equal(early.status, 503)
    const ofEtcd = { ca: answer.etcd.authority, ...identityOf(m2, answer, 'etcd') }
    const member = runMember(t, cluster.directory, 'm2', second, { ...ofEtcd, ...answer.etcd })
    await until(
      async () => (await cluster.call(machine, machinePaths.promote, {})).status === 204,
      'the member of m2 votes',
    )
    assert.equal((await cluster.call(machine, machinePaths.promote, {})).status, 204)
    assert.match(
      (await viewOf(cluster))?.machines[0]?.notes[0] ?? '',
      /^is the master since .*: no other had the lease/,
    )
    assert.deepEqual(await rolesOf(cluster), {
      m1: ['host', 'master'],
      m2: ['host', 'candidate'],
      m3: ['host', 'candidate'],
    })
    await until(async () => (await cluster.join(waiting)).status === 200, 'm3 has its learner')

    const keyed = () => etcdStatus(`https://${first}:2379`, ofEtcd)
    assert.equal(await keyed(), 200)
    const removed = await cluster.command({ kind: 'removeHost', host: 'm2', force: false })
    assert.ok('accepted' in removed)
    assert.equal((await cluster.call(machine, machinePaths.machines)).status, 403)
    const { etcdRevocations = '' } = await cluster.machines()
    cluster.revoke(etcdRevocations)
    member.revoke(etcdRevocations)
    assert.equal(await keyed(), 0)
    await until(async () => (await leavingOf(cluster)).length === 0, 'the member of m2 is gone')
    const again = await cluster.command({ kind: 'removeHost', host: 'm1', force: true })
    assert.ok('refused' in again)
    assert.match(again.refused.message, /no other is a candidate/)
  })
})

async function viewOf(cluster: Cluster) {
  const reply = await cluster.call<Views['machines']['answer']>('frontEnd', fabricPaths.view, {
    view: 'machines',
    ask: {},
  })
  return valueOf(reply)
}

async function rolesOf(cluster: Cluster) {
  const { machines = [] } = (await viewOf(cluster)) ?? {}
  return Object.fromEntries(machines.map(({ name, roles }) => [name, roles]))
}

async function leavingOf(cluster: Cluster): Promise<readonly string[]> {
  return (await viewOf(cluster))?.leaving ?? []
}

/** What etcd says to who has that certificate; 0: not even a handshake. */
async function etcdStatus(url: string, tls: { readonly ca: string; readonly cert: string; readonly key: string }) {
  const client = openJsonClient(tls)
  const reply = await client.request({ url: `${url}/v3/maintenance/status`, body: {}, timeoutMs: 10_000 })
  client.close()
  return reply.status
}

/** Nobody else's: fabrics have 127.b.0.0/16 with b from 16 on. */
function freeAddress(): string {
  return `127.0.${randomInt(1, 255)}.${randomInt(1, 255)}`
}
