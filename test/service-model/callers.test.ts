/** Who may call an internal endpoint by the network traffic rules (A-28, service-model.md 2.13). */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { callersOf } from '../../src/service-model/callers.ts'
import type { NetworkTrafficRule } from '../../src/service-model/definition.ts'

const to = (endpointName: string, fromRoles?: readonly string[]): NetworkTrafficRule => ({
  destinations: [{ roleName: 'Worker', endpointName }],
  fromRoles,
})

const rows: readonly (readonly [string, readonly NetworkTrafficRule[], readonly string[] | undefined])[] = [
  ['every role, without a rule', [], undefined],
  ['every role, with rules for other endpoints alone', [to('Other', ['Web'])], undefined],
  ['the roles of its rule', [to('In', ['Web'])], ['Web']],
  ['the roles of all its rules, once each', [to('In', ['Web']), to('In', ['Admin', 'Web'])], ['Web', 'Admin']],
  ['every role, where a rule allows all traffic', [to('In', ['Web']), to('In')], undefined],
]
for (const [who, networkTrafficRules, callers] of rows)
  it(`an internal endpoint is called by ${who}`, () =>
    assert.deepEqual(callersOf({ networkTrafficRules }, 'Worker', 'In'), callers))

it('an endpoint of the same name in another role has rules of its own', () => {
  const rule = { destinations: [{ roleName: 'Web', endpointName: 'In' }], fromRoles: ['Web'] }
  assert.equal(callersOf({ networkTrafficRules: [rule] }, 'Worker', 'In'), undefined)
})
