/** The store in etcd, while its members die, hang, and come back. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { MasterStore, StoreAnswer } from '../../src/kernel/store.ts'
import { issueCertificate, makeAuthority } from '../../src/machine/certificates/authority.ts'
import { type Gateway, openGateway } from '../../src/machine/store/etcd/gateway.ts'
import { insist } from '../../src/machine/store/etcd/insist.ts'
import { openEtcdStore } from '../../src/machine/store/etcd/open-etcd-store.ts'
import { transact } from '../../src/machine/store/etcd/transaction.ts'
import { type Etcd, type RunningMember, startEtcd, withoutEtcd } from '../etcd.ts'
import { until } from '../until.ts'
import { committed, stored } from './committed.ts'

function gatewayTo(t: TestContext, { tls }: Etcd, urls: readonly string[]): Gateway {
  const gateway = openGateway({ urls, tls })
  t.after(() => gateway.close())
  return gateway
}

async function found(t: TestContext, etcd: Etcd): Promise<ReadonlyMap<string, unknown>> {
  return new Map((await openEtcdStore(gatewayTo(t, etcd, etcd.urls))).load())
}

/** Commits batch after batch until `stop`: each writes its number at two keys of its own and at one that all share. */
function busy(store: MasterStore): {
  answers: () => readonly StoreAnswer[]
  stop: () => Promise<readonly StoreAnswer[]>
} {
  const answers: StoreAnswer[] = []
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      const number = answers.length
      const keys = [`a/${number}`, `b/${number}`, 'last']
      answers.push(await committed(store, ...keys.map((key) => ({ key, value: number }))))
    }
  }
  const ended = run()
  return {
    answers: () => answers,
    async stop() {
      stopping.abort()
      await ended
      return answers
    },
  }
}

describe('the store in etcd', { skip: withoutEtcd }, () => {
  it('is refused by an older program in one sentence when it has a newer schema, and left as it is', async (t) => {
    const etcd = await startEtcd(t)
    const gateway = gatewayTo(t, etcd, etcd.urls)
    await committed(await openEtcdStore(gateway), { key: 'a', value: 1 })
    const all = ['schema', 'epoch', 'batch', 'record/a'].map((key) => `/reddog/${key}`)
    const look = () => insist(() => transact(gateway, { compare: [], changes: [], asked: all }, 5_000))
    const newer = [{ key: '/reddog/schema', value: '99' }]
    await insist(() => transact(gateway, { compare: [], changes: newer, asked: [] }, 5_000))
    const before = await look()
    await assert.rejects(openEtcdStore(gateway), /written by a newer Reddog \(schema 99, this one knows \d+\)/)
    const after = await look()
    assert.deepEqual([after.revision, after.found], [before.revision, before.found])
  })

  it('is not taken from a living master by a candidate that slept until its lease was over (A-2)', async (t) => {
    const etcd = await startEtcd(t)
    const gateway = gatewayTo(t, etcd, etcd.urls)
    const elected = [{ key: '/reddog/master', value: 'the living one' }]
    await insist(() => transact(gateway, { compare: [], changes: elected, asked: [] }, 5_000))
    const master = await openEtcdStore(gateway, undefined, 'the living one')
    await assert.rejects(
      openEtcdStore(gateway, undefined, 'the sleeper'),
      /The lease was over before the store was open/,
    )
    assert.deepEqual(await committed(master, { key: 'a', value: 1 }), stored)
  })

  it('opens for certificates of its own authority alone', async (t) => {
    const etcd = await startEtcd(t)
    const stranger = makeAuthority('another')
    const own = issueCertificate(stranger, { commonName: 'controller', usage: 'client' })
    const gateway = openGateway({
      urls: etcd.urls,
      tls: { ca: etcd.tls.ca, cert: own.certificatePem, key: own.keyPem },
    })
    t.after(() => gateway.close())
    const reply = await gateway.ask('/v3/kv/range', { key: 'YQ==' }, 5_000)
    assert.equal(reply.ok, false)
  })

  it('refuses a batch that reaches nobody, for certain, and takes the next when somebody is there', async (t) => {
    const etcd = await startEtcd(t)
    const [member] = etcd.members as [RunningMember]
    const store = await openEtcdStore(gatewayTo(t, etcd, etcd.urls))
    await member.kill()
    const refusal = await committed(store, { key: 'a', value: 'refused' })
    assert.ok(refusal.outcome === 'refused')
    assert.match(refusal.reason, /nothing listens there\.$/)
    member.start()
    await etcd.serving()
    assert.deepEqual(await committed(store, { key: 'b', value: 'taken' }), stored)
    assert.deepEqual([...(await found(t, etcd))], [['b', 'taken']])
  })

  it('answers a batch that comes to a halt when etcd goes on, and has it once', async (t) => {
    const etcd = await startEtcd(t)
    const [member] = etcd.members as [RunningMember]
    const store = await openEtcdStore(gatewayTo(t, etcd, etcd.urls))
    member.pause()
    let answer: StoreAnswer | undefined
    const asked = committed(store, { key: 'a', value: 1 }).then((said) => {
      answer = said
    })
    // Longer than an attempt: it has been sent twice.
    await delay(2_500)
    assert.equal(answer, undefined)
    member.resume()
    await asked
    assert.deepEqual(answer, stored)
    assert.deepEqual(await committed(store, { key: 'a', value: 2 }), stored)
    assert.deepEqual([...(await found(t, etcd))], [['a', 2]])
  })

  it('takes a commit under way from either the old master or nobody, when a new one opens it meanwhile (A-2)', async (t) => {
    const etcd = await startEtcd(t)
    const [member] = etcd.members as [RunningMember]
    const older = await openEtcdStore(gatewayTo(t, etcd, etcd.urls))
    for (let round = 0, master = older; round < 5; round++) {
      member.pause()
      const value = `round ${round}`
      const [late, next] = [committed(master, { key: 'a', value }), openEtcdStore(gatewayTo(t, etcd, etcd.urls))]
      await delay(20 * round)
      member.resume()
      const answer = await late
      const records = new Map((await next).load())
      if (answer.outcome === 'stored') assert.equal(records.get('a'), value)
      if (answer.outcome === 'superseded') assert.notEqual(records.get('a'), value)
      assert.notEqual(answer.outcome, 'refused')
      master = await next
    }
  })

  it('is opened and written while the member that is asked first is dead, or hangs', async (t) => {
    const etcd = await startEtcd(t, 3)
    const [first, second] = etcd.members as [RunningMember, RunningMember]
    await first.kill()
    const store = await openEtcdStore(gatewayTo(t, etcd, etcd.urls))
    assert.deepEqual(await committed(store, { key: 'a', value: 1 }), stored)
    first.start()
    await etcd.serving()
    second.pause()
    const next = await openEtcdStore(gatewayTo(t, etcd, [second.url, ...etcd.urls]))
    assert.deepEqual([...next.load()], [['a', 1]])
    assert.deepEqual(await committed(next, { key: 'a', value: 2 }), stored)
    second.resume()
  })

  it('loses nothing that it has answered, and skips nothing, while members are killed one after the other', async (t) => {
    const etcd = await startEtcd(t, 3)
    const store = await openEtcdStore(gatewayTo(t, etcd, etcd.urls))
    const writing = busy(store)
    for (const member of etcd.members) {
      const before = writing.answers().length
      await until(() => writing.answers().length >= before + 20, 'commits go on')
      await member.kill()
      const then = writing.answers().length
      await until(() => writing.answers().length >= then + 20, 'commits go on without it')
      member.start()
      await etcd.serving()
    }
    await assertWhole(t, etcd, await writing.stop())
  })

  it('says of no batch that it is refused which is stored, when its only member is killed again and again', async (t) => {
    const etcd = await startEtcd(t)
    const [member] = etcd.members as [RunningMember]
    const store = await openEtcdStore(gatewayTo(t, etcd, etcd.urls))
    const writing = busy(store)
    for (let round = 0; round < 4; round++) {
      const before = writing.answers().length
      await until(() => writing.answers().length >= before + 20, 'commits go on')
      await member.kill()
      // For as long as it takes to refuse what cannot have been sent.
      await until(() => writing.answers().at(-1)?.outcome === 'refused', 'batches are refused', 2_500).catch(() => {})
      member.start()
      await etcd.serving()
    }
    await assertWhole(t, etcd, await writing.stop())
  })

  it('goes on where it was when all members were killed with a commit under way', async (t) => {
    const etcd = await startEtcd(t, 3)
    const store = await openEtcdStore(gatewayTo(t, etcd, etcd.urls))
    const writing = busy(store)
    await until(() => writing.answers().length >= 20, 'commits go on')
    await Promise.all(etcd.members.map((member) => member.kill()))
    for (const member of etcd.members) member.start()
    await etcd.serving()
    const then = writing.answers().filter(({ outcome }) => outcome === 'stored').length
    await until(() => writing.answers().filter(({ outcome }) => outcome === 'stored').length > then + 20)
    await assertWhole(t, etcd, await writing.stop())
  })
})

/** Stored is what was answered so, and nothing else: whole batches, the last one last. */
async function assertWhole(t: TestContext, etcd: Etcd, answers: readonly StoreAnswer[]): Promise<void> {
  assert.deepEqual(
    answers.filter(({ outcome }) => outcome !== 'stored' && outcome !== 'refused'),
    [],
  )
  const numbers = answers.flatMap(({ outcome }, number) => (outcome === 'stored' ? [number] : []))
  const records = await found(t, etcd)
  assert.deepEqual(
    new Set(records.keys()),
    new Set(['last', ...numbers.flatMap((number) => [`a/${number}`, `b/${number}`])]),
  )
  assert.equal(records.get('last'), numbers.at(-1))
}
