/** A guest agent of another vendor instead of ours: Debian's waagent, as it comes, through all that can happen to a guest in its life. */
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { rungs } from '../rungs.ts'
import { until } from '../until.ts'
import { type House, makeHouse } from './house.ts'

const waagent = '/usr/sbin/waagent'
const skip =
  rungs.find(({ isolation }) => isolation === 'namespace')?.skip || (!existsSync(waagent) && 'waagent is not installed')

/** Turns the clock of the programs that it starts: what they wait for, they wait for a sixtieth of the time. */
const faketime = '/usr/bin/faketime'
const hasty = [faketime, '-f', "'+0 x60'"]

let house: House

/** A house of its own for the agents under that clock. */
async function begin(clock: readonly string[]): Promise<void> {
  house = makeHouse(['--hosts', '1', '--isolation', 'namespace', '--timer', 'settleTime=100ms'])
  await house.up('--guest-agent', agent(clock))
}

/** What the operator names: waagent, under that clock, with a file that lets it look every second and leave the machine alone. */
function agent(clock: readonly string[]): string {
  const program = join(house.data, 'agent.sh')
  const settings = [
    'Provisioning.Agent=disabled',
    'ResourceDisk.Format=n',
    'OS.EnableFirewall=n',
    'AutoUpdate.Enabled=n',
    'Extensions.GoalStatePeriod=1',
  ]
  writeFileSync(
    program,
    `#!/bin/sh
printf '%s\\n' ${settings.join(' ')} >/var/lib/waagent.conf
exec ${[...clock, '/usr/bin/python3'].join(' ')} -u ${waagent} -daemon -configuration-path:/var/lib/waagent.conf
`,
  )
  chmodSync(program, 0o755)
  return program
}

/** A service whose role nobody starts; `setting` tells one version from another. */
function service(setting: string, instances: number): readonly [definition: string, configuration: string] {
  const directory = join(house.data, 'service')
  const schema = 'http://schemas.microsoft.com/ServiceHosting/2008/10'
  mkdirSync(join(directory, 'Own'), { recursive: true })
  writeFileSync(join(directory, 'Own/role.sh'), `# ${setting}\n`)
  writeFileSync(
    join(directory, 'ServiceDefinition.csdef'),
    `<ServiceDefinition name="Own" upgradeDomainCount="2" xmlns="${schema}/ServiceDefinition">
      <WorkerRole name="Own" vmsize="ExtraSmall">
        <Runtime><EntryPoint><ProgramEntryPoint commandLine="role.sh" setReadyOnProcessStart="true" /></EntryPoint></Runtime>
        <ConfigurationSettings><Setting name="Word" /></ConfigurationSettings>
      </WorkerRole>
    </ServiceDefinition>`,
  )
  const configuration = join(directory, 'ServiceConfiguration.cscfg')
  writeFileSync(
    configuration,
    `<ServiceConfiguration serviceName="Own" xmlns="${schema}/ServiceConfiguration"><Role name="Own">
      <Instances count="${instances}" /><ConfigurationSettings><Setting name="Word" value="${setting}" /></ConfigurationSettings>
    </Role></ServiceConfiguration>`,
  )
  return [directory, configuration]
}

async function reddog(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await house.reddog(...words, '--service', 'own', '--json')
  assert.equal(code, 0, `${words.join(' ')}: ${stderr}`)
  return stdout
}

/** Instances and their status. */
async function instances(): Promise<Readonly<Record<string, string>>> {
  interface Deployed {
    readonly instances: readonly { readonly name: string; readonly status: string }[]
  }
  const { services } = JSON.parse(await reddog('status')) as {
    readonly services: readonly { readonly deployments: readonly Deployed[] }[]
  }
  const all = services.flatMap(({ deployments }) => deployments.flatMap((one) => one.instances))
  return Object.fromEntries(all.map(({ name, status }) => [name, status]))
}

/** Directories in which the agents of the guests that there are write. */
function logs(): readonly string[] {
  const guests = join(house.data, 'hosts/host1/guests')
  return readdirSync(guests).map((guest) => readFileSync(join(guests, guest, 'agent/log/waagent.log'), 'utf8'))
}

/** For how long, by its own clock, the agent has written its log, in milliseconds. */
function life(log: string): number {
  const times = [...log.matchAll(/^(\d{4}-\d\d-\d\dT[\d:.]+Z) /gm)].map(([, time]) => Date.parse(time as string))
  return (times.at(-1) ?? 0) - (times[0] ?? 0)
}

const hourMs = 3_600_000
const ready = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'ReadyRole']))

describe('waagent in the place of our guest agent (wire-server.md 2.4)', { skip }, () => {
  before(() => begin([]))
  after(() => house.dispose())

  it('is started in every guest, finds its wire server, and makes the instance Ready', async () => {
    assert.equal(house.greeting()['guestAgent'], join(house.data, 'agent.sh'))
    await reddog('deploy', ...service('one', 2))
    assert.deepEqual(await instances(), ready('Own_IN_0', 'Own_IN_1'))
    for (const log of logs()) assert.match(log, /Wire server endpoint:168\.63\.129\.16/)
    assert.deepEqual(house.processes('WaAppAgent'), [])
  })
})

describe('waagent whose clock runs sixty times as fast', {
  skip: skip || (!existsSync(faketime) && 'faketime is not installed'),
}, () => {
  before(() => begin(hasty))
  after(() => house.dispose())

  it('lives in its guest for an hour, in which it sees every change of the configuration', async () => {
    await reddog('deploy', ...service('0', 2))
    let changes = 0
    while (logs().some((log) => life(log) < hourMs)) {
      await reddog('config', service(`${++changes}`, 2)[1])
      assert.deepEqual(await instances(), ready('Own_IN_0', 'Own_IN_1'))
    }
    assert.ok(changes >= 10, `${changes} changes`)
    for (const log of logs()) {
      assert.equal(log.match(/ Run daemon$/gm)?.length, 1, 'it was started once')
      const seen = [...log.matchAll(/Fetching goal state \[incarnation (\d+)\]/g)].map(([, number]) => Number(number))
      assert.ok(Math.max(...seen) > changes, `${changes} changes, and it has seen incarnation ${Math.max(...seen)}`)
    }
  })

  it('comes back when its instance is rebuilt, and when its Host Agent has died', async () => {
    await reddog('instance', 'rebuild', 'Own_IN_1')
    const host = house.member('HostAgent-host1') as number
    process.kill(host, 'SIGKILL')
    await until(() => ![undefined, host].includes(house.member('HostAgent-host1')), 'the Host Agent runs again')
    await until(
      async () => Object.values(await instances()).every((status) => status === 'ReadyRole'),
      'both are Ready',
    )
  })

  it('is stopped when its deployment is deleted, and leaves nothing', async () => {
    await reddog('delete')
    assert.deepEqual(readdirSync(join(house.data, 'hosts/host1/guests')), [])
  })
})
