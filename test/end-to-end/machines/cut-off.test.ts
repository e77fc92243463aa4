/** A machine loses its cable: it stops its instances before they start elsewhere, so that none runs twice. */
import { equal, notEqual } from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import type { Machine } from './fabric.ts'
import { withoutLan } from './lan.ts'
import { type Answer, answerOf, beginServed, hostOf, isRunningOn } from './served.ts'

const timers = ['hostLostAfter=20s', 'hostIsolatedAfter=12s', 'hostRecoverBudget=5s']

describe('a machine among three that is cut off', { skip: withoutLan || withoutEtcd }, () => {
  it('has stopped its instances when they answer elsewhere, and is in service again with its cable', async (t) => {
    const { machines, clients, master } = await beginServed(t, timers)
    await clients.more()
    const standing = await master()
    let cut: Machine | undefined
    for (const machine of machines)
      if (machine !== standing && (await hostOf(standing, machine)).instances.length > 0) cut = machine
    if (!cut) throw new Error('Both instances stand on the machine of the master.')
    const known = [...clients.answers()]
    let there: Answer | undefined
    for (const answer of known.flatMap((text) => answerOf(text) ?? []))
      if (await isRunningOn(standing, cut, answer)) there = answer
    notEqual(there, undefined)

    cut.computer.unplug()
    await clients.answer((text) => !known.includes(text), `${there?.instance} answers elsewhere`)
    equal(there && (await isRunningOn(standing, cut, there)), false, 'it had stopped its own')
    cut.computer.plug()
    const isBack = cut
    await until(async () => (await hostOf(standing, isBack)).state !== 'Lost', 'it is in service again')
    await until(async () => (await isBack.reddog('host', 'list')).code === 0, 'its own part of the API answers')
    t.diagnostic(`${clients.faults().length} requests failed: ${clients.faults().slice(0, 3).join('; ')}`)
    const failed = clients.faults().length
    await clients.more()
    equal(clients.faults().length, failed)
    equal(there && (await isRunningOn(standing, isBack, there)), false)
  })
})
