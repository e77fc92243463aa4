import { match, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import { root } from '../house.ts'
import { beginFabric, type Machine } from './fabric.ts'
import { makeLan, withoutLan } from './lan.ts'
import type { Space } from './space.ts'

const vips = '198.51.100.100-198.51.100.103'

/** Three machines that run a service with an instance on two of them, and who asks it from outside. */
async function serving(t: TestContext) {
  const { computers, outside } = await makeLan(t, 3)
  const machines = (await beginFabric(computers, '--vip-range', vips)) as [Machine, Machine, Machine]
  const { stdout, stderr } = await machines[0].reddog(
    'deploy',
    join(root, 'examples/hello-worker'),
    '--service',
    'hello',
  )
  const url = /http:\/\/198\.51\.100\.\d+\S*/.exec(stdout)?.[0]
  ok(url, stderr)
  return { machines, outside, url }
}

/** Whether the service answers. */
async function answers(outside: Pick<Space, 'run'>, url: string): Promise<boolean> {
  const { stdout } = await outside.run('curl', ['-s', '-m', '10', url])
  return stdout.startsWith('Hello from a cloud service')
}

describe('a fabric of three machines that loses', { skip: withoutLan || withoutEtcd }, () => {
  it('the power of all: each comes up by itself when the others are there, and runs what it ran', async (t) => {
    const { machines, outside, url } = await serving(t)
    await Promise.all(machines.map(({ computer }) => computer.cutPower()))
    await Promise.all(machines.map(({ computer }) => computer.boot()))
    // A quorum is there with the second.
    const [first, second, third] = machines
    await Promise.all([first.begin(['up']), second.begin(['up'])])
    await third.begin(['up'])
    await until(() => answers(outside, url))
    match((await first.reddog('host', 'list')).stdout, /host, master/)
  })
})
