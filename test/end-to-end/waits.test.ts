/** What ends the waiting of a verb, what it says then, and that it asks before it acts; on the whole house. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { makeHouse, type Ran, root } from './house.ts'
import { configuration, makeShop, type Version } from './shop.ts'

const timers = ['settleTime=300ms', 'recycleDelays=0,1s,2s', 'recycleThreshold=3', 'roleReadyTimeout=20s']
const house = makeHouse(timers.flatMap((timer) => ['--timer', timer]))
const broken = { name: 'bad', isBroken: true }

/** Runs a verb on the service; fails with all that it said when it does not end with that code. */
async function shop(words: readonly string[], code = 0): Promise<Ran> {
  const ran = await house.reddog(...words, '--service', 'shop')
  assert.equal(ran.code, code, `reddog ${words.join(' ')} ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`)
  return ran
}

function version(wanted: Version): string {
  return makeShop(house.data, wanted)
}

function answer(ran: Ran): Readonly<Record<string, string>> {
  return JSON.parse(ran.stdout) as Readonly<Record<string, string>>
}

before(async () => {
  await house.up()
  await shop(['deploy', version({ name: 'v1' })])
})
after(() => house.dispose())

describe('a verb that waits', () => {
  it('ends with 1 and the words of the role when a deployment never gets Ready', async () => {
    const { stdout, stderr } = await shop(['deploy', version(broken), '--slot', 'staging', '--json'], 1)
    assert.match(
      stderr,
      /Not every instance of "shop" gets Ready and stays so: Web_IN_0 is \w+(?: again, and had failed before)? \(.*bad cannot start/,
    )
    assert.match(answer({ code: 1, stdout, stderr })['operation'] ?? '', /^[0-9a-f]{32}$/)
    await shop(['delete', '--slot', 'staging', '--no-wait'])
  })

  it('ends with 1 and the words of the role when an update went on regardless', async () => {
    const { stderr } = await shop(['upgrade', version(broken), '--on-failure', 'continue'], 1)
    assert.match(stderr, /has ended, and not every instance of "shop" is where it should be: .*bad cannot start/)
    await shop(['upgrade', version({ name: 'v1' })])
  })

  it('leaves with --json the ID of the operation behind when it is interrupted', async () => {
    const words = ['upgrade', version(broken), '--service', 'shop', '--data', house.data, '--json']
    const child = spawn(process.execPath, [join(root, 'dist/reddog.mjs'), ...words])
    const said = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      if (!said.stderr.includes('Accepted') && chunk.toString().includes('Accepted')) child.kill('SIGINT')
      said.stderr += chunk.toString()
    })
    assert.equal((await once(child, 'close'))[0], 130)
    const { operation, error } = answer({ code: 130, ...said })
    assert.match(operation ?? '', /^[0-9a-f]{32}$/)
    assert.equal(error, 'Interrupted. What was asked goes on.')
    await shop(['upgrade', version({ name: 'v1' })])
  })
})

describe('a change during a manual update', () => {
  it('of the counts or the configuration is made only when its mode is named, and can go on by hand (U-42)', async () => {
    await shop(['upgrade', version({ name: 'v2' }), '--mode', 'manual'])
    const file = join(house.data, 'same.cscfg')
    writeFileSync(file, configuration({ name: 'v2' }))
    for (const words of [
      ['scale', 'Web=5'],
      ['config', file],
    ])
      assert.match(
        (await shop(words, 1)).stderr,
        /A manual update of shop is active in Production, .* --mode manual goes on by hand/,
      )
    assert.match((await shop(['scale', 'Web=5', '--mode', 'manual'])).stdout, /^Nothing has moved yet\./)
  })

  it('that is refused does not advise to roll the other one back', async () => {
    const { stderr } = await shop(['upgrade', version({ name: 'v4', setting: 'Colour' })], 1)
    assert.match(stderr, /then reddog swap --service shop/)
    assert.doesNotMatch(stderr, /Go back with/)
  })

  it('shows in the words of the command line what it waits for', async () => {
    const { stdout } = await shop(['status'])
    assert.match(stdout, /Before domain 0 of 2\n/)
    assert.match(stdout, /waits for: .*waits for "reddog walk"\n/)
    await shop(['rollback'])
  })
})

describe('a verb about an empty slot', () => {
  it('names the slot and the next step, before anything is uploaded', async () => {
    const sentence = (next: string) =>
      `reddog: There is no deployment in Staging of "shop". Make one with: reddog deploy PACKAGE CONFIGURATION ${next}\n`
    const file = join(house.data, 'same.cscfg')
    for (const words of [['upgrade', version({ name: 'v2' })], ['rollback'], ['suspend'], ['config', file], ['delete']])
      assert.equal((await shop([...words, '--slot', 'staging'], 1)).stderr, sentence('--service shop --slot staging'))
  })

  it('says so when there is no such service', async () => {
    const { code, stderr } = await house.reddog('suspend', '--service', 'nobody')
    assert.deepEqual([code, stderr], [1, 'reddog: No cloud service is called "nobody". See: reddog service list\n'])
  })
})

describe('what a script reads', () => {
  it('is one object, with the operation where one was begun', async () => {
    const { services } = JSON.parse((await house.reddog('service', 'list', '--json')).stdout) as {
      readonly services: readonly Readonly<Record<string, string>>[]
    }
    assert.deepEqual(Object.keys(services[0] ?? {}), ['name', 'label', 'status', 'location', 'created'])
    assert.deepEqual(answer(await shop(['cert', 'list', '--json'])), { certificates: [] })
    const refused = answer(await house.reddog('service', 'delete', 'shop', '--json'))
    assert.equal(refused['code'], 'ConflictError')
    assert.match(refused['error'] ?? '', /--with-deployments/)
    for (const words of [['scale', 'Web=3'], ['instance', 'reboot', 'Web_IN_0'], ['suspend'], ['resume']])
      assert.match(
        (await shop([...words, '--no-wait'])).stdout,
        /^Accepted as operation [0-9a-f]{32}\. Watch it with: /,
      )
  })
})
