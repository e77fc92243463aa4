import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { configurationOf } from '../../src/host/agent/configuration.ts'
import { timersWith } from '../../src/kernel/timers.ts'
import { accountOf, hasAccount, idOf, isAccountId } from '../../src/machine/building/accounts.ts'
import { wireAddress } from '../../src/machine/building/network.ts'

const parts = ['etcd', 'Azurite', 'FabricController', 'BlobGate', 'LoadBalancer', 'RDFE', 'Portal']

/** Each b that a fabric can have. */
const networks = Array.from({ length: 250 - 16 }, (_, index) => 16 + index)

const idsOf = (network: number) => parts.flatMap((name) => accountOf(network, name)?.id ?? [])

function firstGuest(network: number): number {
  const machine = { bootId: '', agentRun: '', firstPort: 0, agentIncarnation: '', ownAccounts: true, ownNetworks: true }
  const options = {
    name: 'host1',
    cores: 1,
    memoryMB: 0,
    diskMB: 0,
    faultDomain: 0,
    subnet: '',
    dataDirectory: '',
    wireAddress: wireAddress(network, 0),
    programs: '',
  } as Parameters<typeof configurationOf>[0]
  return configurationOf(options, timersWith([]), machine).firstUid ?? 0
}

describe('accounts of the parts of a fabric', () => {
  it('are numbers that no other part, fabric or guest has (design.md 9.5)', () => {
    const all = networks.flatMap(idsOf)
    assert.equal(new Set(all).size, networks.length * parts.length)
    assert.ok(all.every(isAccountId))
    const lowest = Math.min(...networks.map(firstGuest))
    assert.ok(!isAccountId(lowest) && Math.max(...all) < lowest, `guests begin at ${lowest}`)
  })

  it('belong to those that listen, and bind low ports for the balancer alone', () => {
    for (const name of [
      'PortHolder',
      'PortHolder-Azurite',
      'VipHolder',
      'NamespaceGate',
      'HostAgent-host1',
      'constructor',
    ])
      assert.deepEqual([hasAccount(name), accountOf(16, name)], [false, undefined], name)
    assert.deepEqual(
      parts.filter((name) => accountOf(16, name)?.bindsLowPorts),
      ['LoadBalancer'],
    )
  })

  it('share the groups of what several read, and no other', () => {
    const members = (group: Parameters<typeof idOf>[1]) =>
      parts.filter((name) => accountOf(16, name)?.groups.includes(idOf(16, group)))
    assert.deepEqual(members('parts'), parts)
    assert.deepEqual(members('secrets'), ['FabricController', 'RDFE'])
    assert.deepEqual(members('store'), ['etcd', 'FabricController'])
    assert.deepEqual(members('api'), ['RDFE', 'Portal'])
  })
})
