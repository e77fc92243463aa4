import { deepEqual, equal, match } from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import { root } from '../house.ts'
import { beginFabric, type Machine } from './fabric.ts'
import { makeLan, withoutLan } from './lan.ts'

interface Host {
  readonly name: string
  readonly state: string
  readonly instances: readonly string[]
}

async function hosts(machine: Machine): Promise<readonly Host[]> {
  const { stdout } = await machine.reddog('host', 'list', '--json')
  return (JSON.parse(stdout) as { readonly hosts: readonly Host[] }).hosts
}

describe('a fabric of three machines', { skip: withoutLan || withoutEtcd }, () => {
  it('is made by the commands of the guide, runs a service on two of them, and each balancer leads to both', async (t) => {
    const { computers } = await makeLan(t, 3)
    const machines = await beginFabric(computers)
    const [first, , third] = machines as [Machine, Machine, Machine]
    await until(async () => (await hosts(first)).length === 3, 'all hosts have registered')
    const { stdout: list } = await first.reddog('host', 'list')
    match(list, /m1 +host, master/)
    for (const name of ['m2', 'm3']) match(list, new RegExp(`${name} +host, candidate`))

    const deployed = await first.reddog('deploy', join(root, 'examples/hello-worker'), '--service', 'hello')
    equal(deployed.code, 0, deployed.stderr)
    const busy = (await hosts(first)).filter(({ instances }) => instances.length > 0)
    equal(busy.length, 2, 'two instances stand on two machines')
    const url = /http:\/\/127\.\S+/.exec(deployed.stdout)?.[0] ?? ''
    for (const { computer } of [first, third]) {
      const seen = new Set<string>()
      await until(async () => {
        const { stdout } = await computer.run('curl', ['-s', '-m', '5', url])
        if (stdout !== '') seen.add(stdout)
        return seen.size === 2
      }, `both instances answer through the balancer of ${computer.name}`)
    }
    deepEqual(
      machines.map(({ computer }) => computer.processes('etcd').length),
      [1, 1, 1],
    )
  })
})
