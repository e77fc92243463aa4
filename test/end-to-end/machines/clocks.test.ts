/**
 * Machines whose clocks differ, and are set while they run: nobody is lost by it, and certificates are renewed in time. The members of etcd keep the
 * kernel's clock (wall-clock.ts).
 */
import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { machinePaths } from '../../../src/fabric/contract/machines.ts'
import { placesOf } from '../../../src/machine/building/data-directory.ts'
import { filesOfParty } from '../../../src/machine/building/machine-parties.ts'
import { certificateMarks } from '../../../src/machine/certificates/fingerprint.ts'
import { controllerPort, witnessPort } from '../../../src/machine/cluster/ports.ts'
import type { TlsFiles } from '../../../src/machine/http/tls.ts'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import type { Machine } from './fabric.ts'
import { withoutLan } from './lan.ts'
import {
  answerOf,
  answerTo,
  beginServed,
  controllerSays,
  hosts,
  masterOf,
  processOf,
  quickTimers,
  type Served,
} from './served.ts'
import { giveWallClock, type WallClock, withoutWallClock } from './wall-clock.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** The first machine's clock is right, as far as the day goes. */
const skews = [0, 5 * minute, -5 * minute] as const

/** Days after which a certificate is renewed, and some more. */
const renewalDays = 22

/** The first certificates have ended then. */
const laterDays = 350

/** The certificates are due by then, and valid. */
const aheadDays = 25

/** A clock of a machine whose battery is empty, or that was set by hand. */
const years = 3

/** So many answers take longer than the heartbeat of a guest that is held while its clock is set: the next ones are to come by themselves. */
const heartbeats = 2_500

describe('a fabric of three machines whose clocks', { skip: withoutLan || withoutEtcd || withoutWallClock }, () => {
  const ends: (() => Promise<void>)[] = []
  const clocks: WallClock[] = []
  let served: Served
  let count = 2

  /** All are so many days behind or ahead, and stay apart by as much as before. */
  function setDay(days: number): void {
    for (const [at, clock] of clocks.entries()) clock.set(days * day + (skews[at] ?? 0))
  }

  before(async () => {
    const timers = [...quickTimers, 'settleTime=300ms', 'hostRecoverBudget=5s']
    served = await beginServed({ after: (end) => void ends.push(end) }, timers, async ({ computers }) => {
      for (const computer of computers) clocks.push(await giveWallClock(computer))
      // So that the certificates which etcd sees are valid for its clock too, before and after they are renewed.
      setDay(-renewalDays)
      return []
    })
  })
  after(async () => {
    for (const end of ends) await end()
  })

  /** One instance more is Ready, or one less is there; nobody is lost, and no request has failed. */
  async function goesOn(): Promise<void> {
    const { machines, clients } = served
    const [first] = machines
    count = count === 3 ? 2 : 3
    const scaled = await first.reddog('scale', `Web=${count}`, '--service', 'hello')
    equal(scaled.code, 0, scaled.stderr)
    await clients.more()
    deepEqual(
      (await hosts(first)).map(({ state }) => state),
      machines.map(() => 'InService'),
    )
    const { stdout: events } = await first.reddog('events')
    equal(/\b(Lost|Unresponsive|HostLost)\b/.test(events), false, events)
    deepEqual(clients.faults(), [])
  }

  /** The master's controller ends, and another one's is master. */
  async function changeMaster(): Promise<void> {
    const { machines, master } = served
    const former = await master()
    process.kill(processOf(former, 'FabricController'), 'SIGTERM')
    const others = machines.filter((machine) => machine !== former) as [Machine, Machine]
    await masterOf(others)
    await until(async () => (await controllerSays(former, others[0])) === '421', 'the former one stands by')
  }

  /** By how many seconds the clock of a machine's controller is off. */
  async function offsetOf(machine: Machine): Promise<number> {
    const own = filesOfParty(placesOf(machine.data), 'machine')
    const said = await answerTo(machine, own, machine, machinePaths.master, '%header{date}')
    return (Date.parse(said) - Date.now()) / 1_000
  }

  it('differ by minutes join, serve, and are master one after the other', async () => {
    const { machines, master } = served
    for (const [at, machine] of machines.entries()) {
      const wanted = -renewalDays * day + (skews[at] ?? 0)
      const found = await offsetOf(machine)
      ok(Math.abs(found - wanted) < minute, `${machine.computer.name} is off by ${found} s, not ${wanted} s`)
    }
    const met = new Set([await master()])
    while (met.size < machines.length) {
      await changeMaster()
      met.add(await master())
      await goesOn()
    }
  })

  it('are years ahead at the master, and back again: another is master meanwhile, and nobody is removed', async () => {
    const { machines, master } = served
    const standing = await master()
    const others = machines.filter((machine) => machine !== standing)
    const clock = clocks[machines.indexOf(standing)] as WallClock
    clock.set(years * 365 * day)
    await masterOf(others)
    // By a connection that it has kept it hears the master's clock.
    const words = /^The (fabric does not answer .* Compare the clocks|clock of .* one of them is wrong)/m
    await until(() => words.test(standing.said()), 'it says why')
    setDay(-renewalDays)
    await goesOn()
    match(
      readFileSync(join(placesOf(standing.data).logs, 'FabricController.log'), 'utf8'),
      /its own certificate is valid from .* it cannot be master\. Set the clock\./,
    )
    for (const machine of machines) doesNotMatch(machine.said(), /no machine of the fabric any more/)
  })

  it('are weeks ahead at one that is no master, and back again: it has no use for certificates of another time, and stays a machine', async () => {
    const { machines, master } = served
    const standing = await master()
    const ahead = machines.findIndex((machine) => machine !== standing)
    const machine = machines[ahead] as Machine
    const clock = clocks[ahead] as WallClock
    const before = machine.said().length
    clock.set((aheadDays - renewalDays) * day)
    await until(() => /^The clock of .* one of them is wrong/m.test(machine.said().slice(before)), 'it says why')
    const former = kept(machine)
    await served.clients.more()
    deepEqual(kept(machine), former)
    setDay(-renewalDays)
    await goesOn()
    doesNotMatch(machine.said(), /no machine of the fabric any more/)
  })

  it('are set to a later day renew their certificates by themselves, while each is set by an hour and a role takes its time to stop', async () => {
    const { machines, clients } = served
    const former = await shown()
    for (const machine of machines) cpSync(placesOf(machine.data).trust, oldTrust(machine), { recursive: true })
    const slow = await beginSlowStop()
    setDay(0)
    for (const [at, clock] of clocks.entries()) {
      await goesOn()
      clock.set(hour + (skews[at] ?? 0))
    }
    await goesOn()
    setDay(0)
    await clients.more(heartbeats)
    await goesOn()
    await slow.end()
    await until(async () => {
      const now = await shown()
      return now.every((serial, at) => serial !== '' && serial !== former[at])
    }, 'all that serves others shows a new certificate')
    deepEqual(await shown(), machines.flatMap(kept))
  })

  it('are past the end of the first certificates go on with those of later', async () => {
    const { machines, directory } = served
    const [first, , third] = machines
    setDay(laterDays)
    equal(await answerTo(third, oldFiles(third), first, machinePaths.machines), '401', 'they have ended')
    await goesOn()
    await changeMaster()
    await goesOn()
    const upgraded = await first.reddog('upgrade', directory, '--service', 'hello')
    equal(upgraded.code, 0, upgraded.stderr)
    await goesOn()
    equal(new Set([...served.clients.answers()].map((text) => answerOf(text)?.run)).size > 2, true)
  })

  it('are set back believe a certificate of before as long as its machine is one of the fabric', async () => {
    const { machines, clients, master } = served
    const [first, ...others] = machines
    setDay(0)
    await clients.more(heartbeats)
    await goesOn()
    const asked = await master()
    const gone = others.find((machine) => machine !== asked) as Machine
    const current = filesOfParty(placesOf(gone.data), 'machine')
    for (const files of [oldFiles(gone), current])
      equal(await answerTo(gone, files, asked, machinePaths.machines), '200')
    const removed = await first.reddog('host', 'remove', gone.computer.name, '--force')
    equal(removed.code, 0, removed.stderr)
    for (const files of [oldFiles(gone), current])
      equal(await answerTo(gone, files, asked, machinePaths.machines), '403')
  })

  /** A role begins to stop that has five minutes for it; `end` lets it, and fails when it was ended before. */
  async function beginSlowStop(): Promise<{ end(): Promise<void> }> {
    const { lan, machines, directory } = served
    const [first] = machines
    const slow = join(first.computer.directory, 'slow')
    cpSync(directory, slow, { recursive: true })
    writeFileSync(join(slow, 'Web/server.cjs'), stopsWhenAsked)
    const configuration = join(slow, 'ServiceConfiguration.cscfg')
    writeFileSync(configuration, readFileSync(configuration, 'utf8').replace('count="2"', 'count="1"'))
    const deployed = await first.reddog('deploy', slow, '--service', 'slow')
    equal(deployed.code, 0, deployed.stderr)
    const url = /http:\/\/198\.51\.100\.\d+/.exec(deployed.stdout)?.[0] ?? ''
    const { stdout: address } = await lan.outside.run('curl', ['-s', '-m', '5', url])
    const suspended = await first.reddog('suspend', '--service', 'slow', '--no-wait')
    equal(suspended.code, 0, suspended.stderr)
    const ask = (path: string) => first.computer.run('curl', ['-s', '-m', '5', `http://${address}:8080${path}`])
    await until(async () => (await ask('/')).stdout === 'stopping', 'it was told to stop')
    return {
      async end() {
        equal((await ask('/')).stdout, 'stopping', 'it still has time')
        await ask('/end')
        const status = async () => (await first.reddog('status', '--service', 'slow')).stdout
        await until(async () => (await status()).includes('StoppedVM'), 'it has stopped')
      },
    }
  }

  /** Serial numbers of the certificates that controllers and Host Agents show to whoever connects. */
  async function shown(): Promise<readonly string[]> {
    const [asking] = served.machines
    const found: string[] = []
    for (const { computer } of served.machines)
      for (const port of [controllerPort, witnessPort]) {
        const script = `openssl s_client -connect ${computer.address}:${port} </dev/null 2>/dev/null | openssl x509 -noout -serial`
        found.push((await asking.computer.run('sh', ['-c', script])).stdout.trim().replace('serial=', ''))
      }
    return found
  }
})

/** The program of a role that says where it is, and does not end before it is asked to. */
const stopsWhenAsked = `let text = process.env.ADDRESS
process.on('SIGTERM', () => (text = 'stopping'))
require('node:http').createServer((request, response) => {
  if (request.url === '/end') response.on('finish', () => process.exit(0))
  response.end(text)
}).listen(8080, process.env.ADDRESS)
`

/** Those of the certificates in the data directory. */
function kept({ data }: Machine): readonly string[] {
  return (['controller', 'host'] as const).map((party) => serialOf(filesOfParty(placesOf(data), party).cert))
}

function serialOf(file: string): string {
  return certificateMarks(readFileSync(file, 'utf8')).serial
}

/** Where the machine's first certificates are put by. */
function oldTrust({ computer }: Machine): string {
  return join(computer.directory, 'old')
}

function oldFiles(machine: Machine): TlsFiles {
  const { ca, cert, key } = filesOfParty(placesOf(machine.data), 'machine')
  return { ca, cert: join(oldTrust(machine), basename(cert)), key }
}
