/** Who is set aside is told what was asked for and is not there (F-27): each assertion names it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { settleFetch } from '../../src/fabric/controller/deployment/settle-fetch.ts'
import { settleCopyPackage } from '../../src/fabric/controller/packages/settle-copy-package.ts'
import { declareDrained } from '../../src/fabric/controller/servicing/declare-drained.ts'
import { inServicing } from '../../src/fabric/controller/servicing/in-servicing.ts'
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

  const done = { kind: 'done' } as const
  const copy = {
    operation: 'o',
    service: 'shop',
    deploymentName: 'v1',
    packageSha256: 'sha',
    configurationText: '',
    containerUrl: '',
    overwrite: false,
  }
  const cases: Readonly<Record<string, readonly [ask: () => unknown, words: RegExp]>> = {
    'a decision about a deployment that has gone': [() => decidedAbout(state, 'gone'), /no deployment gone/],
    'a step of an update that there is not': [() => atStep(state, id), new RegExp(`${id} has no update`)],
    'a version that nobody has kept': [() => versionOf(state, deployment, 7), new RegExp(`${id} has no version 7`)],
    'a version without its package': [
      () => versionOf({ ...state, stored: { ...state.stored, package: state.stored.package.clear() } }, deployment, 1),
      new RegExp(`${id} has no version 1 with its package`),
    ],
    'a step of a servicing that there is not': [() => inServicing(state, id), new RegExp(`${id} is not serviced`)],
    'the end of a drain that there is not': [
      () => declareDrained(state, { kind: 'declareDrained', key: 'k', reason: '', host: 'a' }, 0),
      /host a is not to be drained/,
    ],
    'the same of a host that has gone': [
      () => declareDrained(state, { kind: 'declareDrained', key: 'k', reason: '', host: 'z' }, 0),
      /host z is not to be drained/,
    ],
    'a package that was neither read nor refused': [
      () => settleFetch(state, { kind: 'fetchPackage', key: 'k', reason: '', deployment: id, url: '' }, 0, done),
      /fetchPackage ended without a result/,
    ],
    'a package that was neither written nor not': [
      () => settleCopyPackage(state, { kind: 'copyPackage', key: 'k', reason: '', copy }, 0, done),
      /copyPackage ended without a result/,
    ],
    'a size that no table has': [() => knownSize('Huge'), /size "Huge", which does not exist/],
  }
  for (const [what, [ask, words]] of Object.entries(cases))
    it(`${what} is said by name`, () => assert.throws(ask, words))
})
