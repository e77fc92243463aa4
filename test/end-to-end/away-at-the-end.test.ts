/** The house is stopped while one of its Host Agents does not run: its guests end all the same. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { placesOf, readRecord } from '../../src/machine/building/data-directory.ts'
import { leftOf } from '../host/left-of.ts'
import { until } from '../until.ts'
import { makeHouse, root } from './house.ts'

/** Whoever dies is away for longer than the test takes. */
const house = makeHouse(['--timer', 'recycleDelays=1h'])
const inGuests = ['WaAppAgent', 'WindowsAzureGuestAgent', 'WaHostBootstrapper', 'node']

before(() => house.up())
after(() => house.dispose())

it('nothing of a guest is left by an orderly end whose Host Agent was killed before', async () => {
  const { code, stderr } = await house.reddog('deploy', join(root, 'examples/hello-worker'), '--service', 'hello')
  assert.equal(code, 0, stderr)
  assert.equal(house.processes('WaAppAgent').length, 2)
  process.kill(house.member('HostAgent-host1') as number, 'SIGKILL')
  await until(() => /HostAgent-host1 ended with signal SIGKILL; started again in/.test(house.said()), 'it is away')
  assert.equal(await house.end('SIGINT'), 0)
  assert.deepEqual(inGuests.flatMap(house.processes), [])
  assert.match(house.said(), /What was left of guests was killed: \d+ process(es)?\.\nReddog is down\.\n$/)
  const record = readRecord(placesOf(house.data))
  // Those of an ordinary user end with their namespaces.
  if (process.getuid?.() === 0) assert.deepEqual(leftOf(record?.network as number), [])
})
