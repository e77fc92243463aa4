/** `--accounts` on machines among several: etcd, BlobGate and a portal for others too have accounts of their own. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { chmodSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { hasKeepalived, lackOfKeepalived } from '../../../src/machine/vips/keepalived.ts'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import { root } from '../house.ts'
import { joinWords, type Machine, machineOn } from './fabric.ts'
import { makeLan, withoutLan } from './lan.ts'

const skip = withoutLan || withoutEtcd || (hasKeepalived() ? false : lackOfKeepalived)
const withAccounts = ['etcd', 'Azurite', 'FabricController', 'BlobGate', 'LoadBalancer', 'RDFE', 'Portal']
/** CAP_NET_BIND_SERVICE, number 10. */
const lowPorts = '0000000000000400'
const ofRoot = ['PortHolder', 'VipHolder']

/** A field of /proc/PID/status of every process of that name, each value once. */
function fieldOf({ computer }: Machine, name: string, field: string): readonly string[] {
  const texts = computer.processes(name).map(statusOf)
  return [...new Set(texts.map((text) => new RegExp(`^${field}:\\s*(\\S*)`, 'm').exec(text)?.[1] ?? ''))]
}

/** '' when it has ended meanwhile. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}

async function hosts(machine: Machine): Promise<number> {
  const { stdout } = await machine.reddog('host', 'list', '--json')
  return (JSON.parse(stdout) as { readonly hosts: readonly unknown[] }).hosts.length
}

describe('machines whose parts have accounts of their own', { skip }, () => {
  it('make a fabric, share VIPs, and go on after the end of any part', async (t) => {
    const { computers, outside } = await makeLan(t, 2)
    const [first, second] = computers.map((computer) => machineOn(computer)) as [Machine, Machine]
    chmodSync(dirname(first.computer.directory), 0o755)
    const elsewhere = ['--portal-address', `${first.computer.address}:8442`]
    await first.begin(['up', '--cluster', '--accounts', '--vip-range', '198.51.100.200-198.51.100.209', ...elsewhere])
    await second.begin([...(await joinWords(first, '--controller')), '--accounts'])
    await until(async () => (await hosts(first)) === 2, 'both hosts have registered')

    for (const machine of [first, second]) {
      const uids = withAccounts.flatMap((name) => fieldOf(machine, name, 'Uid').map(Number))
      ok(
        uids.every((uid) => uid > 200_000) &&
          new Set(uids).size === withAccounts.length &&
          uids.length === withAccounts.length,
        uids.join(),
      )
      for (const name of withAccounts)
        deepEqual(fieldOf(machine, name, 'CapBnd'), [name === 'LoadBalancer' ? lowPorts : '0'.repeat(16)], name)
      for (const name of ofRoot) deepEqual(fieldOf(machine, name, 'Uid'), ['0'], name)
    }

    const deployed = await first.reddog('deploy', join(root, 'examples/hello-worker'), '--service', 'hello')
    equal(deployed.code, 0, deployed.stderr)
    const url = /http:\/\/198\.\S+/.exec(deployed.stdout)?.[0] ?? ''
    equal(new URL(url).port, '')
    const serves = async () => (await outside.run('curl', ['-s', '-f', '-m', '5', url])).code === 0
    await until(serves, 'the VIP is reached from elsewhere')
    const portal = await outside.run('curl', ['-s', '-k', '-m', '5', `https://${first.computer.address}:8442/`])
    ok([0, 56].includes(portal.code ?? 1), 'the portal listens for others, and wants a certificate')

    for (const name of withAccounts) {
      const [pids, uid] = [first.computer.processes(name), fieldOf(first, name, 'Uid')]
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      const others = () => first.computer.processes(name).filter((pid) => !pids.includes(pid))
      await until(
        () => others().length > 0 && isDeepStrictEqual(fieldOf(first, name, 'Uid'), uid),
        `${name} runs again`,
      )
      await until(serves, `the service answers after the end of ${name}`)
    }
    await until(
      async () =>
        (await first.reddog('deploy', join(root, 'examples/hello-worker'), '--service', 'again', '--no-start')).code ===
        0,
      'commands are carried out',
    )

    for (const machine of [second, first]) {
      equal((await machine.reddog('down')).code, 0)
      for (const name of withAccounts) deepEqual(machine.computer.processes(name), [], name)
    }
  })
})
