import { equal, match, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
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

/** Asks all the time; the returned function ends that, and says how many answers there were and were not. */
function load(outside: Pick<Space, 'run'>, url: string) {
  const ending = new AbortController()
  const counts = { answered: 0, failed: 0 }
  const over = (async () => {
    while (!ending.signal.aborted) {
      if (await answers(outside, url)) counts.answered += 1
      else counts.failed += 1
      await delay(20)
    }
  })()
  return async () => {
    ending.abort()
    await over
    return counts
  }
}

/** The machine whose controller is master. */
async function master(machines: readonly Machine[]): Promise<Machine> {
  let found: Machine | undefined
  await until(async () => {
    for (const machine of machines) {
      const ca = join(machine.data, 'authority.pem')
      const tls = ['machine.pem', 'machine.key'].map((name) => join(machine.data, 'trust', name)) as [string, string]
      const path = `https://${machine.computer.address}:9443/master`
      const asked = [
        '-s',
        '-o',
        '/dev/null',
        '-m',
        '2',
        '-w',
        '%{http_code}',
        '--cacert',
        ca,
        '--cert',
        tls[0],
        '--key',
        tls[1],
        path,
      ]
      const { stdout } = await machine.computer.run('curl', asked)
      if (stdout === '204') found = machine
    }
    return found !== undefined
  }, 'one of them is master')
  return found as Machine
}

describe('a fabric of three machines that loses', { skip: withoutLan || withoutEtcd }, () => {
  it('its master, by kill -9, by SIGTERM, and with its machine: another one serves, and the service answers', async (t) => {
    const { machines, outside, url } = await serving(t)
    const killed = await master(machines)
    let end = load(outside, url)
    const [controller] = killed.computer.processes('FabricController')
    process.kill(controller as number, 'SIGKILL')
    await master(machines)
    equal((await end()).failed, 0, 'no request is lost when a controller dies')

    const stopped = await master(machines)
    stopped.signal('SIGTERM')
    const others = machines.filter((machine) => machine !== stopped)
    await master(others)
    equal(await stopped.ended(), 0)
    ok(await answers(outside, url))
    await stopped.begin(['up'])
    await until(() => answers(outside, url))

    const dead = await master(machines)
    await dead.computer.cutPower()
    const left = machines.filter((machine) => machine !== dead)
    await master(left)
    end = load(outside, url)
    await until(() => answers(outside, url))
    ok((await end()).answered > 0)
    await dead.computer.boot()
    await dead.begin(['up'])
    await until(() => answers(outside, url))
  })

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
