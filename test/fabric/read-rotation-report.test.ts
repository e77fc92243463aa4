/** What the controller takes of the balancer's report: nonsense about one instance or endpoint costs no other anything. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import * as fc from 'fast-check'
import { readRotationReport } from '../../src/fabric/contract/read-rotation-report.ts'
import type { RotationReport } from '../../src/fabric/contract/rotation.ts'

const report: Required<RotationReport> = {
  balancer: 'b',
  acknowledged: 7,
  drained: ['d.Web_IN_0'],
  boundPorts: { e: 8080 },
  probedOut: { 'd.Web_IN_1': 'It answers 500.' },
  failed: { f: 'The port is in use.' },
  takenVips: { '192.0.2.10': 'The computer 02:00:00:00:00:01 has it.' },
}

it('what the balancer says is read as it was said', () => {
  assert.deepEqual(readRotationReport(JSON.parse(JSON.stringify(report))), report)
})

it('what is none of its kind is left out, and all else is believed', () => {
  const odd = fc.oneof(
    fc.json().map((text): unknown => JSON.parse(text)),
    fc.constantFrom<unknown>(null, -1, 99_999_999_999, 'x'.repeat(100_000), '__proto__'),
  )
  fc.assert(
    fc.property(
      fc.constantFrom('boundPorts', 'probedOut', 'failed', 'takenVips'),
      fc.string(),
      odd,
      (field, key, wrong) => {
        const said = JSON.parse(JSON.stringify({ ...report, [field]: { [key]: wrong, ...report[field] } })) as unknown
        const read = readRotationReport(said)
        assert.ok(read)
        for (const [known, value] of Object.entries(report[field] ?? {})) assert.equal(read[field]?.[known], value)
        assert.ok(Object.values(read.boundPorts).every((port) => port > 0 && port < 65_536))
        assert.ok(JSON.stringify(read).length < 10_000)
      },
    ),
  )
  assert.deepEqual(readRotationReport({ ...report, drained: [null, 1, 'd.Web_IN_0', {}] })?.drained, ['d.Web_IN_0'])
})

it('a report without a balancer or a version is none', () => {
  for (const field of ['balancer', 'acknowledged'])
    for (const wrong of [undefined, null, -1, Number.NaN, {}, 'x'.repeat(100_000)])
      assert.equal(readRotationReport({ ...report, [field]: wrong }), undefined)
})
