import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SubscriptionView } from '../../src/fabric/contract/views.ts'
import { identify } from '../../src/front-end/rdfe/identify.ts'

const now = Date.UTC(2026, 0, 1)
const mine = { thumbprint: 'AA', data: 'ZGVy', expiresAt: now + 1 }
const subscription: SubscriptionView = {
  id: 'AAAA',
  name: '',
  status: 'Active',
  createdAt: 0,
  maxCores: 20,
  maxServices: 20,
  currentCores: 0,
  currentServices: 0,
  certificates: [{ thumbprint: 'AA', data: 'ZGVy', createdAt: 0 }],
}

const situations = [
  { what: 'its own certificate', id: 'aaaa', certificate: mine, code: undefined },
  { what: 'no certificate', id: 'aaaa', certificate: undefined, code: 'ForbiddenError' },
  { what: 'another certificate', id: 'aaaa', certificate: { ...mine, data: 'eA==' }, code: 'ForbiddenError' },
  {
    what: 'the same thumbprint over other bytes (R-3)',
    id: 'aaaa',
    certificate: { ...mine, data: 'ZGVyeA==' },
    code: 'ForbiddenError',
  },
  {
    what: 'a certificate that has expired',
    id: 'aaaa',
    certificate: { ...mine, expiresAt: now },
    code: 'ForbiddenError',
  },
  { what: 'an unknown subscription', id: 'bbbb', certificate: mine, code: 'ForbiddenError' },
]

for (const { what, id, certificate, code } of situations)
  test(`A caller with ${what} is ${code ? 'refused' : 'let in'} (R-3, R-4)`, () => {
    const found = identify([subscription], id, certificate, now)
    assert.equal(found.ok ? undefined : found.fault.code, code)
  })

test('Every reason to refuse gives the same answer, so that IDs cannot be probed (R-4)', () => {
  const refusals = situations
    .filter(({ code }) => code)
    .map(({ id, certificate }) => identify([subscription], id, certificate, now))
  for (const refusal of refusals) assert.deepEqual(refusal, refusals[0])
})

test('A disabled subscription says so, and only to its own certificates (R-4)', () => {
  const disabled = [{ ...subscription, status: 'Disabled' as const }]
  const own = identify(disabled, 'aaaa', mine, now)
  assert.equal(own.ok ? '' : own.fault.code, 'SubscriptionDisabled')
  const other = identify(disabled, 'aaaa', { ...mine, data: 'eA==' }, now)
  assert.equal(other.ok ? '' : other.fault.code, 'ForbiddenError')
})
