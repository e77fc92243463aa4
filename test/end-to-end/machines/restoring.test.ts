/** Most candidates are lost for good: a backup on one of them makes it the first of the same fabric, and the others' hosts follow (docs/guide/backup.md). */
import { deepEqual, equal, match, notEqual } from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { machinePaths, type RenewAnswer } from '../../../src/fabric/contract/machines.ts'
import { placesOf } from '../../../src/machine/building/data-directory.ts'
import { filesOfParty, requestsOf, writeCertificates } from '../../../src/machine/building/machine-parties.ts'
import { type ProcessRecord, recordFile } from '../../../src/machine/building/process-record.ts'
import { withoutEtcd } from '../../etcd.ts'
import { until } from '../../until.ts'
import { root } from '../house.ts'
import type { Machine } from './fabric.ts'
import { withoutLan } from './lan.ts'
import { answerOf, beginServed, controllerSays, hosts } from './served.ts'

describe('a fabric of three machines whose store is lost', { skip: withoutLan || withoutEtcd }, () => {
  it('is brought back on one of them, the hosts of all follow, and the service answers throughout', async (t) => {
    const { machines, clients, directory } = await beginServed(t)
    const [first, ...others] = machines
    await clients.more()
    const passphrase = join(first.computer.directory, 'passphrase')
    writeFileSync(passphrase, 'correct horse battery staple\n', { mode: 0o600 })
    const file = join(first.computer.directory, 'fabric.backup')
    const taken = await first.reddog('backup', file, '--passphrase-file', passphrase)
    equal(taken.code, 0, taken.stderr)

    const second = join(first.computer.directory, 'second')
    const words = ['restore', file, '--passphrase-file', passphrase, '--data', second]
    const refused = await first.computer.run(join(root, 'bin/reddog'), words)
    equal(refused.code, 1)
    match(refused.stderr, /The fabric has a master, at https:\/\/198\S+:9443, and with a restore it would have two/)
    equal(existsSync(second), false)

    await renew(others[0], first)

    // All members of etcd lose their data; on the others everything else runs on.
    for (const { computer, data } of machines) {
      const [pid] = computer.processes('etcd')
      process.kill(pid as number, 'SIGSTOP')
      rmSync(join(data, 'etcd'), { recursive: true })
      process.kill(pid as number, 'SIGKILL')
    }
    first.signal('SIGKILL')
    await first.ended()
    for (const name of ['FabricController', 'RDFE', 'Portal', 'PortHolder-Azurite', 'Azurite', 'etcd']) {
      const record = JSON.parse(readFileSync(recordFile(placesOf(first.data), name), 'utf8')) as ProcessRecord
      await first.computer.run('kill', ['-KILL', String(record.identity.pid)])
    }
    const restored = await first.reddog('restore', file, '--passphrase-file', passphrase)
    equal(restored.code, 0, restored.stderr)
    await first.begin(['up'])
    await until(
      async () => (await hosts(first)).filter((host) => 'cores' in host && host.state !== 'Lost').length === 3,
      'the hosts of all machines follow',
    )
    await clients.more()
    const deployed = await first.reddog('deploy', directory, '--service', 'second')
    equal(deployed.code, 0, deployed.stderr)
    deepEqual(clients.faults(), [])
    equal(new Set([...clients.answers()].map((text) => answerOf(text)?.run)).size, 2, 'no instance was started anew')
    const { stdout: list } = await first.reddog('host', 'list')
    match(list, /m1 +host, master/)
    equal(others[0]?.said().includes('is no machine of the fabric any more'), false)
    // Their members belonged to the etcd that is lost: they join again for being candidates.
    for (const other of others) {
      const { name, processes } = other.computer
      match(list, new RegExp(`${name} +host +198`))
      notEqual(await controllerSays(other, first), '204')
      const ofCandidates = ['etcd', 'FabricController', 'RDFE', 'Portal', 'Azurite']
      await until(() => ofCandidates.flatMap(processes).length === 0, `${name} runs no part of a candidate`)
      match(
        other.said(),
        new RegExp(`${name} is a host of the fabric and no candidate any more: .*"reddog host join 198`),
      )
    }
    const [again] = others
    again?.signal('SIGKILL')
    await again?.ended()
    await again?.begin(['up'])
    deepEqual(again?.computer.processes('etcd'), [])
    await clients.more()
    deepEqual(clients.faults(), [])
  })
})

/** A machine gets other certificates, and its host and its `up` show them from now on, as after some weeks. */
async function renew(machine: Machine, master: Machine): Promise<void> {
  const places = placesOf(machine.data)
  const { ca, cert, key } = filesOfParty(places, 'machine')
  const asked = join(machine.computer.directory, 'renew.json')
  writeFileSync(asked, JSON.stringify({ requests: requestsOf(places, ['machine', 'host', 'loadBalancer']) }))
  const { stdout } = await machine.computer.run('curl', [
    '-s',
    '--cacert',
    ca,
    '--cert',
    cert,
    '--key',
    key,
    '--data',
    `@${asked}`,
    `https://${master.computer.address}:9443${machinePaths.renew}`,
  ])
  writeCertificates(places, (JSON.parse(stdout) as RenewAnswer).certificates)
  machine.signal('SIGKILL')
  await machine.ended()
  await machine.begin(['up'])
  for (const pid of machine.computer.processes('HostAgent')) process.kill(pid, 'SIGKILL')
}
