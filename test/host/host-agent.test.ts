/** A Host Agent as a real process with real guests, beside a scripted controller (F-8 to F-10, H-3 to H-8). */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { processesOf } from '../../src/machine/guest/guest-processes.ts'
import { type RunningProcess, signalProcess } from '../../src/machine/process.ts'
import { until } from '../until.ts'
import { deploymentId, goalWith, guestWith, key } from './goals.ts'
import { type HostSetting, hostSetting } from './host-process.ts'

/** Of this run alone: the name of a directory outside of the test's own comes from it. */
const containerId = randomUUID()

let host: HostSetting

beforeEach(async () => {
  host = await hostSetting()
})

afterEach(() => host.close())

const guest = (path = '') => join(host.dataDirectory, 'guests', containerId, path)
const starts = () => readFileSync(guest('c/starts'), 'utf8').trim().split('\n')
const instance = () => host.controller.instances.get(key)
const goal = (change = {}) => goalWith({ containerId, packageSha256: host.packageSha256, ...change })
const record = () => JSON.parse(readFileSync(join(host.dataDirectory, 'records', `${containerId}.json`), 'utf8'))
const processes = () => processesOf({ key, containerId, root: guest(), uid: record().uid })
const settings = () => JSON.parse(readFileSync(guest('guest.json'), 'utf8'))

async function seen(status: string): Promise<void> {
  await until(() => instance()?.status === status, `the instance is ${status}`)
}

/** Every status that the controller was told of the instance, without repetitions. */
function told(): readonly string[] {
  const all = host.controller.reports.flatMap(({ instances }) => instances.map(({ status }) => status))
  return all.filter((one, index) => one !== all[index - 1])
}

async function upAndReady(change = {}): Promise<RunningProcess> {
  const agent = await host.start(change)
  host.controller.setGoal({ instances: [goal()] })
  await seen('ReadyRole')
  return agent
}

describe('a host agent', () => {
  it('registers, brings the instance up, and tells the steps of it in order (S-6, S-7, table 2.2)', async () => {
    await upAndReady()
    assert.equal(host.controller.registrations[0]?.cores, 8)
    assert.ok(existsSync(join(host.directory, 'ready.json')))
    // A short step may be over before the report of the one before it has been answered.
    const steps = ['Preparing', 'CreatingVM', 'StartingVM', 'ReadyRole']
    assert.deepEqual(
      told(),
      steps.filter((step) => told().includes(step)),
    )
    assert.deepEqual([told()[0], told().at(-1)], ['Preparing', 'ReadyRole'])
    assert.equal(instance()?.powerState, 'Started')
  })

  it('fetches a package once for two instances, and drops it with the last of them (A-4)', async () => {
    const second = goal({ key: key.replace('_0', '_1'), containerId: randomUUID() })
    await host.start()
    host.controller.setGoal({ instances: [goal(), second] })
    await until(
      () => [...host.controller.instances.values()].filter(({ status }) => status === 'ReadyRole').length === 2,
    )
    assert.deepEqual(host.controller.downloads, [host.packageSha256])
    const [unpacked = ''] = readdirSync(join(host.dataDirectory, 'packages'))
    assert.ok(unpacked.startsWith(`${host.packageSha256}.`), unpacked)
    assert.ok(existsSync(join(host.dataDirectory, 'packages', unpacked, 'roles/Worker/approot/run.sh')))
    host.controller.setGoal({ instances: [goal()] })
    await until(() => host.controller.gone.has(second.key))
    assert.equal(readdirSync(join(host.dataDirectory, 'packages')).length, 1)
    host.controller.setGoal({ instances: [] })
    await until(() => readdirSync(join(host.dataDirectory, 'packages')).length === 0)
  })

  it('deletes an instance and leaves nothing of it (H-27)', async () => {
    await upAndReady()
    const { run } = settings()
    assert.ok(processes().length >= 2, 'the guest and the child that it left in another session')
    const before = processes()
    host.controller.setGoal({ instances: [goal({ deleting: true, revision: 2 })] })
    await until(() => host.controller.gone.has(key))
    assert.deepEqual(
      before.filter((pid) => existsSync(`/proc/${pid}/exe`)),
      [],
    )
    assert.equal(existsSync(guest()), false)
    assert.equal(existsSync(run), false)
    assert.deepEqual(readdirSync(join(host.dataDirectory, 'records')), [])
    assert.deepEqual(told().slice(-2), ['StoppingRole', 'DeletingVM'])
  })

  it('tells of the end of an instance that it never had', async () => {
    await host.start()
    host.controller.setGoal({ instances: [goal({ deleting: true })] })
    await until(() => host.controller.gone.has(key))
  })

  it('restarts a guest that is silent for heartbeatRestartAfter, and says Unresponsive before (F-10, H-5)', async () => {
    await upAndReady({
      timers: ['heartbeatInterval=200ms', 'unresponsiveAfter=1s', 'heartbeatRestartAfter=3s', 'recycleDelays=0,100ms'],
    })
    const silentSince = Date.now()
    writeFileSync(guest('c/silent'), '')
    await seen('UnresponsiveRole')
    assert.equal(instance()?.errorCode, 'NoHeartbeat')
    assert.equal(starts().length, 1)
    await until(() => starts().length === 2)
    assert.ok(Date.now() - silentSince >= 2_900, 'not before the limit')
    rmSync(guest('c/silent'))
    await seen('ReadyRole')
  })

  it('restarts a guest at once when its first process ends, and clears what that left (design.md 9.6)', async () => {
    await upAndReady()
    const before = processes()
    process.kill(Number(starts()[0]?.split(' ')[0]), 'SIGKILL')
    await until(() => existsSync(guest('c/starts')) && starts().length === 2)
    await seen('ReadyRole')
    assert.deepEqual(
      processes().filter((pid) => before.includes(pid)),
      [],
    )
  })

  it('adopts its guests after a kill, under the same port and incarnation, and none loses Ready (wire-server.md 5.1)', async () => {
    // An adopted guest has two of these to be heard before the host reports.
    const patient = { timers: ['heartbeatInterval=5s'] }
    const agent = await upAndReady(patient)
    const before = { record: record(), processes: processes() }
    signalProcess(agent.identity, 'SIGKILL')
    await agent.exited
    const reports = host.controller.reports.length
    await host.start(patient)
    await until(() => host.controller.reports.slice(reports).some(({ complete }) => complete))
    await seen('ReadyRole')
    assert.deepEqual({ record: record(), processes: processes() }, before)
    assert.deepEqual(
      host.controller.reports.slice(reports).flatMap(({ instances }) => instances.map(({ status }) => status)),
      ['ReadyRole'],
    )
    assert.equal(starts().length, 1)
  })

  it('never has a guest twice, even when it ended before it could note that it had started one', async () => {
    const agent = await upAndReady()
    signalProcess(agent.identity, 'SIGKILL')
    await agent.exited
    const { process: noted, ...rest } = record()
    writeFileSync(join(host.dataDirectory, 'records', `${containerId}.json`), JSON.stringify(rest))
    await host.start()
    await until(() => starts().length === 2)
    await seen('ReadyRole')
    assert.equal(existsSync(`/proc/${noted.pid}/exe`), false)
  })

  it('takes up its port again when somebody else had it meanwhile', async () => {
    const agent = await upAndReady()
    signalProcess(agent.identity, 'SIGKILL')
    await agent.exited
    const { hostname, port } = new URL(settings().wireServer)
    const squatter = createServer((socket) => socket.destroy()).listen(Number(port), hostname)
    await once(squatter, 'listening')
    const reports = host.controller.reports.length
    await host.start()
    await until(() => /listen .* failed: PortInUse/.test(readFileSync(host.logFile, 'utf8')))
    squatter.close()
    await until(() =>
      host.controller.reports.slice(reports).some(({ instances }) => instances[0]?.status === 'ReadyRole'),
    )
    assert.equal(starts().length, 1)
  })

  it('serves its guests without a controller, and stops one that the controller wants stopped when it is back', async () => {
    const agent = await upAndReady()
    signalProcess(agent.identity, 'SIGKILL')
    await agent.exited
    await host.controller.close()
    await host.start()
    // The guest has found the new agent when it has taken up its wire server again.
    await until(
      async () => (await fetch(`${settings().wireServer}/?comp=versions`).catch(() => undefined))?.ok ?? false,
    )
    assert.equal(starts().length, 1)
    await host.restartController()
    host.controller.setGoal({ instances: [goal({ machine: 'Stopped', role: 'Stopped', revision: 2 })] })
    await seen('StoppedVM')
    assert.deepEqual(processes(), [])
  })

  it('stops a suspended instance and starts it again with E: made anew (H-36, table 3.1)', async () => {
    await upAndReady()
    host.controller.setGoal({ instances: [goal({ machine: 'Stopped', role: 'Stopped', revision: 2 })] })
    await seen('StoppedVM')
    assert.equal(instance()?.powerState, 'Stopped')
    assert.deepEqual(processes(), [])
    host.controller.setGoal({ instances: [goal({ revision: 3, epochs: { guest: 1, c: 0, d: 0, e: 1 } })] })
    await seen('ReadyRole')
    assert.deepEqual(drives(), { starts: 2, d: 'dd', e: 'e' })
    assert.equal(instance()?.revision, 3)
  })

  it('reboots and reimages: what each drive keeps (H-19, table 3.1)', async () => {
    await upAndReady()
    host.controller.setGoal({ instances: [goal({ revision: 2, epochs: { guest: 1, c: 0, d: 0, e: 1 } })] })
    await until(() => instance()?.revision === 2 && instance()?.status === 'ReadyRole')
    assert.deepEqual(drives(), { starts: 2, d: 'dd', e: 'e' })
    host.controller.setGoal({ instances: [goal({ revision: 3, epochs: { guest: 2, c: 0, d: 1, e: 2 } })] })
    await until(() => instance()?.revision === 3 && instance()?.status === 'ReadyRole')
    assert.deepEqual(drives(), { starts: 3, d: 'd', e: 'e' })
    host.controller.setGoal({ instances: [goal({ revision: 4, epochs: { guest: 3, c: 1, d: 2, e: 3 } })] })
    await until(() => instance()?.revision === 4 && instance()?.status === 'ReadyRole')
    assert.deepEqual(drives(), { starts: 1, d: 'd', e: 'e' })
  })

  it('restarts nothing for a changed setting, whose revision counts when the guest speaks of it (H-20, H-1)', async () => {
    await upAndReady()
    const { incarnation } = record()
    host.controller.setGoal({ instances: [goal({ revision: 2, guest: guestWith({ settings: { Queue: 'orders' } }) })] })
    await until(() => instance()?.revision === 2)
    assert.equal(record().incarnation, incarnation + 1)
    assert.equal(starts().length, 1)
  })

  it('holds a report that leaves Ready until the controller has answered, or rotationOutLimit has passed', async () => {
    await upAndReady({ timers: ['heartbeatInterval=200ms', 'rotationOutLimit=30s'] })
    const release = host.controller.holdLeaving()
    writeFileSync(guest('c/busy'), '')
    await seen('BusyRole')
    rmSync(guest('c/busy'))
    // The guest is still waiting for its answer, so it cannot have reported anew.
    const reports = host.controller.reports.length
    await until(() => host.controller.reports.length >= reports + 3)
    assert.equal(instance()?.status, 'BusyRole')
    release()
    await seen('ReadyRole')
  })

  it('reads a log of a guest piece by piece, and names those that it knows', async () => {
    await upAndReady()
    const ask = { id: 'one', kind: 'log', key, log: 'waappagent', offset: 3 } as const
    const path = guest('c/Logs/WaAppAgent.Log')
    assert.equal(statSync(guest('c')).isDirectory(), true)
    await import('node:fs/promises').then(({ mkdir }) => mkdir(guest('c/Logs'), { recursive: true }))
    writeFileSync(path, 'abcdef')
    host.controller.setGoal({
      instances: [goal()],
      asks: [ask, { ...ask, id: 'two', log: 'nothing' }, { ...ask, id: 'three', key: 'unknown' }],
    })
    await until(() => host.controller.answers.size === 3)
    assert.deepEqual(host.controller.answers.get('one'), {
      logicalPath: 'C:\\Logs\\WaAppAgent.Log',
      realPath: path,
      known: [],
      text: 'def',
      nextOffset: 6,
    })
    const { known, ...nothing } = host.controller.answers.get('two') ?? {}
    assert.deepEqual(nothing, { logicalPath: '', realPath: '', text: '', nextOffset: 0 })
    assert.ok(known?.includes('RoleOutput'))
    assert.ok(known?.every((name) => !/W3SVC|HTTPERR/.test(name)))
    assert.deepEqual(host.controller.answers.get('three')?.known, [])
  })

  it('reads the newest web log of each site of a web role and of HTTPERR, older ones by name, and none through links (G-1, G-9, G-12)', async () => {
    await host.start()
    const web = { guest: guestWith({ roleKind: 'WebRole' }) }
    host.controller.setGoal({ instances: [goal(web)] })
    await seen('ReadyRole')
    const logs = `c/Resources/Directory/${deploymentId}.Worker.DiagnosticStore/LogFiles`
    const errors = 'd/Windows/System32/LogFiles/HTTPERR'
    const lay = (path: string) => {
      mkdirSync(guest(join(path, '..')), { recursive: true })
      writeFileSync(guest(path), path.slice(path.lastIndexOf('/') + 1))
    }
    for (const name of ['W3SVC2/u_ex15030409.log', 'W3SVC2/u_ex15030410.log', 'W3SVC2/zzz.log', 'W3SVC3/mine.txt'])
      lay(`${logs}/${name}`)
    for (const name of ['httperr9.log', 'httperr10.log']) lay(`${errors}/${name}`)
    writeFileSync(join(host.directory, 'u_ex15030411.log'), 'of the host')
    symlinkSync(host.directory, guest(`${logs}/W3SVC4`))
    mkdirSync(guest(`${logs}/W3SVC5`))
    symlinkSync(join(host.directory, 'u_ex15030411.log'), guest(`${logs}/W3SVC5/u_ex15030411.log`))

    const asked = [
      'w3svc2',
      'W3SVC2/U_EX15030409.log',
      'HTTPERR',
      'W3SVC2/zzz.log',
      'W3SVC2/..',
      'W3SVC3',
      'W3SVC4',
      'W3SVC5',
      '',
    ]
    const asks = asked.map((log) => ({ id: `of ${log}`, kind: 'log', key, log, offset: 0 }) as const)
    host.controller.setGoal({ instances: [goal(web)], asks })
    // What is no file of the guest is not answered at all.
    await until(() => host.controller.answers.size === asked.length - 1)
    const found = (log: string) => host.controller.answers.get(`of ${log}`)
    const store = `C:\\Resources\\Directory\\${deploymentId}.Worker.DiagnosticStore\\LogFiles`
    assert.deepEqual(
      asked.slice(0, 3).map((log) => [found(log)?.logicalPath, found(log)?.text]),
      [
        [`${store}\\W3SVC2\\u_ex15030410.log`, 'u_ex15030410.log'],
        [`${store}\\W3SVC2\\u_ex15030409.log`, 'u_ex15030409.log'],
        ['D:\\Windows\\System32\\LogFiles\\HTTPERR\\httperr10.log', 'httperr10.log'],
      ],
    )
    for (const log of asked.slice(3, 7)) assert.equal(found(log)?.logicalPath, '', log)
    assert.equal(found('W3SVC5'), undefined)
    assert.deepEqual(
      found('')?.known?.filter((name) => /W3SVC|HTTPERR/.test(name)),
      ['HTTPERR', 'W3SVC2', 'W3SVC5'],
    )
  })

  it('says why a guest cannot be started, and starts it when that has been cured', async () => {
    await host.start({ programs: join(host.directory, 'hosts') })
    host.controller.setGoal({ instances: [goal()] })
    await seen('FailedStartingVM')
    assert.match(instance()?.details ?? '', /WaAppAgent is missing/)
    assert.equal(instance()?.errorCode, 'GuestNotStarted')
    writeFileSync(join(host.directory, 'hosts/WaAppAgent'), readFileSync(join(host.directory, 'WaAppAgent')), {
      mode: 0o755,
    })
    await seen('ReadyRole')
  })

  it('says why a package cannot be had while the instance is Preparing', async () => {
    await host.start()
    host.controller.setGoal({ instances: [goal({ packageSha256: 'b'.repeat(64) })] })
    await until(() => /what came has the hash/.test(instance()?.details ?? ''))
    assert.equal(instance()?.status, 'Preparing')
  })

  it('leaves its guests running on SIGTERM, and stops them gracefully on SIGINT', async () => {
    const agent = await upAndReady()
    signalProcess(agent.identity, 'SIGTERM')
    assert.deepEqual(await agent.exited, { code: 0, signal: null })
    assert.ok(processes().length > 0)
    const again = await host.start()
    await until(() => host.controller.registrations.length === 2)
    signalProcess(again.identity, 'SIGINT')
    assert.deepEqual(await again.exited, { code: 0, signal: null })
    assert.deepEqual(processes(), [])
    assert.equal(instance()?.status, 'StoppedVM')
    // Power comes back: the guest operating system is new, the rest is kept (table 3.1, host power cycle).
    await host.start()
    await seen('ReadyRole')
    assert.deepEqual(drives(), { starts: 2, d: 'd', e: 'ee' })
  })
})

/** How often the guest was started since C: was made, and what its other drives have kept of that. */
function drives(): object {
  return {
    starts: starts().length,
    d: readFileSync(guest('d/marker'), 'utf8'),
    e: readFileSync(guest('e/marker'), 'utf8'),
  }
}
