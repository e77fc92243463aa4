/** A machine is removed while it runs: nobody believes it any more, and what it did is done elsewhere. */
import { deepEqual, equal, match } from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { machinePaths } from '../../../src/fabric/contract/machines.ts'
import { placesOf } from '../../../src/machine/building/data-directory.ts'
import { etcdRevocationsFile, filesOfParty } from '../../../src/machine/building/machine-parties.ts'
import type { TlsFiles } from '../../../src/machine/http/tls.ts'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import { root } from '../house.ts'
import { beginFabric, joinWords, type Machine, machineOn } from './fabric.ts'
import { makeLan, withoutLan } from './lan.ts'
import { quickTimers } from './served.ts'

/** Certificates of a machine that was removed are worth nothing after it (issue 13). */
const worthlessAfterMs = 5_000

interface Listed {
  readonly hosts: readonly { readonly name: string; readonly instances: readonly string[] }[]
  readonly leaving: readonly string[]
}

async function list(machine: Machine): Promise<Listed> {
  const { stdout } = await machine.reddog('host', 'list', '--json')
  return JSON.parse(stdout) as Listed
}

/** Status of an answer to a certificate of the machine; 000: not even a handshake. */
async function statusOf({ computer }: Machine, { ca, cert, key }: TlsFiles, url: string): Promise<string> {
  const words = ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--cacert', ca, '--cert', cert, '--key', key, url]
  return (await computer.run('curl', words)).stdout
}

describe('a machine that is removed', { skip: withoutLan || withoutEtcd }, () => {
  it('is believed by no master and no etcd, its member goes, and its role instances start elsewhere', async (t) => {
    const { computers } = await makeLan(t, 3)
    const timers = quickTimers.flatMap((timer) => ['--timer', timer])
    const [first] = (await beginFabric(computers.slice(0, 1), ...timers)) as [Machine]
    const [second, third] = computers.slice(1).map((computer) => machineOn(computer)) as [Machine, Machine]
    for (const machine of [second, third]) await machine.begin([...(await joinWords(first, '--controller')), ...timers])
    const registered = async () => (await list(first)).hosts.filter((host) => 'cores' in host).length
    await until(async () => (await registered()) === 3, 'all hosts have registered')
    const deployed = await first.reddog('deploy', join(root, 'examples/hello-worker'), '--service', 'hello')
    equal(deployed.code, 0, deployed.stderr)

    const { hosts } = await list(first)
    const leaves = hosts.find(({ name, instances }) => name !== 'm1' && instances.length > 0)?.name
    const [gone, stays] = leaves === 'm2' ? [second, third] : [third, second]
    const { name } = gone.computer
    const places = placesOf(gone.data)
    const master = `https://${first.computer.address}:9443${machinePaths.machines}`
    const store = `https://${stays.computer.address}:2379/health`
    equal(await statusOf(gone, filesOfParty(places, 'machine'), master), '200')
    equal(await statusOf(gone, filesOfParty(places, 'etcd'), store), '200')
    match((await first.reddog('host', 'remove', name)).stderr, /answers, and has 1 role instance/)

    // What is left there are its parts: nobody stops them in good order.
    gone.signal('SIGKILL')
    await gone.ended()
    const removed = await first.reddog('host', 'remove', name, '--force')
    equal(removed.code, 0, removed.stderr)
    for (const party of ['machine', 'host', 'loadBalancer', 'controller', 'frontEnd'] as const)
      equal(await statusOf(gone, filesOfParty(places, party), master), '403', party)
    await until(
      async () => (await statusOf(gone, filesOfParty(places, 'etcd'), store)) === '000',
      `etcd refuses ${name}, by ${etcdRevocationsFile(placesOf(stays.data))}`,
      worthlessAfterMs,
    )
    await until(async () => (await list(first)).leaving.length === 0, 'its member of etcd is gone')
    await until(async () => {
      const left = (await list(first)).hosts
      return left.length === 2 && left.flatMap(({ instances }) => instances).length === 2
    }, 'its role instances stand elsewhere')
    deepEqual(gone.computer.processes('WaWorkerHost'), [], 'its own have ended before')
    const ready = async () => (await first.reddog('status')).stdout.match(/ReadyRole/g)?.length ?? 0
    await until(async () => (await ready()) === 2, 'both are Ready')
  })
})
