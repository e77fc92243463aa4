/** Table 3.1: what each drive and local storage keep, by a marker file in each; on the whole house, with real verbs (H-25, H-26, S-34). */
import assert from 'node:assert/strict'
import { cpSync, existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../until.ts'
import { makeHouse, root } from './house.ts'

const house = makeHouse([
  '--policy',
  'relaxed2011',
  '--timer',
  'settleTime=300ms',
  '--timer',
  'hostLostAfter=4s',
  '--timer',
  'hostRecoverBudget=2s',
])

/** The service with local storage of either kind; every version has a greeting of its own in its package. */
function service(version: string, size = 'Small'): string {
  const directory = join(house.data, `service-${version}`)
  cpSync(join(root, 'examples/hello-worker'), directory, { recursive: true })
  const edit = (name: string, change: (text: string) => string) =>
    writeFileSync(join(directory, name), change(readFileSync(join(directory, name), 'utf8')))
  const resources = `<LocalResources><LocalStorage name="Scratch" sizeInMB="10"/><LocalStorage name="Kept" sizeInMB="10" cleanOnRoleRecycle="false"/></LocalResources>`
  edit('ServiceDefinition.csdef', (text) =>
    text.replace('</Endpoints>', `</Endpoints>${resources}`).replace('vmsize="Small"', `vmsize="${size}"`),
  )
  edit('ServiceConfiguration.cscfg', (text) => text.replace(/count="\d"/, 'count="1"'))
  edit('Hello/server.js', (text) => `// ${version}\n${text}`)
  return directory
}

const places = ['C:', 'D:', 'root', 'Kept', 'Scratch', 'TEMP'] as const

/** Where the guest stands now. */
interface Guest {
  readonly root: string
  readonly host: string
  readonly letter: string
  readonly pid: number
  at(place: (typeof places)[number]): string
}

/** The guest, once its role runs. */
async function guest(former?: Guest): Promise<Guest> {
  let found: Guest | undefined
  await until(() => {
    const [pid] = house.processes('node').filter((one) => one !== former?.pid)
    found = pid === undefined ? undefined : guestOf(pid)
    return found !== undefined
  }, 'the role runs')
  return found as Guest
}

function guestOf(pid: number): Guest | undefined {
  const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
  const [, directory = '', host = '', letter = ''] =
    /RoleRoot=([^\0]*\/hosts\/([^/]+)\/guests\/[^/]+)\/([ef])/.exec(environment) ?? []
  if (directory === '') return undefined
  const local = (name: string) =>
    join(
      directory,
      'c/Resources/Directory',
      globSync(`*.Hello.${name}`, { cwd: join(directory, 'c/Resources/Directory') })[0] ?? 'none',
    )
  const paths = { 'C:': `${directory}/c`, 'D:': `${directory}/d`, root: `${directory}/${letter}` }
  const [, temporary = 'none'] = /\0TEMP=([^\0]*)/.exec(environment) ?? []
  return {
    root: directory,
    host,
    letter,
    pid,
    at(place) {
      const stands =
        place === 'Kept' || place === 'Scratch' ? local(place) : place === 'TEMP' ? temporary : paths[place]
      // Local storage is mounted for the guest alone.
      return join(`/proc/${pid}/root`, stands, 'marker')
    },
  }
}

const instance = (verb: string) => ['instance', verb, 'Hello_IN_0', '--service', 'hello'] as const

async function verb(...words: readonly string[]): Promise<void> {
  const { code, stderr } = await house.reddog(...words)
  assert.equal(code, 0, `${words.join(' ')}: ${stderr}`)
}

async function configure(before: RegExp, after: string): Promise<void> {
  const file = join(house.data, 'service-v2/ServiceConfiguration.cscfg')
  writeFileSync(file, readFileSync(file, 'utf8').replace(before, after))
  await verb('config', file, '--service', 'hello')
}

/** A row of table 3.1; that of a host's servicing is in servicing.test.ts. */
interface Row {
  readonly process: string
  readonly act: (guest: Guest) => Promise<void>
  readonly keeps: readonly (typeof places)[number][]
  /** The role root stands on the other letter afterwards. */
  readonly moves?: true
}

const rows: readonly Row[] = [
  {
    process: 'role recycle',
    act: async ({ pid }) => void process.kill(pid, 'SIGKILL'),
    keeps: ['C:', 'D:', 'root', 'Kept'],
  },
  {
    process: 'reboot from inside the guest',
    act: async () => void process.kill(house.processes('WaAppAgent')[0] as number, 'SIGKILL'),
    keeps: ['C:', 'D:', 'root', 'Kept'],
  },
  {
    process: 'host power cycle',
    async act() {
      assert.equal(await house.end('SIGTERM'), 0)
      await house.up()
    },
    keeps: ['C:', 'root', 'Kept'],
  },
  { process: 'Reboot operation', act: () => verb(...instance('reboot')), keeps: ['C:', 'D:', 'Kept'] },
  {
    process: 'suspend and start',
    async act() {
      await verb('suspend', '--service', 'hello')
      await verb('resume', '--service', 'hello')
    },
    keeps: ['C:', 'D:', 'Kept'],
  },
  { process: 'Reimage operation', act: () => verb(...instance('reimage')), keeps: ['C:', 'Kept'] },
  {
    process: 'in-place upgrade',
    act: () => verb('upgrade', service('v2'), '--service', 'hello'),
    keeps: ['C:', 'D:', 'Kept'],
    moves: true,
  },
  {
    process: 'change of configuration',
    act: () => configure(/value="[^"]*"/, 'value="Changed"'),
    keeps: places,
  },
  {
    process: 'change of the guest OS (U-50)',
    act: () => configure(/osFamily="\d"/, 'osFamily="5"'),
    keeps: ['C:', 'Kept'],
  },
  { process: 'Rebuild operation', act: () => verb(...instance('rebuild')), keeps: [] },
  {
    process: 'healing to another host',
    async act({ host, pid }) {
      const agent = house.member(`HostAgent-${host}`) as number
      process.kill(agent, 'SIGSTOP')
      await until(() => house.processes('node').some((one) => one !== pid), 'it runs elsewhere')
      process.kill(agent, 'SIGCONT')
      await until(() => !house.processes('node').includes(pid), 'the host clears what it had')
    },
    keeps: [],
  },
  {
    process: 'size change',
    act: () => verb('upgrade', service('v3', 'Medium'), '--service', 'hello', '--force'),
    keeps: [],
    moves: true,
  },
]

describe('table 3.1', () => {
  let here: Guest

  before(async () => {
    await house.up()
    await verb('deploy', service('v1'), '--service', 'hello')
    here = await guest()
  })
  after(() => house.dispose())

  for (const { process: name, act, keeps, moves } of rows)
    it(`${name} keeps ${keeps.join(', ') || 'nothing'}${moves ? ', and moves the role root to the other letter' : ''}`, async () => {
      for (const place of places) writeFileSync(here.at(place), '')
      const before = here
      await act(before)
      here = await guest(keeps === places ? undefined : before)
      const kept = places.filter((place) => existsSync(here.at(place)))
      assert.deepEqual(kept, keeps)
      if (here.root === before.root) assert.equal(here.letter !== before.letter, moves === true)
    })
})
