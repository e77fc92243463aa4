/**
 * A machine is cut off, both ways or one: it stops its instances before they start elsewhere, so that none runs twice, and is a machine of the fabric
 * again when it is mended.
 */
import { deepEqual, equal, notEqual } from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { controllerPort, witnessPort } from '../../../src/machine/cluster/ports.ts'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import type { Machine } from './fabric.ts'
import { type Computer, withoutLan } from './lan.ts'
import {
  type Answer,
  answerOf,
  beginServed,
  hostOf,
  isRunningOn,
  masterOf,
  quickTimers,
  type Served,
} from './served.ts'

const timers = [...quickTimers, 'settleTime=300ms', 'hostRecoverBudget=5s']

describe('a machine among three that is cut off', { skip: withoutLan || withoutEtcd }, () => {
  const ends: (() => Promise<void>)[] = []
  let served: Served
  let count = 2
  before(async () => {
    served = await beginServed({ after: (end) => void ends.push(end) }, timers)
  })
  after(async () => {
    for (const end of ends) await end()
  })

  /** One instance more. */
  async function scale(...words: readonly string[]): Promise<void> {
    count += 1
    const scaled = await served.machines[0].reddog('scale', `Web=${count}`, '--service', 'hello', ...words)
    equal(scaled.code, 0, scaled.stderr)
  }

  /** What answers on that machine. */
  async function running(machine: Machine, asked: Machine): Promise<readonly Answer[]> {
    const found: Answer[] = []
    for (const answer of [...served.clients.answers()].flatMap((text) => answerOf(text) ?? []))
      if (await isRunningOn(asked, machine, answer)) found.push(answer)
    return found
  }

  const faults: readonly (readonly [
    what: string,
    whose: 'master' | 'other',
    harm: (computer: Computer) => void,
    mend: (computer: Computer) => void,
  ])[] = [
    ['has lost its cable', 'other', (computer) => computer.unplug(), (computer) => computer.plug()],
    ['is the master and hears nobody', 'master', (computer) => computer.cut('in'), (computer) => computer.mend()],
    ['is the master and nobody hears', 'master', (computer) => computer.cut('out'), (computer) => computer.mend()],
  ]
  for (const [what, whose, harm, mend] of faults)
    it(`and ${what} has stopped its instances when they answer elsewhere, and is in service again when it is mended`, async (t) => {
      const { machines, clients, master } = served
      const standing = await master()
      const cut = whose === 'master' ? standing : (machines.find((machine) => machine !== standing) as Machine)
      while ((await hostOf(standing, cut)).instances.length === 0 || count < machines.length) await scale()
      await clients.more()
      const had = await running(cut, standing)
      notEqual(had.length, 0)
      await scale('--no-wait')
      const before = new Set(clients.answers())

      const beforeMs = clients.lastMs()
      const cutAt = Date.now()
      harm(cut.computer)
      const asked = await masterOf(machines.filter((machine) => machine !== cut))
      if (cut === standing) t.diagnostic(`another was master ${(Date.now() - cutAt) / 1_000} s later`)
      await until(async () => (await hostOf(asked, cut)).state === 'Lost', `${cut.computer.name} is lost`)
      await clients.more()
      const outMs = clients.lastMs()
      for (const { instance } of had)
        await clients.answer((text) => !before.has(text) && text.startsWith(`${instance} `), `${instance} is healed`)
      deepEqual(await running(cut, asked), [], 'it had stopped its own')
      await until(async () => {
        const { stdout } = await asked.reddog('status', '--service', 'hello')
        return stdout.match(/Ready/g)?.length === count
      }, `all ${count} instances are Ready: what was accepted is done`)
      mend(cut.computer)
      await until(async () => (await hostOf(asked, cut)).state === 'InService', 'it is in service again')
      await until(async () => (await cut.reddog('host', 'list')).code === 0, 'its own part of the API answers')
      await clients.more()
      const failed = clients.faults(beforeMs)
      t.diagnostic(`${failed.length} requests failed: ${[...failed.slice(0, 2), ...failed.slice(-2)].join('; ')}`)
      deepEqual(clients.faults(outMs), [], 'none that began when its instances were out of the rotation')
      for (const answer of had) equal(await isRunningOn(asked, cut, answer), false)
    })

  it('stops nothing, nor is it healed, where a filter keeps half of them or more from a master that lives (H-38, H-39)', async () => {
    const { machines, clients, master } = served
    const standing = await master()
    const others = machines.filter((machine) => machine !== standing)
    while (
      (await Promise.all(others.map((one) => hostOf(standing, one)))).some(({ instances }) => instances.length === 0)
    )
      await scale()
    let had: readonly (readonly Answer[])[] = []
    await until(async () => {
      await clients.more()
      had = await Promise.all(others.map((one) => running(one, standing)))
      return had.every((answers) => answers.length > 0)
    }, 'both others answer')
    const before = new Set(clients.answers())
    const stillRun = async () => {
      for (const [place, one] of others.entries())
        for (const answer of had[place] ?? []) equal(await isRunningOn(standing, one, answer), true, answer.instance)
    }

    standing.computer.shut(controllerPort, witnessPort)
    for (const one of others)
      await until(async () => (await hostOf(standing, one)).state === 'Lost', `${one.computer.name} is lost`)
    await until(async () => {
      const { stdout } = await standing.reddog('events')
      return /BrakeOn.*half of all machines or more, .* among them, may run on without this controller/.test(stdout)
    }, 'the fabric says why it heals nothing')
    await clients.more()
    await stillRun()
    const instances = had.flat().map(({ instance }) => `${instance} `)
    const elsewhere = [...clients.answers()].filter(
      (text) => !before.has(text) && instances.some((instance) => text.startsWith(instance)),
    )
    deepEqual(elsewhere, [], 'and none of theirs is started elsewhere')
    standing.computer.mend()
    for (const one of others)
      await until(async () => (await hostOf(standing, one)).state === 'InService', `${one.computer.name} is back`)
    await stillRun()
    await until(async () => (await standing.reddog('events')).stdout.includes('BrakeOff'), 'the brake is off')
  })
})
