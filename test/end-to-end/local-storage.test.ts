/** A role that writes more than its local storage and TEMP are to hold, on the whole house (H-26, S-31). */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { tryDisk } from '../../src/machine/guest/namespace/disks/trial.ts'
import { guestParts } from '../../tools/left-behind.ts'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { get, makeHouse } from './house.ts'

const withoutNamespaces = rungs.find(({ isolation }) => isolation === 'namespace')?.skip ?? false
const withoutDisks = await tryDisk().then(
  () => false,
  (error: Error) => error.message,
)

/** Writes 150 MB to each, says how that went, and serves. */
const program = `const { writeFileSync } = require('fs')
const { SCRATCH, TEMP } = process.env
const said = [SCRATCH, TEMP].map((path) => {
  try { writeFileSync(path + '/all', Buffer.alloc(150 << 20, 1)); return 'written' } catch ({ code }) { return code }
})
require('http').createServer((_, answer) => answer.end(said.join())).listen(8080)`

const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'

describe('local storage of a service', { skip: withoutNamespaces || withoutDisks }, () => {
  const house = makeHouse('--hosts 1 --fault-domains 1 --timer settleTime=300ms'.split(' '))

  let address: string

  function service(scratchMB: number): string {
    const directory = join(house.data, `service-${scratchMB}`)
    mkdirSync(join(directory, 'Glutton'), { recursive: true })
    writeFileSync(join(directory, 'Glutton/serve.js'), program)
    writeFileSync(
      join(directory, 'ServiceDefinition.csdef'),
      `<ServiceDefinition name="Full" xmlns="${schema}/ServiceDefinition"><WorkerRole name="Glutton" vmsize="Small">
        <Runtime><Environment><Variable name="SCRATCH"><RoleInstanceValue xpath="/RoleEnvironment/CurrentInstance/LocalResources/LocalResource[@name='Scratch']/@path"/></Variable></Environment>
          <EntryPoint><ProgramEntryPoint commandLine="node serve.js" setReadyOnProcessStart="true"/></EntryPoint></Runtime>
        <Endpoints><InputEndpoint name="In" protocol="http" port="80" localPort="8080"/></Endpoints>
        <LocalResources><LocalStorage name="Scratch" sizeInMB="${scratchMB}"/><LocalStorage name="Small" sizeInMB="1"/></LocalResources></WorkerRole></ServiceDefinition>`,
    )
    writeFileSync(
      join(directory, 'ServiceConfiguration.cscfg'),
      `<ServiceConfiguration serviceName="Full" xmlns="${schema}/ServiceConfiguration"><Role name="Glutton"><Instances count="1"/></Role></ServiceConfiguration>`,
    )
    return directory
  }

  before(() => house.up('--policy', 'relaxed2011'))
  after(() => house.dispose())

  it('refuses what is beyond its size; the role serves on, and its details name what is full', async () => {
    const deployed = await house.reddog('deploy', service(10), '--service', 'full', '--json')
    assert.equal(deployed.code, 0, deployed.stderr)
    address = (JSON.parse(deployed.stdout) as { addresses: readonly [string] }).addresses[0]
    assert.equal(await get(address), 'ENOSPC,ENOSPC')
    let stdout = ''
    await until(async () => {
      stdout = (await house.reddog('status', '--service', 'full')).stdout
      return ['Scratch is full: what is beyond its 10 MB', 'TEMP is full: what is beyond its 100 MB'].every((words) =>
        stdout.includes(words),
      )
    }, 'the details name both')
    assert.doesNotMatch(stdout, /storage Small/, 'what is small is not full for that')
  })

  it('takes more when an upgrade has given it more, at the latest after a reboot', async () => {
    const upgraded = await house.reddog('upgrade', service(200), '--service', 'full')
    assert.equal(upgraded.code, 0, upgraded.stderr)
    const rebooted = await house.reddog('instance', 'reboot', 'Glutton_IN_0', '--service', 'full')
    assert.equal(rebooted.code, 0, rebooted.stderr)
    await until(async () => (await get(address).catch(() => '')) === 'written,ENOSPC', 'what was refused is written')
  })

  it('leaves no loop device when all of the house is killed at once', async () => {
    const ours = () => guestParts().filter((part) => part.includes('.Glutton.') && part.startsWith('loop device'))
    assert.ok(ours().length > 0)
    const all = ['reddog', 'HostAgent', 'FabricController', 'bwrap', 'WaAppAgent'].flatMap((title) =>
      house.processes(title),
    )
    for (const pid of all) process.kill(pid, 'SIGKILL')
    await until(() => ours().length === 0, 'the loop devices are gone')
    assert.ok(!readFileSync('/proc/self/mounts', 'utf8').includes(house.data))
  })
})
