/** What the Summary page makes of a deployment (M-8). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventsShown } from '../../src/client/portal/browser/summary/events-shown.ts'
import { groupsOf, readyCount } from '../../src/client/portal/browser/summary/groups.ts'
import { inputEndpointsOf } from '../../src/client/portal/browser/summary/input-endpoints.ts'
import { lastFailureOf } from '../../src/client/portal/browser/summary/last-failure.ts'
import { offersOf, swapHindrance } from '../../src/client/portal/browser/summary/offers.ts'
import { deploymentMark, markOf, statusWord } from '../../src/client/portal/browser/summary/status-word.ts'
import { usedCertificates } from '../../src/client/portal/browser/summary/used-certificates.ts'
import { rotationOf } from '../../src/client/portal/browser/walk/rotation.ts'
import type { Deployment, Instance } from '../../src/client/service-management/answers.ts'
import type { SubscriptionOperation } from '../../src/client/service-management/subscription.ts'

function instance(name: string, traits: Partial<Instance> = {}): Instance {
  return {
    name,
    role: name.replace(/_IN_\d+$/, ''),
    status: 'ReadyRole',
    details: '',
    upgradeDomain: 0,
    faultDomain: 0,
    size: 'Small',
    address: undefined,
    power: 'Started',
    endpoints: [],
    ...traits,
  }
}

function deployment(traits: Partial<Deployment> = {}): Deployment {
  return {
    name: 'v1',
    slot: 'Production',
    id: 'id',
    status: 'Running',
    label: 'v1',
    url: undefined,
    vip: undefined,
    reservedAddress: undefined,
    locked: false,
    rollbackAllowed: false,
    upgrade: undefined,
    upgradeDomains: 2,
    created: '2026-01-01T00:00:00Z',
    modified: '2026-01-01T00:00:00Z',
    sdk: '2.9.0.0',
    roles: [],
    instances: [],
    ...traits,
  }
}

const http = { name: 'Http', protocol: 'http', vip: '192.0.2.7', publicPort: 80, localPort: 8080 }

describe("the portal's words for states (T-11)", () => {
  it('are those of the original', () => {
    assert.deepEqual(
      ['ReadyRole', 'BusyRole', 'CyclingRole', 'StartingRole', 'StoppedVM', 'RoleStateUnknown'].map(statusWord),
      ['ready', 'busy', 'recycling', 'initializing', 'stopped', 'waitingForHost'],
    )
  })

  it('say of an unknown status, and of names of Object.prototype, that nothing is known', () => {
    assert.equal(statusWord('NewRole'), 'waitingForHost')
    assert.equal(statusWord('constructor'), 'waitingForHost')
  })

  it('come with a mark: a deployment that cycles is still Running (T-10)', () => {
    assert.equal(markOf(statusWord('CyclingRole')), 'bad')
    assert.equal(deploymentMark('Running'), 'good')
    assert.equal(deploymentMark('RunningTransitioning'), 'moving')
  })
})

describe('instances on the page', () => {
  const instances = [
    instance('Web_IN_0'),
    instance('Web_IN_1', { upgradeDomain: 10, status: 'BusyRole' }),
    instance('Work_IN_0', { upgradeDomain: 2 }),
  ]

  it('stand by role, or by upgrade domain in the order of their numbers', () => {
    const names = (by: 'role' | 'upgradeDomain') =>
      groupsOf(instances, by).map(({ name, instances: members }) => [name, ...members.map((one) => one.name)])
    assert.deepEqual(names('role'), [
      ['Web', 'Web_IN_0', 'Web_IN_1'],
      ['Work', 'Work_IN_0'],
    ])
    assert.deepEqual(names('upgradeDomain'), [
      ['0', 'Web_IN_0'],
      ['2', 'Work_IN_0'],
      ['10', 'Web_IN_1'],
    ])
    assert.equal(readyCount(instances), 2)
  })
})

describe('input endpoints', () => {
  const instances = [
    instance('Web_IN_0', { endpoints: [http, { ...http, name: 'Direct', protocol: 'tcp', publicPort: 10_101 }] }),
    instance('Web_IN_1', { endpoints: [http, { ...http, name: 'Direct', protocol: 'tcp', publicPort: 10_100 }] }),
    instance('Work_IN_0', { endpoints: [{ ...http, publicPort: undefined }] }),
  ]

  it('are shown with their real ports, those of single instances too, and internal ones not', () => {
    assert.deepEqual(
      inputEndpointsOf(instances).map(({ role, name, ports }) => [role, name, ports]),
      [
        ['Web', 'Http', [80]],
        ['Web', 'Direct', [10_100, 10_101]],
      ],
    )
  })

  it('say how many of their instances serve (L-17)', () => {
    const seen = instances.map(({ name, role }) => ({
      name,
      role,
      domain: 0,
      version: 1,
      status: 'ReadyRole',
      hasSettled: true,
      details: '',
      inRotation: name === 'Web_IN_1',
      host: 'host1',
    }))
    const [found] = rotationOf(inputEndpointsOf(instances), seen)
    assert.equal(found?.serving, 1)
    assert.equal(found?.instances.length, 2)
  })
})

describe('buttons of a slot', () => {
  it('offer a deployment where there is none, and everything else where there is one', () => {
    assert.equal(offersOf(undefined).deploy, undefined)
    assert.equal(offersOf(undefined).upgrade, 'empty')
    assert.equal(offersOf(deployment()).deploy, 'occupied')
    assert.equal(offersOf(deployment()).upgrade, undefined)
  })

  it('say why not: the package is read, an operation holds it (U-40), it is being deleted', () => {
    assert.equal(offersOf(deployment({ status: 'Deploying' })).upgrade, 'deploying')
    assert.equal(offersOf(deployment({ status: 'Deploying' })).remove, undefined)
    assert.equal(offersOf(deployment({ locked: true })).configure, 'locked')
    assert.equal(offersOf(deployment({ status: 'Deleting' })).remove, 'deleting')
  })

  it('allow a second update during the first (U-40)', () => {
    assert.equal(offersOf(deployment({ status: 'RunningTransitioning' })).upgrade, undefined)
  })

  it('run what is suspended, and suspend what runs', () => {
    assert.equal(offersOf(deployment()).turn, 'suspend')
    assert.equal(offersOf(deployment({ status: 'SuspendedTransitioning' })).turn, 'run')
  })

  it('swap only what stands in staging (D-18)', () => {
    assert.equal(swapHindrance(undefined), 'nothingToSwap')
    assert.equal(swapHindrance(deployment({ slot: 'Staging' })), undefined)
  })
})

describe('events on the page', () => {
  const events = [
    { number: 1, subject: 'Web_IN_0', kind: 'BusyRole', reason: 'Sites are being deployed.' },
    { number: 2, subject: 'Web_IN_0', kind: 'ReadyRole', reason: '' },
    { number: 3, subject: 'Web_IN_1', kind: 'ReadyRole', reason: '' },
  ]

  it('stand newest first, and no more than are asked for', () => {
    const { shown, found } = eventsShown(events, '', 2)
    assert.deepEqual(
      shown.map(({ number }) => number),
      [3, 2],
    )
    assert.equal(found, 3)
  })

  it('are found by all words of a search, in any letter case', () => {
    assert.deepEqual(
      eventsShown(events, ' ready  WEB_in_0', 50).shown.map(({ number }) => number),
      [2],
    )
  })
})

describe('a slot', () => {
  const operation = (
    object: string,
    status: SubscriptionOperation['status']['status'],
    message = '',
  ): SubscriptionOperation => ({
    id: 'id',
    objectId: `/subscription/services/hostedservices/shop${object}`,
    name: 'CreateDeploymentBySlot',
    parameters: [],
    caller: {
      usedServiceManagementApi: true,
      userEmailAddress: undefined,
      certificateThumbprint: '',
      clientIP: '127.0.0.1',
    },
    status: { id: 'id', status, error: { code: 'BadRequest', message } },
    startedTime: 0,
  })
  const refused = operation('/deploymentslots/Production', 'Failed', 'Too many cores.')

  it('says why its last operation failed, until another one on it has begun', () => {
    assert.equal(lastFailureOf([operation('', 'Succeeded'), refused], 'Production'), 'Too many cores.')
    assert.equal(lastFailureOf([refused], 'Staging'), undefined)
    assert.equal(
      lastFailureOf([operation('/deploymentslots/production', 'InProgress'), refused], 'Production'),
      undefined,
    )
  })

  it('names the certificates of its configuration, each with its role', () => {
    const source = `<ServiceConfiguration serviceName="Shop"><Role name="Web"><Certificates>
      <Certificate name="Ssl" thumbprint="0123456789ABCDEF0123456789ABCDEF01234567" thumbprintAlgorithm="sha1" />
    </Certificates></Role></ServiceConfiguration>`
    assert.deepEqual(usedCertificates(btoa(source)), ['Web Ssl: 01234567…'])
    assert.deepEqual(usedCertificates(''), [])
  })
})
