/** A host is drained and given back, with the command line on the whole house (H-21, table 3.1). */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../until.ts'
import { get, makeHouse } from './house.ts'
import { startLoad } from './load.ts'
import { makeShop } from './shop.ts'

const house = makeHouse(['--timer', 'settleTime=300ms'])
let address: string
/** The directory of the guest that stands still while its host is drained. */
let staying: string

interface Host {
  readonly name: string
  readonly state: string
  readonly instances: readonly string[]
  readonly waitsFor: readonly string[]
}

async function hosts(): Promise<readonly Host[]> {
  return JSON.parse((await house.reddog('host', 'list', '--json')).stdout) as readonly Host[]
}

/** Names of the instances on a host. */
async function instancesOn(name: string): Promise<readonly string[]> {
  const host = (await hosts()).find((one) => one.name === name)
  return (host?.instances ?? []).map((key) => key.slice(key.indexOf('.') + 1)).toSorted()
}

/** Who answers at the VIP, once as many as that have. */
async function everybody(count: number): Promise<readonly string[]> {
  const seen = new Set<string>()
  await until(async () => seen.add((await get(address)).split(' ')[2] ?? '').size === count, `${count} answer`)
  return [...seen].sort()
}

/** The directories of the guests of a host, by instance. */
function guestsOf(host: string): ReadonlyMap<string, string> {
  const files = globSync(`hosts/${host}/guests/*/guest.json`, { cwd: house.data }).map((file) => join(house.data, file))
  return new Map(files.map((file) => [/Web_IN_\d/.exec(readFileSync(file, 'utf8'))?.[0] ?? file, dirname(file)]))
}

before(async () => {
  await house.up()
  const { stdout, stderr, code } = await house.reddog(
    'deploy',
    makeShop(house.data, { name: 'v1' }),
    '--service',
    'shop',
    '--json',
  )
  assert.equal(code, 0, stderr)
  address = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses[0] as string
})
after(() => house.dispose())

describe('reddog host', () => {
  it('refuses to drain a host that there is not, and names those that there are', async () => {
    const { code, stderr } = await house.reddog('host', 'drain', 'host9')
    assert.equal(code, 1)
    assert.match(stderr, /No host is called "host9"\. The hosts are: host1, host2\./)
  })

  it('drains a host without losing a request; of two upgrade domains one starts elsewhere first, the other stands still', async () => {
    const [first = '', second = ''] = await instancesOn('host1')
    const guests = guestsOf('host1')
    staying = guests.get(first) as string
    assert.deepEqual([first, second], ['Web_IN_0', 'Web_IN_3'])
    for (const drive of ['c', 'd', 'e']) writeFileSync(join(staying, drive, 'marker'), drive)
    const load = startLoad(address)
    await until(() => load.answered() > 100, 'the load runs')
    const { code, stdout, stderr } = await house.reddog('host', 'drain', 'host1')
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^host1 is drained: nothing runs on it\./)
    assert.deepEqual(await load.stop(), [])
    assert.deepEqual(await instancesOn('host1'), ['Web_IN_0'])
    assert.deepEqual(await everybody(3), ['Web_IN_1', 'Web_IN_2', 'Web_IN_3'])
  })

  it('says what a drained host waits for, and refuses to drain another one', async () => {
    const { stdout } = await house.reddog('host', 'list')
    assert.match(
      stdout,
      /host1 +Drained .*\n {2}waits to be given back; what stands still there starts elsewhere after .*\nhost2 +InService /,
    )
    const { code, stderr } = await house.reddog('host', 'drain', 'host2')
    assert.equal(code, 1)
    assert.match(stderr, /hosts are serviced one at a time, and host1 is being serviced\. Give host1 back first\./)
  })

  it('gives it back: its instance starts again there, C: and D: kept, E: rebuilt (table 3.1)', async () => {
    const { code, stdout, stderr } = await house.reddog('host', 'drain', 'host1', '--end')
    assert.equal(code, 0, stderr)
    assert.match(stdout, /^host1 is back in service\./)
    assert.deepEqual(await everybody(4), ['Web_IN_0', 'Web_IN_1', 'Web_IN_2', 'Web_IN_3'])
    assert.equal(guestsOf('host1').get('Web_IN_0'), staying)
    const kept = ['c', 'd', 'e'].filter((drive) => existsSync(join(staying, drive, 'marker')))
    assert.deepEqual(kept, ['c', 'd'])
    const states = (await hosts()).map(({ state, waitsFor }) => [state, ...waitsFor])
    assert.deepEqual(states, [['InService'], ['InService']])
  })

  it('says why, in the events', async () => {
    const { stdout } = await house.reddog('events')
    assert.match(stdout, /host1 {2}DrainHost: accepted as request [0-9a-f]{32}/)
    assert.match(stdout, /Web_IN_3 {2}Moved: drain of host1, domain 1: Web_IN_3 stopped, .*: started on host2/)
    assert.match(stdout, /host1 {2}HostDrained: nothing runs on the host any more: it may be serviced/)
    assert.match(stdout, /Web_IN_0 {2}ToldRestart: drain of host1, domain 0: Web_IN_0 starts again/)
  })
})
