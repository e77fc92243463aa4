/** Everything that changes a running deployment, with the command line on the whole house (issue 3). */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../until.ts'
import { get, makeHouse, type Ran } from './house.ts'
import { startLoad } from './load.ts'
import { configuration, makeShop, type Version } from './shop.ts'

const timers = ['settleTime=300ms', 'recycleDelays=0,200ms,200ms', 'recycleThreshold=3']
const house = makeHouse(timers.flatMap((timer) => ['--timer', timer]))
let address: string

/** Runs a verb on the service; fails with all that it said when it does not end with that code. */
async function shop(words: readonly string[], code = 0): Promise<Ran> {
  const ran = await house.reddog(...words, '--service', 'shop')
  assert.equal(ran.code, code, `reddog ${words.join(' ')} ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`)
  return ran
}

interface Answer {
  readonly greeting: string
  readonly version: string
  readonly instance: string
  readonly pid: number
}

async function ask(): Promise<Answer> {
  const [greeting = '', version = '', instance = '', pid] = (await get(address)).split(' ')
  return { greeting, version, instance, pid: Number(pid) }
}

/** What each instance in rotation answers; waits until all that are to be seen have answered. */
async function everybody(count = 4): Promise<readonly Answer[]> {
  const seen = new Map<string, Answer>()
  await until(async () => {
    const answer = await ask()
    return seen.set(answer.instance, answer).size === count
  }, `${count} instances answer`)
  return [...seen.values()].sort((a, b) => (a.instance < b.instance ? -1 : 1))
}

async function versions(): Promise<readonly string[]> {
  return (await everybody()).map(({ version }) => version)
}

/** The directory of a version. */
function version(wanted: Version): string {
  return makeShop(house.data, wanted)
}

before(async () => {
  await house.up()
  const { stdout } = await shop(['deploy', version({ name: 'v1' }), '--json'])
  address = (JSON.parse(stdout) as { addresses: readonly string[] }).addresses[0] as string
})
after(() => house.dispose())

describe('an in-place upgrade', () => {
  it('is planned without touching anything: domains, steps, capacity left', async () => {
    const before = await everybody()
    const { stdout } = await shop(['upgrade', version({ name: 'v2' }), '--plan'])
    assert.match(stdout, /^Service model: the same as that of the deployment \(policy sameModel\)\.$/m)
    assert.match(stdout, /^Domain 0\n {2}Web_IN_0 {2}stops, gets the new package, starts\n {2}Web_IN_2 /m)
    assert.match(stdout, /^ {2}Web Http, port \d+: {2}2 of 4 instances stay in rotation$/m)
    assert.deepEqual(await everybody(), before)
  })

  it('walks by itself, domain by domain, and loses no request (U-8, U-26)', async () => {
    const load = startLoad(address)
    const { stdout, stderr } = await shop(['upgrade', version({ name: 'v2' })])
    assert.deepEqual(await load.stop(), [])
    assert.equal(stdout, 'shop is upgraded in Production: every instance is at the new version.\n')
    const walked = stderr.indexOf('During domain 0 of 2')
    assert.ok(walked > 0 && walked < stderr.indexOf('During domain 1 of 2'), stderr)
    assert.deepEqual(await versions(), ['v2', 'v2', 'v2', 'v2'])
  })

  it('walks under the hand of the operator, in order and never unasked (U-27, U-31, U-32)', async () => {
    const { stdout } = await shop(['upgrade', version({ name: 'v3' }), '--mode', 'manual', '--json'])
    assert.equal((JSON.parse(stdout) as { nextDomain: number }).nextDomain, 0)
    assert.deepEqual(await versions(), ['v2', 'v2', 'v2', 'v2'])
    assert.match((await shop(['walk', '1'], 1)).stderr, /WalkUpgradeDomain was answered with 400 BadRequest/)
    assert.match((await shop(['walk'])).stdout, /^Domain 0 is walked\. Next, domain 1: reddog walk --service shop\n$/)
    assert.deepEqual(await versions(), ['v3', 'v2', 'v3', 'v2'])
    assert.match((await shop(['status'])).stdout, /manual upgrade to v\d+, Before domain 1 of 2/)
    assert.equal((await shop(['walk', '1'])).stdout, 'Domain 1 is walked. The update is complete.\n')
    assert.deepEqual(await versions(), ['v3', 'v3', 'v3', 'v3'])
    assert.match((await shop(['walk'], 1)).stderr, /No update of shop is active in Production/)
  })

  it('holds in the first domain when the new version cannot start; the rest serves on, and it goes back (U-29, U-43)', async () => {
    const before = await everybody()
    const load = startLoad(address)
    const { stderr } = await shop(['upgrade', version({ name: 'bad', isBroken: true })], 1)
    assert.match(stderr, /bad cannot start/)
    assert.match(stderr, /UpdateDeploymentRoleRecycleThresholdReached/)
    assert.match(
      stderr,
      /It stays in domain 0, and the other domains serve on\. Go back with: reddog rollback --service shop/,
    )
    const serving = await everybody(2)
    assert.deepEqual(
      serving,
      before.filter(({ instance }) => /[13]$/.test(instance)),
    )
    assert.equal((await shop(['rollback'])).stdout, 'shop is back at the former version in Production.\n')
    assert.deepEqual(await load.stop(), [])
    assert.deepEqual(await versions(), ['v3', 'v3', 'v3', 'v3'])
    assert.match((await shop(['rollback'], 1)).stderr, /409 ConflictError/)
  })

  it('goes back by itself when it was asked to', async () => {
    const directory = version({ name: 'bad', isBroken: true })
    await shop(['upgrade', directory, '--on-failure', 'rollback'], 1)
    assert.deepEqual(await versions(), ['v3', 'v3', 'v3', 'v3'])
  })

  it('refuses a changed definition, names the difference and points to the swap (U-3 to U-5)', async () => {
    const { stderr } = await shop(['upgrade', version({ name: 'v4', setting: 'Colour' })], 1)
    assert.match(stderr, /Colour/)
    assert.match(
      stderr,
      /reddog deploy PACKAGE CONFIGURATION --service shop --slot staging, then reddog swap --service shop/,
    )
    assert.deepEqual(await versions(), ['v3', 'v3', 'v3', 'v3'])
  })
})

describe('a change of configuration', () => {
  it('reaches running roles without a restart (U-46, U-47)', async () => {
    const before = await everybody()
    const file = join(house.data, 'polite.cscfg')
    writeFileSync(file, configuration({ name: 'v3', greeting: 'Welcome' }))
    assert.equal((await shop(['config', file])).stdout, 'shop has the new configuration in Production.\n')
    assert.deepEqual(
      await everybody(),
      before.map((answer) => ({ ...answer, greeting: 'Welcome' })),
    )
  })

  it('scales out and in; the others go on, and the rest of the configuration stays (U-54, A-29, A-30, D-23)', async () => {
    const before = await everybody()
    assert.equal((await shop(['scale', 'Web=6'])).stdout, 'shop has 6 of Web in Production.\n')
    const more = await everybody(6)
    assert.deepEqual(more.slice(0, 4), before)
    assert.deepEqual(
      more.map(({ greeting, version }) => `${greeting} ${version}`),
      Array.from({ length: 6 }, () => 'Welcome v3'),
    )
    await shop(['scale', 'Web=5'])
    const gone = await shop(['instance', 'delete', 'Web_IN_4'])
    assert.equal(gone.stdout, 'Gone from shop in Production: Web_IN_4.\n')
    assert.deepEqual(await everybody(), before)
    assert.match((await shop(['instance', 'delete', 'Web_IN_4'], 1)).stderr, /Web_IN_4/)
    assert.match((await shop(['scale', 'Wob=4'], 1)).stderr, /no Instances of role Wob/)
  })
})

describe('a VIP swap', () => {
  it('brings a changed definition into production, and takes it back (U-56, U-57)', async () => {
    const before = await everybody()
    assert.match((await shop(['swap'], 1)).stderr, /Staging of "shop" is empty, so there is nothing to swap/)
    await shop(['deploy', version({ name: 'v4', setting: 'Colour' }), '--slot', 'staging'])
    const load = startLoad(address)
    assert.match((await shop(['swap'])).stdout, /^Production {2}\S+ {2}"shop .*\nStaging/)
    assert.deepEqual(await versions(), ['v4', 'v4', 'v4', 'v4'])
    await shop(['swap'])
    assert.deepEqual(await everybody(), before)
    assert.deepEqual(await load.stop(), [])
    await shop(['delete', '--slot', 'staging'])
  })
})

describe('certificates of a service', () => {
  it('are added, listed and deleted by their thumbprints (K-1 to K-3)', async () => {
    const file = join(house.data, 'own.cer')
    writeFileSync(file, readFileSync(house.greeting()['clientCertificate'] as string))
    const { stdout } = await shop(['cert', 'add', file, '--json'])
    const [thumbprint = ''] = (JSON.parse(stdout) as { added: readonly string[] }).added
    assert.match((await shop(['cert', 'list'])).stdout, new RegExp(`^${thumbprint} `, 'm'))
    await shop(['cert', 'delete', thumbprint.toLowerCase()])
    assert.match((await shop(['cert', 'list'])).stdout, /^There are no certificates\./)
  })
})
