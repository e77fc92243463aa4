/** The master's controller is killed, stopped and ended, one after the other: clients and operations notice nothing. */
import { deepEqual, equal, match, notEqual } from 'node:assert/strict'
import { describe, it } from 'node:test'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import type { Machine } from './fabric.ts'
import { withoutLan } from './lan.ts'
import { beginServed, controllerSays, masterOf, processOf } from './served.ts'

describe('a fabric of three machines whose master', { skip: withoutLan || withoutEtcd }, () => {
  it('is killed, stopped and ended has another at once, which goes on with what was accepted, and no request fails', async (t) => {
    const { machines, clients, master } = await beginServed(t)
    const [first] = machines

    /** Another one than that is master, and has done what the one before had accepted. */
    async function another(than: Machine, count: number): Promise<Machine> {
      const others = machines.filter((machine) => machine !== than)
      const next = await masterOf(others)
      await until(async () => {
        const { stdout } = await next.reddog('status', '--service', 'hello')
        return stdout.match(/Ready/g)?.length === count && stdout.match(/Web_IN_\d/g)?.length === count
      }, `there are ${count} instances, and they are Ready`)
      await clients.more()
      return next
    }

    async function accepts(count: number): Promise<void> {
      const scaled = await first.reddog('scale', `Web=${count}`, '--service', 'hello', '--no-wait')
      equal(scaled.code, 0, scaled.stderr)
    }

    await clients.more()
    const killed = await master()
    const pid = processOf(killed, 'FabricController')
    await accepts(3)
    process.kill(pid, 'SIGKILL')
    await another(killed, 3)

    const stopped = await master()
    const stoppedPid = processOf(stopped, 'FabricController')
    await accepts(2)
    process.kill(stoppedPid, 'SIGSTOP')
    const next = await another(stopped, 2)
    process.kill(stoppedPid, 'SIGCONT')
    await until(async () => {
      const said = await controllerSays(stopped, first)
      notEqual(said, '204', 'the one that was stopped answers nothing as a master')
      return said === '421' && processOf(stopped, 'FabricController') !== stoppedPid
    }, 'the one that was stopped has ended, and stands by')
    match(stopped.said(), /FabricController ended with exit code 1; started again/)

    await accepts(3)
    process.kill(processOf(next, 'FabricController'), 'SIGTERM')
    await another(next, 3)
    await until(async () => (await controllerSays(next, first)) === '421', 'who was ended stands by')

    deepEqual(clients.faults(), [])
    const { stdout: events } = await first.reddog('events')
    equal(/\b(Lost|Unresponsive|HostLost)\b/.test(events), false, events)
  })
})
