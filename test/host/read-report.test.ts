/** What the controller takes of a host's report: one instance of which nonsense is said never silences the others. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import * as fc from 'fast-check'
import { readHostAnswer, readHostFacts, readHostReport } from '../../src/host/contract/read-report.ts'
import type { HostFacts, HostReport, InstanceReport } from '../../src/host/contract/report.ts'

/** With all that a host can say. */
const instance: Required<InstanceReport> = {
  key: 'd.Web_IN_0',
  revision: 3,
  status: 'ReadyRole',
  details: '',
  errorCode: 'OutOfDisk',
  powerState: 'Started',
  account: 200_000,
  address: '10.17.10.4',
  since: 1_700_000_000_000,
  failures: 0,
  prepared: 'a sha',
  prepareFault: 'The disk is full.',
}
const report: HostReport = {
  agentRun: 'run',
  number: 7,
  goalVersion: 2,
  complete: true,
  instances: [instance, { ...instance, key: 'd.Web_IN_1' }],
  gone: ['d.Web_IN_2'],
}
const facts: Omit<HostFacts, 'name'> = {
  cores: 4,
  memoryMB: 0,
  diskMB: 0,
  faultDomain: 1,
  bootId: 'b',
  agentRun: 'run',
  firstPort: 1024,
  subnet: '10.1.4.0/22',
}
const odd = fc.oneof(
  fc.json().map((text): unknown => JSON.parse(text)),
  fc.constantFrom<unknown>(null, '', -1, 0.5, Number.NaN, 1e21, 'x'.repeat(100_000), 'constructor'),
)

it('what a host says is read as it was said', () => {
  assert.deepEqual(readHostReport(JSON.parse(JSON.stringify(report))), report)
  assert.deepEqual(readHostFacts({ ...facts, name: 'another' }), facts)
  const { cores, memoryMB, diskMB, faultDomain, bootId, agentRun, firstPort } = facts
  const without = { cores, memoryMB, diskMB, faultDomain, bootId, agentRun, firstPort }
  assert.deepEqual(readHostFacts(without), without)
})

it('a field of an instance that is none of its kind leaves that instance out, and the others are heard', () => {
  fc.assert(
    fc.property(fc.constantFrom(...(Object.keys(instance) as (keyof InstanceReport)[])), odd, (field, wrong) => {
      const read = readHostReport({
        ...report,
        instances: [{ ...instance, [field]: wrong }, ...report.instances.slice(1)],
      })
      const [first, ...others] = read?.instances ?? []
      assert.deepEqual(read?.instances.at(-1), report.instances[1])
      if (others.length > 0) assert.ok(JSON.stringify(first).length < 20_000)
    }),
  )
})

it('a report or a registration with a number, a name or a list that is none is none itself', () => {
  for (const field of Object.keys(report)) assert.equal(readHostReport({ ...report, [field]: null }), undefined, field)
  for (const field of Object.keys(facts))
    for (const wrong of [null, '', -1, Number.NaN, 1e21, 'x'.repeat(601)])
      assert.equal(readHostFacts({ ...facts, [field]: wrong }), undefined, `${field} ${String(wrong)}`)
})

it('what was found in a log is cut to a piece, and is none without its paths and its place', () => {
  const found = { logicalPath: 'C:\\a.log', realPath: '/a.log', text: 'x', nextOffset: 3, known: ['a'] }
  assert.deepEqual(readHostAnswer({ ...found, more: 1 }), found)
  assert.equal(readHostAnswer({ ...found, text: 'x'.repeat(1_000_000) })?.text.length, 65_536)
  assert.deepEqual(readHostAnswer({ ...found, known: [null, 'a', {}] })?.known, ['a'])
  for (const field of ['logicalPath', 'realPath', 'text', 'nextOffset'])
    for (const wrong of [undefined, null, -1, {}])
      assert.equal(readHostAnswer({ ...found, [field]: wrong }), undefined, `${field} ${JSON.stringify(wrong)}`)
})
