/** The master's machine loses power: VIPs, Blob service and instances are elsewhere, and it comes back as a machine of the fabric. */
import { equal } from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import type { Machine } from './fabric.ts'
import { withoutLan } from './lan.ts'
import { answerOf, beginServed, hostOf, isRunningOn, masterOf } from './served.ts'

const timers = ['hostLostAfter=20s', 'hostIsolatedAfter=12s', 'hostRecoverBudget=5s']

describe('a fabric of three machines that loses one with its power', { skip: withoutLan || withoutEtcd }, () => {
  it('answers from another, heals the instances, takes uploads, and has it back as a machine', async (t) => {
    const { machines, clients, master, directory } = await beginServed(t, timers)
    await clients.more()
    const dead = await master()
    const left = machines.filter((machine) => machine !== dead) as [Machine, Machine]
    const [near] = left
    const before = new Set(clients.answers())
    const bereft = (await hostOf(near, dead)).instances.map((key) => key.slice(key.indexOf('.') + 1))
    equal(bereft.length, 1)

    await dead.computer.cutPower()
    await masterOf(left)
    await clients.answer((text) => before.has(text), 'the VIP answers from another machine')
    await until(async () => (await hostOf(near, dead)).state === 'Lost', 'the host is lost')
    const [instance = ''] = bereft
    await clients.answer((text) => !before.has(text) && text.startsWith(instance), `${instance} answers again`)
    for (const machine of left) equal((await hostOf(near, machine)).instances.length, 1, 'the two stand apart')
    const deployed = await near.reddog('deploy', directory, '--service', 'second')
    equal(deployed.code, 0, deployed.stderr)

    await dead.computer.boot()
    await dead.begin(['up', ...timers.flatMap((timer) => ['--timer', timer])])
    await until(async () => (await hostOf(near, dead)).state !== 'Lost', 'it is a machine of the fabric again')
    const current = await Promise.all(left.map(async (machine) => hostOf(near, machine)))
    equal(
      current.every(({ state }) => state === 'InService'),
      true,
    )
    await clients.more()
    t.diagnostic(`${clients.faults().length} requests failed: ${clients.faults().slice(0, 3).join('; ')}`)
    const failed = clients.faults().length
    await clients.more()
    equal(clients.faults().length, failed)
    for (const text of clients.answers()) {
      const answer = answerOf(text)
      equal(answer !== undefined && (await isRunningOn(near, dead, answer)), false, 'nothing runs twice')
    }
  })
})
