/** Most members of etcd stop: nothing can be changed, and nothing stops. */
import { deepEqual, equal, match } from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import { withoutLan } from './lan.ts'
import { answerOf, beginServed, processOf } from './served.ts'

describe('a fabric of three machines that has lost its quorum', { skip: withoutLan || withoutEtcd }, () => {
  it('refuses commands in a sentence while guests and VIPs serve on, and goes on when it is back', async (t) => {
    const { machines, clients } = await beginServed(t)
    const [first, ...others] = machines
    await clients.more()
    const runs = new Set([...clients.answers()].map((text) => answerOf(text)?.run))

    const stopped = others.map((machine) => processOf(machine, 'etcd'))
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    for (const words of [
      ['scale', 'Web=3', '--service', 'hello', '--no-wait'],
      ['service', 'create', 'another'],
      ['host', 'list'],
    ]) {
      let said = ''
      // Views are shown until the lease of the master may have ended.
      await until(
        async () => {
          said = (await first.reddog(...words)).stderr
          return said !== ''
        },
        `${words.join(' ')} is refused`,
      )
      match(said, /^reddog: [A-Z].+\. \(\w+ was answered with 503 ServerBusy\.\)\n$/)
      await clients.more()
    }
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
    await until(async () => (await first.reddog('service', 'create', 'later')).code === 0, 'commands are taken again')
    const scaled = await first.reddog('scale', 'Web=3', '--service', 'hello')
    equal(scaled.code, 0, scaled.stderr)
    await clients.more()
    deepEqual(clients.faults(), [])
    const now = [...clients.answers()].map((text) => answerOf(text)?.run)
    equal(runs.size, 2)
    equal(new Set(now).size, 3, 'no instance was started anew')
  })
})
