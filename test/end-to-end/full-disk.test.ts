/** A disk that fills up: nothing that was accepted is lost, roles serve on, and room brings everything back. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { until } from '../until.ts'
import { get, makeHouse, root } from './house.ts'

/** A disk that the platform fits on, with little to spare. */
const diskMB = 24

const asRoot = process.getuid?.() === 0

describe('a full disk', { skip: asRoot ? false : 'it needs root to mount a small disk' }, () => {
  const house = makeHouse(['--timer', 'recycleDelays=0,500ms'])
  const filler = join(house.data, 'filler')

  before(async () => {
    mkdirSync(house.data, { recursive: true })
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMB}m,mode=755`, 'tmpfs', house.data])
    await house.up()
  })
  after(async () => {
    await house.end('SIGTERM')
    execFileSync('umount', [house.data])
    await house.dispose()
  })

  it('refuses with a sentence, lets roles serve, and is over when there is room', async () => {
    const deployed = await house.reddog('deploy', join(root, 'examples/hello-worker'), '--service', 'hello', '--json')
    assert.equal(deployed.code, 0, deployed.stderr)
    const address = (JSON.parse(deployed.stdout) as { addresses: readonly string[] }).addresses[0] as string

    assert.throws(() => writeFileSync(filler, Buffer.alloc(2 * diskMB * 1024 * 1024)), { code: 'ENOSPC' })
    const refused = await house.reddog('service', 'create', 'another')
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /^reddog: .*\n$/, 'one sentence')
    await until(() => /The disk is full\. Make room/.test(house.said()), 'up says what is wrong')
    assert.match(await get(address), /^Hello from a cloud service/)

    rmSync(filler)
    await until(() => /There is room again\./.test(house.said()), 'up says that it is over')
    await until(
      async () => (await house.reddog('service', 'create', 'another')).code === 0,
      'requests are accepted again',
    )
    assert.doesNotMatch(house.said(), /FabricController ended/)
    const { stdout } = await house.reddog('service', 'list', '--json')
    assert.match(stdout, /"hello"/)
    assert.match(await get(address), /^Hello from a cloud service/)
  })
})
