import { equal, match } from 'node:assert/strict'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import { beginFabric, joinWords, type Machine, machineOn } from './fabric.ts'
import { type Computer, makeLan, withoutLan } from './lan.ts'

describe('a machine that joins a fabric', { skip: withoutLan || withoutEtcd }, () => {
  const ends: (() => Promise<void>)[] = []
  let first: Machine
  let second: Computer
  let third: Computer
  /** The words by which the second has joined. */
  let used: readonly string[] = []

  before(async () => {
    const { computers } = await makeLan({ after: (end) => void ends.push(end) }, 3)
    ;[first, second, third] = [...(await beginFabric(computers.slice(0, 1))), ...computers.slice(1)] as [
      Machine,
      Computer,
      Computer,
    ]
  })
  after(async () => {
    for (const end of ends) await end()
  })

  /** What `host join` says, of a machine that cannot. */
  async function refused(computer: Computer, words: readonly string[], data = 'refused'): Promise<string> {
    const machine = machineOn(computer, data)
    const { code, stderr } = await machine.reddog(...words)
    equal(code, 1, stderr)
    return stderr.trim()
  }

  it('goes on after an interruption at any moment, by the same command', async () => {
    const words = await joinWords(first)
    used = words
    const machine = machineOn(second)
    // Before it asks, while it asks, while its parts start.
    for (const afterMs of [150, 400, 900, 2_000]) {
      const { child, signal } = machine.start(words)
      await delay(afterMs)
      signal('SIGKILL')
      await until(() => child.exitCode !== null || child.signalCode !== null)
    }
    await machine.begin(words)
    match((await first.reddog('host', 'list')).stdout, /m2 +host +198/)
    machine.signal('SIGTERM')
    equal(await machine.ended(), 0)
    await machine.begin(['up'])
    machine.signal('SIGTERM')
    equal(await machine.ended(), 0)
  })

  it('is refused by a token that another one has used', async () => {
    match(await refused(third, used), /^reddog: The token has been used by the machine m2, and works once\./)
  })

  it('is refused by a token of another fabric, and says nothing there', async () => {
    const [where = '', , file = ''] = (await joinWords(first)).slice(2)
    const foreign = readFileSync(file, 'utf8').replace(/^reddog1\.[0-9a-f]{64}/, `reddog1.${'0'.repeat(64)}`)
    match(await refused(third, ['host', 'join', where, '--token', foreign]), /belongs to another fabric than the token/)
  })

  it('is refused where its networks are taken, and where nobody is', async () => {
    const words = await joinWords(first)
    const { network } = JSON.parse((await first.computer.run('cat', [join(first.data, 'fabric.json')])).stdout) as {
      readonly network: number
    }
    await third.run('ip', ['route', 'add', `10.${network}.5.0/24`, 'dev', 'lo'])
    match(
      await refused(third, [...words, '--machine', 'm5']),
      /something on this computer has one of them. Free it and run the same command again/,
    )
    equal((await first.reddog('host', 'remove', 'm5')).code, 0)
    match(
      await refused(third, ['host', 'join', third.address, ...words.slice(3)]),
      /No controller answers at 198\.51\.100\.3:9443: nothing listens there\./,
    )
  })

  it('is refused under the name of another, and as the copy of another disk', async () => {
    match(
      await refused(third, [...(await joinWords(first)), '--machine', 'm2']),
      /^reddog: A machine of the fabric is called m2 already\. Give another name with --machine/,
    )
    const own = join(third.directory, 'machine-id')
    copyFileSync(join(second.directory, 'machine-id'), own)
    match(
      await refused(third, [...(await joinWords(first)), '--machine', 'm4']),
      /^reddog: The computer has the machine ID of m2: its disk is a copy\./,
    )
  })

  it('stops and says so when it is removed, and does not come up again', async () => {
    const machine = machineOn(second)
    await machine.begin(['up'])
    await until(async () => (await first.reddog('host', 'list')).stdout.includes('m2 '), 'its host is known')
    equal((await first.reddog('host', 'remove', 'm2')).code, 0)
    equal(await machine.ended(), 0)
    match(
      machine.said(),
      /m2 is no machine of the fabric any more: it was removed, or .*"reddog host join 198\.51\.100\.1 --token-file - --data DIR"\..*Reddog is down\./s,
    )
    match((await machine.reddog('up')).stderr, /m2 is no machine of the fabric any more/)
    equal(second.processes('HostAgent').length, 0)
  })
})
