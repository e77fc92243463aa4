/** A disk that fills up: nothing that was accepted is lost, roles serve on, and room brings everything back. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type FabricRecord, placesOf, readRecord } from '../../src/machine/building/data-directory.ts'
import { leftOf } from '../host/left-of.ts'
import { until } from '../until.ts'
import { get, type House, makeHouse, root } from './house.ts'

/** A disk that the platform fits on, with little to spare. */
const diskMB = 24

/** A process that was stopped for longer than a second notices that (H-37). */
const noticedMs = 2_000

const asRoot = process.getuid?.() === 0

/** Starts the house on a disk of its own. */
async function upOn(house: House, sizeMB: number): Promise<void> {
  mountAt(house.data, sizeMB)
  await house.up()
}

function mountAt(directory: string, sizeMB: number): void {
  mkdirSync(directory, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMB}m,mode=755`, 'tmpfs', directory])
}

async function endOf(house: House, ...disks: readonly string[]): Promise<void> {
  await house.end('SIGTERM')
  for (const disk of [...disks, house.data]) execFileSync('umount', [disk])
  await house.dispose()
}

describe('a full disk', { skip: asRoot ? false : 'it needs root to mount a small disk' }, () => {
  const house = makeHouse(['--timer', 'recycleDelays=0,500ms'])
  const ofHost = join(house.data, 'hosts/host1')
  let address: string

  /** Until the answer is called there is no room. */
  function filled(disk: string): () => void {
    const filler = join(disk, 'filler')
    assert.throws(() => appendFileSync(filler, Buffer.alloc(2 * diskMB * 1024 * 1024)), { code: 'ENOSPC' })
    return () => rmSync(filler)
  }

  /** Ends the guests of all hosts: each is to be started again. */
  function endGuests(): readonly number[] {
    const guests = house.processes('WaAppAgent')
    for (const guest of guests) process.kill(guest, 'SIGKILL')
    return guests
  }

  const status = async () => (await house.reddog('status', '--service', 'hello')).stdout

  async function goesOnByItself(ended: readonly number[]): Promise<void> {
    await until(async () => {
      const guests = house.processes('WaAppAgent')
      const said = await status()
      const areNew = guests.length === ended.length && guests.every((guest) => !ended.includes(guest))
      return areNew && !/can store nothing/.test(said) && said.match(/ReadyRole/g)?.length === ended.length
    }, 'all run and are Ready again')
    await until(async () => (await get(address).catch(() => '')).startsWith('Hello from a'), 'the service answers')
    assert.doesNotMatch(house.said(), /(FabricController|HostAgent)\S* ended/)
  }

  before(async () => {
    mountAt(house.data, diskMB)
    mountAt(ofHost, diskMB)
    await house.up()
  })
  after(() => endOf(house, ofHost))

  it('of the fabric refuses with a sentence, lets roles serve, and is over when there is room', async () => {
    const deployed = await house.reddog('deploy', join(root, 'examples/hello-worker'), '--service', 'hello', '--json')
    assert.equal(deployed.code, 0, deployed.stderr)
    address = (JSON.parse(deployed.stdout) as { addresses: readonly string[] }).addresses[0] as string

    const makeRoom = filled(house.data)
    const refused = await house.reddog('service', 'create', 'another')
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /^reddog: .*\n$/, 'one sentence')
    // A member may have said the same before, of itself: room that is made by then, `up` never tells of.
    await until(() => house.said().includes(`${house.data}: The disk is full. Make room`), 'up says what is wrong')
    assert.match(await get(address), /^Hello from a cloud service/)

    const ended = endGuests()
    makeRoom()
    await until(() => /There is room again\./.test(house.said()), 'up says that it is over')
    await until(
      async () => (await house.reddog('service', 'create', 'another')).code === 0,
      'requests are accepted again',
    )
    const { stdout } = await house.reddog('service', 'list', '--json')
    assert.match(stdout, /"hello"/)
    await goesOnByItself(ended)
  })

  it('of one host is said by its instances, while its agent goes on; what was due is done when there is room (F-28)', async () => {
    const makeRoom = filled(ofHost)
    const ended = endGuests()
    await until(
      async () => /Its host can store nothing, .*: The disk is full\./.test(await status()),
      'its instances say what is wrong',
    )
    makeRoom()
    await goesOnByItself(ended)
  })

  it('of one host leaves its agent heard, though that was stopped for a while beside a guest that stops (F-28, H-37)', async () => {
    const guestAgents = house.processes('WindowsAzureGuestAgent')
    for (const one of guestAgents) process.kill(one, 'SIGSTOP')
    const suspended = await house.reddog('suspend', '--service', 'hello', '--no-wait')
    assert.equal(suspended.code, 0, suspended.stderr)
    await until(async () => (await status()).match(/Stopping/g)?.length === 2, 'both are to stop')
    const makeRoom = filled(ofHost)
    const agent = house.member('HostAgent-host1') as number
    process.kill(agent, 'SIGSTOP')
    const goesOnAt = Date.now() + noticedMs
    await until(() => Date.now() > goesOnAt, 'it stands still long enough to notice')
    process.kill(agent, 'SIGCONT')
    try {
      await until(async () => {
        // A file that somebody removed meanwhile makes room, in which the agent may have stored what it was told: it is told something else.
        filled(ofHost)
        for (const verb of ['suspend', 'resume']) {
          const { code, stderr } = await house.reddog(verb, '--service', 'hello', '--no-wait')
          assert.equal(code, 0, stderr)
        }
        return /can store nothing/.test(await status())
      }, 'it says why it cannot go on')
    } finally {
      makeRoom()
      for (const one of guestAgents) process.kill(one, 'SIGCONT')
    }
    await goesOnByItself([0, 0])
  })
})

describe('a full disk of a host', { skip: asRoot ? false : 'it needs root to mount a small disk' }, () => {
  const house = makeHouse(['--hosts', '1', '--timer', 'heartbeatInterval=200ms'])
  const ofHost = join(house.data, 'hosts/host1')

  before(async () => {
    mountAt(ofHost, diskMB)
    await house.up()
  })
  after(async () => {
    rmSync(join(ofHost, 'filler'), { force: true })
    await house.end('SIGTERM')
    execFileSync('umount', [ofHost])
    await house.dispose()
  })

  it('does not keep the fabric from an end, with nothing of its guests left (F-28)', async () => {
    const { code, stderr } = await house.reddog('deploy', join(root, 'examples/hello-worker'), '--service', 'hello')
    assert.equal(code, 0, stderr)
    assert.notDeepEqual(house.processes('WaAppAgent'), [])
    assert.throws(() => appendFileSync(join(ofHost, 'filler'), Buffer.alloc(2 * diskMB * 1024 * 1024)), {
      code: 'ENOSPC',
    })
    assert.equal(await house.end('SIGINT'), 0)
    assert.deepEqual(['WaAppAgent', 'WaHostBootstrapper', 'node'].flatMap(house.processes), [])
    const log = readFileSync(join(house.data, 'logs/HostAgent-host1.log'), 'utf8')
    assert.match(log, /its guests did not stop in order: The disk is full\./)
    const { network } = readRecord(placesOf(house.data)) as FabricRecord
    assert.deepEqual(leftOf(network), [])
  })
})

/** The first time that it runs it fills its local storage: most of the disk at once, and then 10 MB a second until there is no room. */
const glutton = `const { existsSync, writeFileSync, appendFileSync } = require('fs')
if (!existsSync('once')) {
  writeFileSync('once', '')
  const all = process.env.SCRATCH + '/all'
  writeFileSync(all, Buffer.alloc(480 << 20, 1))
  setInterval(() => { try { appendFileSync(all, Buffer.alloc(1 << 20, 1)) } catch {} }, 100)
}
require('http').createServer((_, answer) => answer.end('here')).listen(8080)`

describe('a role that fills the disk of its host', { skip: asRoot ? false : 'it needs root to mount a disk' }, () => {
  // In namespaces the kernel refuses root's guests what is beyond their size (local-storage.test.ts).
  const house = makeHouse('--isolation process --hosts 1 --fault-domains 1 --timer settleTime=300ms'.split(' '))
  const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'
  const value = (name: string, of: string) =>
    `<Variable name="${name}"><RoleInstanceValue xpath="/RoleEnvironment/CurrentInstance/LocalResources/LocalResource[@name='${of}']/@path"/></Variable>`
  const roles = ['Neighbour', 'Glutton'] as const

  function service(): string {
    const directory = join(house.data, 'service')
    for (const role of roles) {
      mkdirSync(join(directory, role), { recursive: true })
      const program =
        role === 'Glutton' ? glutton : "require('http').createServer((_, a) => a.end('here')).listen(8080)"
      writeFileSync(join(directory, role, 'serve.js'), program)
    }
    const worker = (name: string) => `<WorkerRole name="${name}" vmsize="Small">
      <Runtime><Environment>${value('SCRATCH', 'Scratch')}</Environment>
        <EntryPoint><ProgramEntryPoint commandLine="node serve.js" setReadyOnProcessStart="true"/></EntryPoint></Runtime>
      <LocalResources><LocalStorage name="Scratch" sizeInMB="10"/></LocalResources></WorkerRole>`
    writeFileSync(
      join(directory, 'ServiceDefinition.csdef'),
      `<ServiceDefinition name="Full" xmlns="${schema}/ServiceDefinition">${roles.map(worker).join('')}</ServiceDefinition>`,
    )
    writeFileSync(
      join(directory, 'ServiceConfiguration.cscfg'),
      `<ServiceConfiguration serviceName="Full" xmlns="${schema}/ServiceConfiguration">${roles.map((role) => `<Role name="${role}"><Instances count="1"/></Role>`).join('')}</ServiceConfiguration>`,
    )
    return directory
  }

  before(() => upOn(house, 640))
  after(() => endOf(house))

  it('is stopped before its neighbours find no room, says why, and starts with its local storage emptied', async () => {
    const deployed = await house.reddog('deploy', service(), '--service', 'full', '--no-wait')
    assert.equal(deployed.code, 0, deployed.stderr)
    const events = async () => (await house.reddog('events', '--service', 'full')).stdout
    await until(
      async () =>
        /Glutton_IN_0 .*the disk of the host is nearly full, and the drives of this instance hold \d+ MB/.test(
          await events(),
        ),
      'the events say why',
    )
    await until(async () => {
      const { stdout } = await house.reddog('status', '--service', 'full')
      return roles.every((role) => new RegExp(`${role}_IN_0 .*ReadyRole`).test(stdout))
    }, 'both are Ready')
    const { bavail, bsize } = statfsSync(house.data)
    assert.ok(bavail * bsize > 400 * 1024 * 1024, 'there is room again')
    assert.doesNotMatch(await events(), /Neighbour_IN_0 .*(Failed|Cycling|Restarting)/)
  })
})
