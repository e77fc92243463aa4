/** Reddog itself is upgraded, one machine after the other, as the guide says, and one goes back (docs/decisions/releases.md). */
import { deepEqual, equal } from 'node:assert/strict'
import { cpSync, globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { contractVersion, version } from '../../../src/kernel/version.ts'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import { root } from '../house.ts'
import { type Machine, machineOn } from './fabric.ts'
import { withoutLan } from './lan.ts'
import { answerOf, beginServed } from './served.ts'

const nextVersion = '99.0.0'

/** This release with the version and the contract of the next one. */
function nextRelease(directory: string): string {
  const tree = join(directory, 'next')
  mkdirSync(tree)
  for (const part of ['bin', 'dist']) cpSync(join(root, part), join(tree, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'))
  for (const file of globSync('dist/*.mjs', { cwd: tree })) {
    const text = readFileSync(join(tree, file), 'utf8')
    const next = text
      .replaceAll(`var version = "${version}"`, `var version = "${nextVersion}"`)
      .replaceAll(`var contractVersion = ${contractVersion};`, `var contractVersion = ${contractVersion + 1};`)
    if (next !== text) writeFileSync(join(tree, file), next)
  }
  return tree
}

/** The programs of the tree take over, as the guide says. */
async function upgraded(machine: Machine, tree: string): Promise<void> {
  await machineOn(machine.computer, 'data', tree).begin(['up', '--take-over'])
}

/** Dies in the midst of it: some parts are the tree's then, some are not. */
async function interrupted({ computer }: Machine, tree: string): Promise<void> {
  const machine = machineOn(computer, 'data', tree)
  machine.start(['up', '--take-over'])
  await until(() => machine.said().includes('VipHolder is up'), 'the tree has some parts')
  machine.signal('SIGKILL')
  await machine.ended()
  equal(machine.said().includes('LoadBalancer is up'), false)
}

/** As where the machine itself is to be serviced too: drained before, and given back. */
async function upgradedDrained(machine: Machine, tree: string, asked: Machine, vip: string): Promise<void> {
  const { computer } = machine
  const drained = await asked.reddog('host', 'drain', computer.name)
  equal(drained.code, 0, drained.stderr)
  const link = async () => (await computer.run('ip', ['-br', 'address', 'show', 'eth0'])).stdout
  await until(async () => !(await link()).includes(vip), `the VIPs have left ${computer.name}`)
  await upgraded(machine, tree)
  const back = await asked.reddog('host', 'drain', computer.name, '--end')
  equal(back.code, 0, back.stderr)
}

async function versions(asked: Machine): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await asked.reddog('host', 'list', '--json')
  const { hosts } = JSON.parse(stdout) as {
    readonly hosts: readonly { readonly name: string; readonly version: string }[]
  }
  return Object.fromEntries(hosts.map(({ name, version: its }) => [name, its]))
}

describe('a fabric of three machines that is upgraded itself', { skip: withoutLan || withoutEtcd }, () => {
  it('goes from one release to the next and back, machine by machine, also where that is interrupted, takes deployments in between, and loses no request', async (t) => {
    const { machines, clients, vip, directory } = await beginServed(t, ['settleTime=300ms'])
    const [first, second, third] = machines
    const next = nextRelease(first.computer.directory)
    await clients.more()
    await upgradedDrained(third, next, first, vip)
    await until(async () => (await versions(first))['m3'] === nextVersion, 'the master knows the version of m3')
    const between = await first.reddog('deploy', directory, '--service', 'between')
    equal(between.code, 0, between.stderr)
    await upgraded(second, next)
    await interrupted(first, next)
    await upgraded(first, next)
    const all = { m1: nextVersion, m2: nextVersion, m3: nextVersion }
    await until(async () => JSON.stringify(await versions(first)) === JSON.stringify(all), 'all have the next release')
    await upgraded(second, root)
    await until(async () => (await versions(first))['m2'] === version, 'm2 has gone back')
    const after = await first.reddog('deploy', directory, '--service', 'after')
    equal(after.code, 0, after.stderr)
    await clients.more()
    deepEqual(clients.faults(), [])
    equal(
      [...clients.answers()].every((text) => answerOf(text) !== undefined),
      true,
    )
  })
})
