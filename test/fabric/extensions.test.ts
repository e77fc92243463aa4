/** Which extensions a deployment has after a choice of them (11.2), and which release of the guest OS an instance is to run (H-22, D-9). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ExtensionChoice, ExtensionUse } from '../../src/fabric/contract/extension.ts'
import {
  chosenExtensions,
  extensionKey,
  extensionsOf,
  installed,
  userOfExtension,
} from '../../src/fabric/controller/belongings/extensions.ts'
import { isOutdated, releaseOf, releaseRun } from '../../src/fabric/controller/servicing/release.ts'
import type { InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import type { ExtensionRecord } from '../../src/fabric/controller/state/records.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { deployed } from './fabric.ts'

const use = (id: string, state: ExtensionUse['state'] = 'Enable'): ExtensionUse => ({ id, state })
const choice = (
  allRoles: readonly ExtensionUse[],
  ...named: readonly (readonly [string, ...ExtensionUse[]])[]
): ExtensionChoice => ({
  allRoles,
  namedRoles: named.map(([role, ...extensions]) => ({ role, extensions })),
})

describe('extensions', () => {
  const fabric = deployed()
  const record = (service: string, id: string) => ({ service, id }) as unknown as ExtensionRecord
  const withExtensions = (...records: readonly ExtensionRecord[]): FabricState => {
    const { stored } = fabric.state
    const extension = stored.extension.merge(records.map((one) => [extensionKey(one.service, one.id), one]))
    return { ...fabric.state, stored: { ...stored, extension } }
  }
  const state = withExtensions(record('shop', 'Rdp'), record('shop', 'Diag'), record('other', 'Mine'))
  const roles = [{ name: 'Web' }, { name: 'Api' }]

  it('of a service are its own, by their IDs', () => {
    for (const order of [
      ['Rdp', 'Diag'],
      ['Diag', 'Rdp'],
    ])
      assert.deepEqual(
        extensionsOf(withExtensions(record('other', 'Aaa'), ...order.map((id) => record('shop', id))), 'shop').map(
          ({ id }) => id,
        ),
        ['Diag', 'Rdp'],
      )
  })

  const rows: readonly (readonly [
    what: string,
    chosen: ExtensionChoice | undefined,
    found: ExtensionChoice | string | undefined,
  ])[] = [
    ['none', undefined, undefined],
    ['one for all', choice([use('rdp')]), choice([use('rdp')])],
    ['one for a role in other letters', choice([], ['WEB', use('Diag')]), choice([], ['Web', use('Diag')])],
    [
      'one for a role that there is not',
      choice([], ['Nope', use('Diag')]),
      'The extension configuration names the role Nope, which does not exist.',
    ],
    [
      'one for all that there is not',
      choice([use('Rdp'), use('Nope')]),
      'The extension "Nope" has not been added to the service. Add it first.',
    ],
    [
      'one for a role that there is not in this service',
      choice([], ['Web', use('Mine')]),
      'The extension "Mine" has not been added to the service. Add it first.',
    ],
  ]
  for (const [what, chosen, found] of rows)
    it(`chosen: ${what}`, () => {
      const result = chosenExtensions(state, 'shop', chosen, roles)
      assert.deepEqual(result.ok ? result.value : result.fault.message, found)
    })

  it('that are uninstalled go, and with the last of them the choice', () => {
    const off = (id: string) => use(id, 'Uninstall')
    assert.equal(installed(undefined), undefined)
    assert.deepEqual(installed(choice([use('a'), use('b', 'Disable')])), choice([use('a'), use('b', 'Disable')]))
    assert.deepEqual(
      installed(choice([use('a'), off('b')], ['Web', off('c')], ['Api', use('d'), off('e')])),
      choice([use('a')], ['Api', use('d')]),
    )
    assert.deepEqual(installed(choice([], ['Web', use('c')])), choice([], ['Web', use('c')]))
    assert.equal(installed(choice([off('a')], ['Web', off('b')])), undefined)
  })

  it('are used by a deployment that has one in any version, or is on its way with it', () => {
    const id = fabric.deployment().id
    const user = (change: object) => {
      const { stored } = fabric.state
      const deployment = stored.deployment.set(id, { ...fabric.deployment(), ...change })
      return userOfExtension({ ...fabric.state, stored: { ...stored, deployment } }, 'shop', 'RDP')?.id
    }
    const [version] = Object.values(fabric.deployment().versions)
    const extensions = choice([], ['Web', use('rdp')])
    assert.equal(user({}), undefined)
    assert.equal(user({ versions: { 1: version, 2: { ...version, extensions: choice([use('rdp')]) } } }), id)
    assert.equal(user({ request: { extensions } }), id)
    assert.equal(user({ upgrading: { extensions } }), id)
    assert.equal(user({ upgrading: { extensions: choice([use('diag')], ['Web', use('x')]) } }), undefined)
    assert.equal(user({ request: { extensions: choice([use('diag'), use('rdp')]) } }), id, 'among others')
  })
})

describe('the release of the guest OS', () => {
  const osFamilies = [
    { family: 1, releases: ['1.9', '1.5', '1.1'] },
    { family: 2, releases: ['2.3', '2.1'] },
  ]
  const catalogue = { osFamilies } as unknown as Parameters<typeof releaseOf>[0]
  const system = (osFamily: number, osVersion = '*') => ({ osFamily, osVersion })
  const one = (release: string | undefined) => ({ release }) as InstanceRecord

  it('is the newest of the family, or the one that is asked for', () => {
    assert.deepEqual(
      [system(1), system(2), system(2, '2.1'), system(9)].map((asked) => releaseOf(catalogue, asked)),
      ['1.9', '2.3', '2.1', 'WA-GUEST-OS-9.1'],
    )
  })

  it('of an instance is the one that it was told, the oldest of its family before there were any', () => {
    assert.deepEqual(
      [
        releaseRun(catalogue, system(1), one('1.5')),
        releaseRun(catalogue, system(1), one(undefined)),
        releaseRun(catalogue, system(9), one(undefined)),
      ],
      ['1.5', '1.1', 'WA-GUEST-OS-9.1'],
    )
  })

  const rows: readonly (readonly [
    what: string,
    asked: ReturnType<typeof system>,
    release: string | undefined,
    outdated: boolean,
  ])[] = [
    ['the newest', system(1), '1.9', false],
    ['an older one', system(1), '1.5', true],
    ['none that it knows of', system(1), undefined, true],
    ['one that this platform does not have', system(1), '1.99', false],
    ['an older one, as its configuration asks', system(1, '1.5'), '1.5', false],
    ['one of a family that there is not', system(9), undefined, false],
  ]
  for (const [what, asked, release, outdated] of rows)
    it(`that is ${what}: ${outdated ? 'outdated' : 'stays'}`, () =>
      assert.equal(isOutdated(catalogue, asked, one(release)), outdated))
})
