import { equal, ok } from 'node:assert/strict'
import { describe, it } from 'node:test'
import { until } from '../../until.ts'
import { type Computer, makeLan, withoutLan } from './lan.ts'

/** Whether the other one answers within a second: by refusing, since nothing listens there. */
async function reaches(from: Pick<Computer, 'run'>, { address }: Computer): Promise<boolean> {
  const { code } = await from.run('timeout', ['1', 'bash', '-c', `</dev/tcp/${address}/9`])
  return code === 1
}

describe('the segment of several machines that tests make', { skip: withoutLan }, () => {
  it('has computers that reach one another, lose their cable one way or both, lose power and come back', async (t) => {
    const { computers, outside } = await makeLan(t, 2)
    const [one, two] = computers
    ok(one && two)
    equal((await one.run('hostname', [])).stdout.trim(), 'm1')
    equal(await reaches(one, two), true)
    two.unplug()
    equal(await reaches(one, two), false)
    two.plug()
    await until(() => reaches(outside, two))
    two.cut('in')
    equal(await reaches(one, two), false)
    two.mend()
    two.cut('out')
    equal(await reaches(one, two), false)
    two.mend()
    const { child } = two.start('sleep', ['1000'])
    await until(() => two.processes('sleep').length === 2)
    await two.cutPower()
    ok(child.exitCode !== null || child.signalCode !== null)
    await two.boot()
    await until(() => reaches(one, two))
    equal(two.processes('sleep').length, 1)
  })
})
