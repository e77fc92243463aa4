/** What users see of a cloud service and operators of hosts, whole: each field is there, in its order (C-3, D-6 to D-9). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { InstanceView } from '../../src/fabric/contract/views.ts'
import { asideWords, withThrown } from '../../src/fabric/controller/history/set-aside.ts'
import { hostSubject } from '../../src/fabric/controller/subject.ts'
import { answerView } from '../../src/fabric/controller/views/answer.ts'
import { asideView } from '../../src/fabric/controller/views/set-aside.ts'
import {
  configuration,
  createDeployment,
  createShop,
  type Fabric,
  fabricOf,
  shipped,
  subscriptionId,
  timers,
} from './fabric.ts'
import { obey } from './obey.ts'

const roles = [
  {
    name: 'Web',
    endpoints:
      '<InputEndpoint name="Http" protocol="http" port="8081"/><InputEndpoint name="Raw" protocol="tcp" port="9000"/>' +
      '<InstanceInputEndpoint name="Direct" protocol="tcp" localPort="7000"><AllocatePublicPortFrom><FixedPortRange min="7100" max="7110"/></AllocatePublicPortFrom></InstanceInputEndpoint>',
  },
  { name: 'Api', endpoints: '<InternalEndpoint name="In" protocol="any"/>' },
]
const counts = { Web: 2, Api: 1 }
const changedMs = 20_000

/** Three hosts, two services, and a deployment that is Running, with all of its instances settled. */
function shown(): Fabric {
  const fabric = fabricOf({ ...shipped(), roles, warnings: ['a warning'] })
  fabric.host('b', { faultDomain: 1 })
  fabric.host('a')
  fabric.host('c', { cores: 4 })
  fabric.ask({ ...createShop, service: 'Zoo' })
  fabric.ask(createShop)
  fabric.ask(createDeployment({ configuration: configuration(counts), extendedProperties: { a: 'b' } }))
  obey(fabric)
  fabric.pass(changedMs)
  obey(fabric)
  return fabric
}

function webInstance(index: number, faultDomain: number, host: string): InstanceView {
  return {
    role: 'Web',
    name: `Web_IN_${index}`,
    status: 'ReadyRole',
    hasSettled: true,
    details: '',
    errorCode: undefined,
    upgradeDomain: index,
    faultDomain,
    version: 1,
    size: 'Small',
    address: `127.77.16.${index + 1}`,
    endpoints: [
      { name: 'Http', protocol: 'http', localPort: 8081, publicPort: 8081 },
      { name: 'Raw', protocol: 'tcp', localPort: 9000, publicPort: 9000 },
      { name: 'Direct', protocol: 'tcp', localPort: 7000, publicPort: 7100 + index },
    ],
    powerState: 'Started',
    inRotation: true,
    host,
  }
}

function serviceOf(fabric: Fabric, name: string) {
  const services = answerView(fabric.state, 'services', { subscriptionId }, fabric.now)
  assert.deepEqual(
    services.map((one) => one.name),
    ['Shop', 'Zoo'],
  )
  const service = services.find((one) => one.name === name)
  assert.deepEqual(answerView(fabric.state, 'service', { subscriptionId, service: name }, fabric.now), service)
  return service
}

describe('the view of a cloud service', () => {
  const fabric = shown()
  const createdAt = fabric.now - changedMs
  const { id } = fabric.deployment()

  it('has its deployment with roles, endpoints and instances', () => {
    const osVersion = 'WA-GUEST-OS-1.1_202601-01'
    assert.deepEqual(serviceOf(fabric, 'Shop'), {
      name: 'Shop',
      label: 'bA==',
      location: 'Here',
      extendedProperties: {},
      createdAt,
      modifiedAt: createdAt,
      status: 'Created',
      deployments: [
        {
          name: 'v1',
          slot: 'Production',
          id,
          status: 'Running',
          label: 'bA==',
          url: 'http://shop.localhost:8081/',
          vip: '127.77.1.1',
          reservedAddress: undefined,
          warnings: ['a warning'],
          timers,
          locked: false,
          rollbackAllowed: false,
          upgrade: undefined,
          createdAt,
          modifiedAt: createdAt,
          extendedProperties: { a: 'b' },
          deploying: false,
          configuration: configuration(counts),
          definitionName: 'Shop',
          instances: [
            webInstance(0, 0, 'c'),
            webInstance(1, 1, 'b'),
            {
              ...webInstance(0, 0, 'c'),
              role: 'Api',
              name: 'Api_IN_0',
              address: '127.77.16.3',
              endpoints: [{ name: 'In', protocol: 'tcp', localPort: 20_000 }],
              inRotation: false,
            },
          ],
          upgradeDomainCount: 2,
          roles: [
            {
              name: 'Web',
              osVersion,
              inputEndpoints: [
                { name: 'Http', port: 8081, protocol: 'http' },
                { name: 'Raw', port: 9000, protocol: 'tcp' },
              ],
            },
            { name: 'Api', osVersion, inputEndpoints: [] },
          ],
          sdkVersion: '1.2.3.4',
          extensions: undefined,
        },
      ],
    })
  })

  it('has nothing but itself where nothing is deployed', () => {
    assert.deepEqual(serviceOf(fabric, 'Zoo'), {
      name: 'Zoo',
      label: 'bA==',
      location: 'Here',
      extendedProperties: {},
      createdAt,
      modifiedAt: createdAt,
      status: 'Created',
      deployments: [],
    })
  })

  it('says that it is being deleted, and out of rotation who leaves', () => {
    const leaving = shown()
    leaving.ask({ kind: 'deleteService', service: 'shop', withDeployments: true })
    const { status, deployments = [] } = serviceOf(leaving, 'Shop') ?? {}
    assert.deepEqual([status, deployments.map((one) => one.status)], ['Deleting', ['Deleting']])
    const members = deployments.flatMap(({ instances }) => instances.map((one) => [one.name, one.inRotation]))
    assert.deepEqual(members, [
      ['Web_IN_0', false],
      ['Web_IN_1', false],
      ['Api_IN_0', false],
    ])
  })

  it('has of a deployment whose package has not been read what was asked for (D-10)', () => {
    const { deployments = [] } = serviceOf(fabric, 'Shop') ?? {}
    const [{ request: _, ...deployment }] = [fabric.deployment()]
    const reading = {
      ...deployment,
      versions: {},
      request: { configuration: 'text', packageUrl: '', treatWarningsAsError: false, start: true },
    }
    const state = { ...fabric.state, stored: { ...fabric.state.stored } }
    const stored = { ...state.stored, deployment: state.stored.deployment.set(id, reading) }
    const view = answerView({ ...state, stored }, 'service', { subscriptionId, service: 'Shop' }, fabric.now)
    const [before] = deployments
    const { extensions: _extensions, ...expected } = before ?? assert.fail()
    assert.deepEqual(view?.deployments, [
      {
        ...expected,
        status: 'Deploying',
        deploying: true,
        configuration: 'text',
        definitionName: '',
        instances: [],
        upgradeDomainCount: 0,
        roles: [],
        sdkVersion: '',
        warnings: view?.deployments[0]?.warnings,
      },
    ])
  })
})

it('the view of hosts has all of them by name, with what is free, what stands there, and what a drain waits for', () => {
  const fabric = shown()
  const { id } = fabric.deployment()
  fabric.ask({ kind: 'drainHost', host: 'b' })
  fabric.pass(timers.hostLostAfter)
  for (const host of ['b', 'c']) fabric.report('ReadyRole', [host])
  const key = (name: string) => `${id}.${name}`
  const hosts = answerView(fabric.state, 'hosts', {}, fabric.now)
  assert.deepEqual(
    hosts.map(({ waitsFor, ...host }) => [host, waitsFor.length]),
    [
      [{ name: 'a', state: 'Lost', cores: 8, freeCores: 8, faultDomain: 0, instances: [], unknown: [] }, 0],
      [
        {
          name: 'b',
          state: 'Draining',
          cores: 8,
          freeCores: 7,
          faultDomain: 1,
          instances: [key('Web_IN_1')],
          unknown: [],
        },
        1,
      ],
      [
        {
          name: 'c',
          state: 'InService',
          cores: 4,
          freeCores: 2,
          faultDomain: 0,
          instances: [key('Web_IN_0'), key('Api_IN_0')],
          unknown: [],
        },
        0,
      ],
    ],
  )
  assert.match(hosts[1]?.waitsFor[0] ?? '', /domain 1: waits /)
  const aside = withThrown(fabric.state, hostSubject('b'), 'decision', 'TypeError: x')
  assert.deepEqual(
    answerView(aside, 'hosts', {}, fabric.now).map(({ waitsFor }) => waitsFor),
    [[], [...(hosts[1]?.waitsFor ?? []), asideWords(aside, hostSubject('b'))], []],
    'and why one is set aside (F-27)',
  )
})

it('the view of a host that is drained does not wait for a deployment that is being deleted', () => {
  const fabric = fabricOf()
  fabric.host('a')
  fabric.ask(createShop)
  const alone = configuration({ Web: 1 })
  fabric.ask(createDeployment({ configuration: alone }))
  fabric.ask(createDeployment({ slot: 'Staging', name: 'v2', configuration: alone }))
  obey(fabric)
  fabric.ask({ kind: 'deleteDeployment', deployment: { service: 'shop', slot: 'Staging' } })
  fabric.ask({ kind: 'drainHost', host: 'a' })
  const [drained] = answerView(fabric.state, 'hosts', {}, fabric.now)
  assert.deepEqual(drained?.waitsFor, ['drain of a, domain 0: waits for the stop of Web_IN_0'])
})

it('the view of a deployment that cannot be read has what can be said, and why it is not more (F-27)', () => {
  const fabric = shown()
  const deployment = fabric.deployment()
  const seen = (wanted: 'Running' | 'Suspended' | 'Deleted') =>
    asideView(fabric.state, { ...deployment, wanted }, undefined)
  const { url: _url, ...view } = fabric.view()
  const words = 'Set aside because of a defect in the fabric: what is stored of it cannot be read. It can be deleted.'
  const { reservedAddress: _reserved, upgrade: _upgrade, extensions: _extensions, ...plain } = view
  assert.deepEqual(seen('Running'), {
    ...plain,
    url: '',
    configuration: '',
    definitionName: '',
    instances: view.instances.map((one) => ({
      ...one,
      endpoints: [],
      hasSettled: false,
      // Whether its role has a port at the VIP is not asked.
      inRotation: true,
      details: words,
    })),
    upgradeDomainCount: 0,
    roles: [],
    sdkVersion: '',
    warnings: [words],
  })
  assert.deepEqual(
    (['Suspended', 'Deleted'] as const).map((wanted) => seen(wanted).status),
    ['Suspended', 'Deleting'],
  )
})
