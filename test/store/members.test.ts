/** Members of etcd come and go while the store is in use. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openGateway } from '../../src/machine/store/etcd/gateway.ts'
import { addLearner, listMembers, promoteMember, removeMember } from '../../src/machine/store/etcd/members.ts'
import { openEtcdStore } from '../../src/machine/store/etcd/open-etcd-store.ts'
import { type RunningMember, startEtcd, withoutEtcd } from '../etcd.ts'
import { until } from '../until.ts'
import { committed, stored } from './committed.ts'

describe('a member of etcd', { skip: withoutEtcd }, () => {
  it('is added as a learner, given its vote, and has all that is stored; a removed one never votes again', async (t) => {
    const etcd = await startEtcd(t)
    const [first] = etcd.members as [RunningMember]
    const gateway = openGateway({ urls: etcd.urls, tls: etcd.tls })
    t.after(() => gateway.close())
    const store = await openEtcdStore(gateway)
    assert.deepEqual(await committed(store, { key: 'a', value: 1 }), stored)
    const second = etcd.another('m1')
    const memberUrl = `https://${second.member.address}:${second.member.memberPort}`
    const added = await addLearner(gateway, memberUrl)
    const again = await addLearner(gateway, memberUrl)
    assert.ok(added.ok && again.ok)
    assert.equal(again.value.length, 2)
    // A learner that has not come yet hinders nothing.
    assert.deepEqual(await committed(store, { key: 'b', value: 2 }), stored)
    const id = added.value.find(({ memberUrls }) => memberUrls.includes(memberUrl))?.id ?? ''
    const early = await promoteMember(gateway, id)
    assert.ok(!early.ok)
    assert.match(early.reason, /in sync with leader/)
    second.start()
    await until(async () => (await promoteMember(gateway, id)).ok, 'the learner is in sync')
    await etcd.serving([first, second])
    assert.deepEqual(await committed(store, { key: 'c', value: 3 }), stored)

    const atSecond = openGateway({ urls: [second.url], tls: etcd.tls })
    t.after(() => atSecond.close())
    const found = await openEtcdStore(atSecond)
    assert.deepEqual(
      [...found.load()].map(([key]) => key),
      ['a', 'b', 'c'],
    )
    await until(async () => (await removeMember(gateway, id)).ok, 'all members have been connected for 5 s')
    assert.ok((await removeMember(gateway, id)).ok)
    const left = await listMembers(gateway)
    assert.ok(left.ok)
    assert.deepEqual(
      left.value.map(({ name, clientUrls, isLearner }) => [name, clientUrls, isLearner]),
      [['m0', [first.url], false]],
    )
    assert.equal((await committed(store, { key: 'd', value: 4 })).outcome, 'superseded')
    assert.deepEqual(await committed(await openEtcdStore(gateway), { key: 'd', value: 4 }), stored)
  })
})
