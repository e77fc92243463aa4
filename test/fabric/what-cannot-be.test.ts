/** Who is set aside is told what was asked for and is not there (F-27): each assertion names it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decidedAbout, versionOf } from '../../src/fabric/controller/state/find.ts'
import { knownSize } from '../../src/fabric/controller/state/load.ts'
import { atStep } from '../../src/fabric/controller/update/step.ts'
import { configuration, deployed } from './fabric.ts'
import { changeTo, running } from './updates.ts'

describe('what cannot be', () => {
  const fabric = deployed()
  const { state } = fabric
  const deployment = fabric.deployment()
  const { id } = deployment
  it('is not said of what there is', () => {
    const updated = running({ Web: 2 })
    updated.ask(changeTo(configuration({ Web: 3 }), { mode: 'Manual' }))
    const found = updated.deployment()
    assert.ok(found.update)
    assert.deepEqual(atStep(updated.state, found.id), found)
  })

  const cases: Readonly<Record<string, readonly [ask: () => unknown, words: RegExp]>> = {
    'a decision about a deployment that has gone': [() => decidedAbout(state, 'gone'), /no deployment gone/],
    'a step of an update that there is not': [() => atStep(state, id), new RegExp(`${id} has no update`)],
    'a version that nobody has kept': [() => versionOf(state, deployment, 7), new RegExp(`${id} has no version 7`)],
    'a version without its package': [
      () => versionOf({ ...state, stored: { ...state.stored, package: state.stored.package.clear() } }, deployment, 1),
      new RegExp(`${id} has no version 1 with its package`),
    ],
    'a size that no table has': [() => knownSize('Huge'), /size "Huge", which does not exist/],
  }
  for (const [what, [ask, words]] of Object.entries(cases))
    it(`${what} is said by name`, () => assert.throws(ask, words))
})
