/** The picture of the hosts: cores as cells, hosts by fault domain. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { byFaultDomain, coresOf, partsOfKey } from '../../src/client/portal/browser/hosts/cores.ts'

const host = (freeCores: number, cores = 4) => ({ name: 'host1', cores, freeCores, faultDomain: 0 })
const cells = (...found: Parameters<typeof coresOf>) =>
  coresOf(...found).map((core) => (core.kind === 'free' ? '' : core.instances.join('+')))

describe('the picture of a host', () => {
  it('shows each core, those of one instance side by side, the free ones last', () => {
    const placed = [
      { name: 'a', size: 'Medium' },
      { name: 'b', size: 'Small' },
    ]
    assert.deepEqual(cells(host(1), placed), ['a', 'a', 'b', ''])
  })

  it('shows in one core the instances that share it', () => {
    const placed = ['a', 'b', 'c'].map((name) => ({ name, size: 'ExtraSmall' }))
    assert.deepEqual(cells(host(3), placed), ['a+b+c', '', '', ''])
    assert.deepEqual(cells(host(2), placed), ['a+c', 'b', '', ''])
  })

  it('shows as many cores as the host says, also of instances of which nothing is known', () => {
    assert.deepEqual(cells(host(3), [{ name: 'x', size: undefined }]), ['x', '', '', ''])
    assert.equal(cells(host(0, 2), [{ name: 'a', size: 'ExtraLarge' }]).length, 2)
    assert.deepEqual(cells(host(4), []), ['', '', '', ''])
  })
})

describe('the hosts', () => {
  it('stand by their fault domain, in the order of their numbers', () => {
    const hosts = ['host10', 'host9', 'host2'].map((name, at) => ({ ...host(4), name, faultDomain: at % 2 }))
    assert.deepEqual(
      byFaultDomain(hosts).map(({ faultDomain, hosts }) => [faultDomain, ...hosts.map(({ name }) => name)]),
      [
        [0, 'host2', 'host10'],
        [1, 'host9'],
      ],
    )
  })

  it('name their instances by deployment and name', () => {
    assert.deepEqual(partsOfKey('3552846ab96a.Web.Front_IN_0'), {
      deploymentId: '3552846ab96a',
      instance: 'Web.Front_IN_0',
    })
  })
})
