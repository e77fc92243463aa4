/** Each process of a machine is killed once: it comes back, role instances are untouched, and nothing is left at the end. */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import { withoutLan } from './lan.ts'
import { answerOf, beginServed, hosts } from './served.ts'

/** Those that clients do not meet, and those that stand in their way to an instance. */
const behind = ['etcd', 'Azurite', 'BlobGate', 'RDFE', 'Portal', 'HostAgent', 'VipHolder']
const inTheWay = ['keepalived', 'LoadBalancer', 'PortHolder']

/** What a killed balancer may have had in its hands: the connections that stay, and requests on new ones at that moment. */
const mostFailed = 12

describe('a machine among several, of which each process is killed once', { skip: withoutLan || withoutEtcd }, () => {
  it('has them back, its instances are the same processes, and after down nothing is left', async (t) => {
    const { machines, clients } = await beginServed(t)
    const [first] = machines
    await clients.more()

    async function killed(title: string): Promise<void> {
      const before = first.computer.processes(title)
      notEqual(before.length, 0, title)
      for (const pid of before) process.kill(pid, 'SIGKILL')
      await until(() => {
        const now = first.computer.processes(title)
        return now.length >= before.length && now.every((pid) => !before.includes(pid))
      }, `${title} is back`)
      await clients.more()
    }

    for (const title of behind) {
      await killed(title)
      deepEqual(clients.faults(), [], title)
    }
    for (const title of inTheWay) {
      const already = clients.faults().length
      await killed(title)
      const failed = clients.faults().slice(already)
      t.diagnostic(`${title}: ${failed.length} requests failed. ${failed.slice(0, 3).join('; ')}`)
      ok(failed.length <= mostFailed, `${title}: ${failed.join('; ')}`)
    }
    const failed = clients.faults().length
    await clients.more()
    equal(clients.faults().length, failed)

    const runs = new Set([...clients.answers()].map((text) => answerOf(text)?.run))
    equal(runs.size, 2, 'no instance was started anew')
    await until(async () => (await hosts(first)).every(({ state }) => state !== 'Lost'), 'no host is lost')

    for (const machine of machines) {
      machine.signal('SIGTERM')
      equal(await machine.ended(), 0, machine.said())
      for (const title of [...behind, ...inTheWay, 'FabricController', 'node'])
        deepEqual(machine.computer.processes(title), [], `${title} on ${machine.computer.name}`)
    }
  })
})
