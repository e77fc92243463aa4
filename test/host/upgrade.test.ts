/** A Host Agent and its real guests, beside a scripted controller: a new version is prepared, taken, rolled back (U-9, U-65, design.md 9.8). */
import assert from 'node:assert/strict'
import { randomInt, randomUUID } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { InstanceReport } from '../../src/host/contract/report.ts'
import { signalProcess } from '../../src/machine/process.ts'
import { copyPrograms } from '../guest/programs.ts'
import { until } from '../until.ts'
import { goalWith, guestWith, key } from './goals.ts'
import { type HostSetting, hostSetting } from './host-process.ts'

const roles = `<WorkerRole name="Worker"><Runtime><Environment><Variable name="PORT" value="8080"/></Environment>
  <EntryPoint><ProgramEntryPoint commandLine="node server.js" setReadyOnProcessStart="true"/></EntryPoint></Runtime></WorkerRole>`

/** A server that says its version, and ends at once when it is told to. */
const version = (name: string) => ({
  'Worker/server.js': `require('node:http').createServer((_, response) => response.end('${name}')).listen(process.env.PORT)
    process.on('SIGTERM', () => process.exit())`,
})

/** Of this run alone: addresses and directories come from them. */
const containerId = randomUUID()
const address = `127.${randomInt(16, 250)}.${randomInt(1, 250)}.9`

let programs = ''
let host: HostSetting
let one = ''
let two = ''

before(async () => {
  programs = copyPrograms()
  // Guests have accounts of their own as root.
  chmodSync(programs, 0o755)
})
after(() => rmSync(programs, { recursive: true, force: true }))
beforeEach(async () => {
  host = await hostSetting({ programs })
  one = await host.pack(version('one'), roles)
  two = await host.pack(version('two'), roles)
})
afterEach(() => host.close())

const settings = (values: Record<string, string>) =>
  guestWith({
    settings: values,
    topology: [{ id: 'Worker_IN_0', role: 'Worker', address, faultDomain: 0, upgradeDomain: 0, endpoints: [] }],
  })
const goal = (change = {}) => goalWith({ containerId, packageSha256: one, guest: settings({}), ...change })
const want = (change = {}) => host.controller.setGoal({ instances: [goal(change)] })
const instance = () => host.controller.instances.get(key)
/** SHA-256 of what is unpacked. */
const packages = () =>
  readdirSync(join(host.dataDirectory, 'packages'))
    .map((name) => name.slice(0, 64))
    .sort()
const drive = (letter: string) => join(host.dataDirectory, 'guests', containerId, letter)

/** What the server says as soon as it listens: the role is Ready when its process has started (S-37). */
async function answer(): Promise<string> {
  let text: string | undefined
  await until(async () => {
    text = await fetch(`http://${address}:8080/`).then(
      (response) => response.text(),
      () => undefined,
    )
    return text !== undefined
  }, 'the server answers')
  return text as string
}

async function seen(what: string, holds: (report: InstanceReport) => boolean): Promise<void> {
  await until(
    () => {
      const report = instance()
      return report !== undefined && holds(report)
    },
    `${what}; last: ${JSON.stringify(instance())}`,
  )
}

const readyFor = (revision: number) =>
  seen(`Ready for revision ${revision}`, (report) => report.status === 'ReadyRole' && report.revision === revision)

async function upAndReady(): Promise<void> {
  await host.start()
  want()
  await readyFor(1)
}

describe('a new version', () => {
  it('is prepared while the former one serves, then taken: the instance is Ready for the new revision (U-9)', async () => {
    await upAndReady()
    const before = host.controller.reports.length
    want({ prepare: { packageSha256: two }, keepFormerRoot: true })
    await seen('prepared', ({ prepared }) => prepared === two)
    assert.equal(await answer(), 'one')
    const reports = host.controller.reports.slice(before).flatMap(({ instances }) => instances)
    assert.ok(reports.every(({ status, revision }) => status === 'ReadyRole' && revision === 1))
    want({ packageSha256: two, root: 2, revision: 2, keepFormerRoot: true })
    await readyFor(2)
    assert.equal(await answer(), 'two')
    assert.deepEqual([instance()?.prepared, instance()?.failures], [undefined, 0])
    const words = host.controller.reports.flatMap(({ instances }) => instances.map(({ status }) => status))
    assert.ok(words.includes('StoppingRole') && !words.includes('StoppingVM'), 'the guest runs on (H-18)')
  })

  it('can be taken back without a download: the host keeps the former package until the update has ended', async () => {
    await upAndReady()
    want({ packageSha256: two, root: 2, revision: 2, keepFormerRoot: true })
    await readyFor(2)
    assert.deepEqual(packages(), [one, two].sort())
    want({ root: 3, revision: 3, keepFormerRoot: true })
    await readyFor(3)
    assert.equal(await answer(), 'one')
    assert.deepEqual([...host.controller.downloads].sort(), [one, two].sort())
    want({ root: 3, revision: 4 })
    await until(() => packages().join() === one, 'the other package has gone')
    await until(() => readdirSync(drive('f')).length === 0, 'the former root has gone')
    assert.equal(await answer(), 'one')
  })

  it('whose package cannot be had is told while the former one serves, and prepared when it can', async () => {
    await upAndReady()
    const unknown = 'b'.repeat(64)
    want({ prepare: { packageSha256: unknown } })
    await seen('the fault', ({ prepareFault = '' }) => /what came has the hash/.test(prepareFault))
    assert.deepEqual([instance()?.status, instance()?.revision, await answer()], ['ReadyRole', 1, 'one'])
    want({ prepare: { packageSha256: two } })
    await seen('prepared', ({ prepared, prepareFault }) => prepared === two && prepareFault === undefined)
    // What is not wanted after all goes.
    want()
    await seen('nothing prepared', ({ prepared }) => prepared === undefined)
    await until(() => packages().join() === one, 'its package has gone')
    await until(() => readdirSync(drive('f')).length === 0, 'F: is empty')
  })

  it('stays prepared when the Host Agent is killed and comes back', async () => {
    const agent = await host.start()
    want()
    await readyFor(1)
    want({ prepare: { packageSha256: two } })
    await seen('prepared', ({ prepared }) => prepared === two)
    signalProcess(agent.identity, 'SIGKILL')
    await agent.exited
    const reports = host.controller.reports.length
    await host.start()
    await until(() => host.controller.reports.slice(reports).some(({ instances }) => instances[0]?.prepared === two))
    assert.equal(host.controller.downloads.filter((sha256) => sha256 === two).length, 1)
  })

  it('of a suspended instance is unpacked at its next start, on its own letter (U-65, H-36)', async () => {
    await upAndReady()
    writeFileSync(join(drive('c'), 'marker'), '')
    want({ machine: 'Stopped', role: 'Stopped', revision: 2 })
    await seen('StoppedVM', ({ status }) => status === 'StoppedVM')
    want({ machine: 'Stopped', role: 'Stopped', revision: 3, packageSha256: two, root: 2 })
    await seen('the revision', ({ status, revision }) => status === 'StoppedVM' && revision === 3)
    assert.deepEqual(readdirSync(drive('f')), [])
    want({ revision: 4, packageSha256: two, root: 2, epochs: { guest: 1, c: 0, d: 0, e: 1 } })
    await readyFor(4)
    assert.equal(await answer(), 'two')
    assert.deepEqual([readdirSync(drive('e')), existsSync(join(drive('c'), 'marker'))], [[], true])
  })

  it('prepared before a reboot is prepared again after it: its drive was made anew (table 3.1)', async () => {
    await upAndReady()
    want({ prepare: { packageSha256: two } })
    await seen('prepared', ({ prepared }) => prepared === two)
    want({ prepare: { packageSha256: two }, revision: 2, epochs: { guest: 1, c: 0, d: 0, e: 1 } })
    await readyFor(2)
    await seen('prepared', ({ prepared }) => prepared === two)
    assert.ok(existsSync(join(drive('f'), 'RoleModel.xml')))
    want({ packageSha256: two, root: 2, revision: 3, epochs: { guest: 1, c: 0, d: 0, e: 1 } })
    await readyFor(3)
    assert.equal(await answer(), 'two')
  })
})

describe('a goal', () => {
  it('waits for no heartbeat on its way down, nor its outcome on its way up (wire-server.md 7)', async () => {
    // With these nothing but events can bring an answer within the time that this test has.
    await host.start({ timers: ['heartbeatInterval=10min', 'hostLostAfter=20min'] })
    want()
    await readyFor(1)
    const before = host.controller.reports.length
    for (const [index, queue] of ['one', 'two', 'three'].entries())
      want({ revision: index + 2, guest: settings({ Queue: queue }) })
    await readyFor(4)
    const words = host.controller.reports
      .slice(before)
      .flatMap(({ instances }) => instances.map(({ status }) => status))
    assert.ok(
      words.every((status) => status === 'ReadyRole'),
      'a setting restarts nothing (U-47)',
    )
    want({ revision: 4, guest: settings({ Queue: 'three' }), prepare: { packageSha256: two } })
    await seen('prepared', ({ prepared }) => prepared === two)
    want({ revision: 5, guest: settings({ Queue: 'three' }), packageSha256: two, root: 2 })
    await readyFor(5)
    assert.equal(await answer(), 'two')
  })
})

describe('an orderly stop', () => {
  it('leaves no directory of sockets behind', async () => {
    const agent = await host.start()
    want()
    await readyFor(1)
    const { run } = JSON.parse(readFileSync(join(drive(''), 'guest.json'), 'utf8')) as { run: string }
    assert.ok(existsSync(run))
    signalProcess(agent.identity, 'SIGINT')
    await agent.exited
    assert.equal(existsSync(run), false)
    await host.start()
    await readyFor(1)
    assert.equal(await answer(), 'one')
  })
})
