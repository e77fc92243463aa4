/** Packages and uploads of a fabric whose machines are lost, the one with the Blob service in use among them. */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import { root } from '../house.ts'
import { beginFabric, type Machine } from './fabric.ts'
import { makeLan, withoutLan } from './lan.ts'

const example = join(root, 'examples/hello-worker')

/** SHA-256 of the packages on the disk of a machine. */
function held({ data }: Machine): readonly string[] {
  const packages = join(data, 'fabric/packages')
  return existsSync(packages) ? readdirSync(packages) : []
}

describe('packages of a fabric of three machines', { skip: withoutLan || withoutEtcd }, () => {
  it("lie on two of them; when the master's is gone, the next master has them, and uploads are possible again", async (t) => {
    const { computers } = await makeLan(t, 3)
    const [first, second, third] = (await beginFabric(computers)) as [Machine, Machine, Machine]
    await until(async () => {
      const { stdout } = await first.reddog('host', 'list', '--json')
      return (JSON.parse(stdout) as { readonly hosts: readonly unknown[] }).hosts.length === 3
    }, 'all hosts have registered')

    // The sign-in of the first machine, as a user would bring it along.
    copyFileSync(join(first.data, 'reddog.publishsettings'), join(third.data, 'reddog.publishsettings'))
    // Uploaded on a machine whose own Blob service is not in use.
    const deployed = await third.reddog('deploy', example, '--service', 'hello')
    assert.equal(deployed.code, 0, deployed.stderr)
    const [sha256 = ''] = held(first)
    assert.equal([first, second, third].filter((machine) => held(machine).includes(sha256)).length, 2)

    const lostAt = Date.now()
    await first.computer.cutPower()
    await until(async () => {
      const again = await third.reddog('deploy', example, '--service', 'again', '--no-start')
      if (again.code !== 0) t.diagnostic(again.stderr)
      return again.code === 0
    }, 'uploads are possible again')
    t.diagnostic(`uploads were possible again ${(Date.now() - lostAt) / 1000} s after the loss`)
    // One that is away still holds it; what counts is that the master has it.
    const { stdout } = await third.reddog('host', 'list')
    const master = /(m[23]) +host, master/.exec(stdout)?.[1] === 'm2' ? second : third
    await until(() => held(master).includes(sha256), 'the master has the package')
  })
})
