import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Swapped, swapChecks } from '../../src/client/portal/browser/swap/swap-checks.ts'

type Instance = Swapped['roleInstances'][number]

function deployment(slot: Swapped['slot'], traits: Partial<Swapped> = {}): Swapped {
  return {
    slot,
    roleInstances: [instance('Web_IN_0', ['Http', 'Https']), instance('Web_IN_1', ['Http', 'Https'])],
    ...traits,
  } as const
}

function instance(instanceName: string, endpoints: readonly string[], instanceStatus = 'ReadyRole'): Instance {
  return {
    instanceName,
    roleName: 'Web',
    instanceStatus,
    upgradeDomain: 0,
    faultDomain: 0,
    instanceSize: 'Small',
    stateDetails: '',
    powerState: 'Started',
    endpoints: [
      ...endpoints.map((name, place) => ({ name, protocol: 'http', publicPort: 80 + place, localPort: 8080 })),
      { name: 'Internal', protocol: 'tcp', localPort: 9000 },
    ],
  }
}

function failing(production: Swapped | undefined, staging: Swapped | undefined): readonly string[] {
  return swapChecks(production, staging)
    .filter(({ holds }) => !holds)
    .map(({ what }) => what)
}

describe('the checks of a swap', () => {
  const [production, staging] = [deployment('Production'), deployment('Staging')]

  it('hold for two slots at rest with as many endpoints (U-57, U-59)', () => {
    assert.deepEqual(failing(production, staging), [])
    assert.deepEqual(swapChecks(production, staging).find(({ what }) => what === 'endpoints')?.found, {
      production: 2,
      staging: 2,
    })
  })

  it('hold for an empty production slot, into which staging moves (U-57)', () => {
    assert.deepEqual(failing(undefined, staging), [])
    assert.deepEqual(
      swapChecks(undefined, staging).map(({ what }) => what),
      ['staging', 'rest', 'ready'],
    )
  })

  it('do not hold for an empty staging slot', () => assert.deepEqual(failing(production, undefined), ['staging']))

  it('do not hold while an update or another operation is active in either slot, which is named (U-60)', () => {
    const upgradeStatus = { upgradeType: 'Auto', domainState: 'During', domain: 0 } as const
    const updated = deployment('Staging', { upgradeStatus })
    assert.deepEqual(failing(production, updated), ['rest'])
    assert.deepEqual(swapChecks(production, updated).find(({ what }) => what === 'rest')?.slots, ['Staging'])
    assert.deepEqual(failing(deployment('Production', { locked: true }), staging), ['rest'])
  })

  it('do not hold when an instance is not Ready, and name three at most (U-60)', () => {
    const busy = [0, 1, 2, 3].map((index) => instance(`Web_IN_${index}`, ['Http', 'Https'], 'BusyRole'))
    const unready = deployment('Staging', { roleInstances: busy })
    assert.deepEqual(failing(production, unready), ['ready'])
    assert.deepEqual(swapChecks(production, unready).find(({ what }) => what === 'ready')?.found, {
      count: 4,
      instances: 'Web_IN_0 (BusyRole), Web_IN_1 (BusyRole), Web_IN_2 (BusyRole)',
    })
  })

  it('do not hold for another number of public endpoints (U-59)', () => {
    const fewer = deployment('Staging', { roleInstances: [instance('Web_IN_0', ['Http'])] })
    assert.deepEqual(failing(production, fewer), ['endpoints'])
  })

  it('do not hold when one slot alone has a reserved address (U-61)', () => {
    const reserved = deployment('Production', { reservedIPName: 'front' })
    assert.deepEqual(failing(reserved, staging), ['reserved'])
    assert.deepEqual(failing(reserved, deployment('Staging', { reservedIPName: 'back' })), [])
  })
})
