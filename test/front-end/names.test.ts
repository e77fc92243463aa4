/** Which names the API takes. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isReservedAddressName } from '../../src/front-end/contract/names.ts'

for (const [name, may] of [
  ['a', true],
  ['7', true],
  ['Group shop-group front_door', true],
  ['front.', true],
  ['front-', true],
  ['front_', true],
  ['f..-_', true],
  ['a'.repeat(80), true],
  ['a'.repeat(81), false],
  ['', false],
  ['front ', false],
  [' front', false],
  ['.front', false],
  ['-front', false],
  ['_front', false],
  ['front/door', false],
  ['fr\u00f6nt', false],
] as const)
  it(`an address ${may ? 'can' : 'cannot'} be reserved as "${name}" (V-2)`, () =>
    assert.equal(isReservedAddressName(name), may))
