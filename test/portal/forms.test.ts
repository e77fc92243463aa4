import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  lackingOf,
  misfits,
  newDraft,
  wantedDeployment,
} from '../../src/client/portal/browser/deployment/deployment-draft.ts'
import {
  configuredCounts,
  singleInstanceRoles,
  standingCounts,
} from '../../src/client/portal/browser/form/instance-counts.ts'
import { servicePath, slotOf, slotPath } from '../../src/client/portal/browser/form/slot.ts'
import { changesSince, type Standing } from '../../src/client/portal/browser/form/standing.ts'
import { wayOn } from '../../src/client/portal/browser/form/way-on.ts'
import { orderedFindings, overlayFiles, worthSaying } from '../../src/client/portal/browser/package/findings-order.ts'
import { textOfBytes } from '../../src/client/portal/browser/package/text-file.ts'
import {
  byChange,
  interruptions,
  newUpgrade,
  wantedUpgrade,
} from '../../src/client/portal/browser/upgrade/upgrade-draft.ts'
import type { Plan } from '../../src/client/service-management/updates.ts'
import type { Finding } from '../../src/service-model/findings/finding.ts'

const there = { packageUrl: 'http://blobs/deployments/shop.cspkg', configuration: '<c/>' }

describe('the draft of a new deployment', () => {
  const draft = newDraft('shop', '1a2b', new Date('2026-11-30T02:28:00.123Z'))

  it('begins with a name, a label, and its start', () => {
    assert.deepEqual(draft, {
      name: '1a2b',
      label: 'shop 2026-11-30T02:28:00Z',
      start: true,
      treatWarningsAsError: false,
    })
  })

  it('is a request as soon as nothing is lacking', () => {
    const nothing = { packageUrl: undefined, configuration: undefined }
    assert.deepEqual(lackingOf({ ...draft, name: ' ', label: '' }, nothing), [
      'package',
      'configuration',
      'name',
      'label',
    ])
    assert.equal(wantedDeployment(draft, { ...there, configuration: undefined }), undefined)
    assert.equal(wantedDeployment({ ...draft, label: ' ' }, there), undefined)
    assert.deepEqual(wantedDeployment({ ...draft, name: ' blue ' }, there), {
      name: 'blue',
      label: draft.label,
      packageUrl: there.packageUrl,
      configuration: new TextEncoder().encode('<c/>'),
      start: true,
      treatWarningsAsError: false,
    })
  })

  it('says by names that a configuration belongs to another package', () => {
    const model = { name: 'Shop', roles: [{ name: 'Web' }, { name: 'Orders' }] }
    assert.deepEqual(misfits(model, { serviceName: 'Shop', roles: [{ name: 'Orders' }, { name: 'Web' }] }), [])
    assert.deepEqual(misfits(model, { serviceName: 'Echo', roles: [{ name: 'Web' }, { name: 'Echo' }] }), [
      { what: 'serviceName', name: 'Echo', other: 'Shop' },
      { what: 'undeclared', name: 'Echo', other: '' },
      { what: 'unconfigured', name: 'Orders', other: '' },
    ])
  })
})

describe('the draft of an upgrade', () => {
  const draft = newUpgrade('v2')

  it('is automatic, of the whole service, and holds, unless something else is chosen (M-3, M-7, U-29)', () => {
    assert.deepEqual(wantedUpgrade(draft, there), {
      mode: 'Auto',
      packageUrl: there.packageUrl,
      configuration: new TextEncoder().encode('<c/>'),
      label: 'v2',
      role: undefined,
      force: false,
      onFailure: 'hold',
    })
    const other = wantedUpgrade({ ...draft, mode: 'Manual', role: 'Web' }, there)
    assert.deepEqual([other?.mode, other?.role], ['Manual', 'Web'])
    assert.equal(wantedUpgrade({ ...draft, mode: 'Manual', isSimultaneous: true }, there)?.mode, 'Simultaneous')
  })

  it('is no request without package, configuration or label', () => {
    assert.equal(wantedUpgrade(draft, { ...there, packageUrl: undefined }), undefined)
    assert.equal(wantedUpgrade(draft, { ...there, configuration: undefined }), undefined)
    assert.equal(wantedUpgrade({ ...draft, label: ' ' }, there), undefined)
  })
})

describe('the plan of an upgrade', () => {
  const endpoint = { role: 'Web', endpoint: 'Http', port: 80 }
  const domain = (number: number, instances: number, left: number): Plan['domains'][number] => ({
    domain: number,
    instances: [
      { name: 'Web_IN_0', role: 'Web', change: 'package' },
      { name: 'Orders_IN_0', role: 'Orders', change: 'settings' },
      { name: 'Web_IN_2', role: 'Web', change: 'package' },
    ],
    steps: [],
    capacity: [{ ...endpoint, instances, left }],
  })

  it('is interrupted in the domains that leave nobody to answer', () => {
    const plan = { domains: [domain(0, 2, 1), domain(1, 2, 0), domain(2, 0, 0)] }
    assert.deepEqual(interruptions(plan), [1])
  })

  it('groups the instances of a domain by what happens to them', () => {
    assert.deepEqual(byChange(domain(0, 2, 1).instances), [
      ['package', ['Web_IN_0', 'Web_IN_2']],
      ['settings', ['Orders_IN_0']],
    ])
  })
})

describe('roles of one instance (M-10)', () => {
  const cscfg = (count: string) =>
    `<ServiceConfiguration><Role name="Web"><Instances count="${count}"/></Role><Role name="__proto__"><Instances count="1"/></Role></ServiceConfiguration>`

  it('are those that have one now, or will have', () => {
    const now = standingCounts([{ role: 'Web' }, { role: 'Orders' }, { role: 'Orders' }])
    assert.deepEqual(singleInstanceRoles([now]), ['Web'])
    assert.deepEqual(singleInstanceRoles([now, configuredCounts(cscfg('2'))]), ['Web', '__proto__'])
  })

  it('count only where they are concerned', () => {
    assert.deepEqual(singleInstanceRoles([configuredCounts(cscfg('1'))], 'Web'), ['Web'])
    assert.deepEqual(singleInstanceRoles([configuredCounts(cscfg('2'))], 'Web'), [])
  })

  it('are unknown where the count is none', () => {
    assert.deepEqual([...configuredCounts(cscfg('one')).keys()], ['__proto__'])
    assert.equal(configuredCounts('').size, 0)
  })
})

describe('the way on from a refusal', () => {
  const rows = [
    [
      409,
      'Windows Azure is currently performing an operation with x-ms-requestid 0a1b2c3d4e5f60718293a4b5c6d7e8f9 on this deployment that requires exclusive access.',
      'follow',
    ],
    [409, 'The specified deployment slot Production is occupied.', 'occupied'],
    [
      400,
      'The deployment cannot be upgraded in place: the role Web would be removed. By the policy sameModel an in-place upgrade needs the same service model as the deployment has. Deploy the new version to the staging slot and swap the virtual addresses (Swap Deployment) instead.',
      'swap',
    ],
    [409, 'The deployment shop is being deleted.', 'tryAgain'],
    [0, '', 'tryAgain'],
    [503, 'The server is busy.', 'tryAgain'],
    [400, 'The element Label is not Base64.', 'correct'],
  ] as const
  for (const [status, message, kind] of rows)
    it(`is to ${kind} after ${status} ${message.slice(0, 60)}`, () =>
      assert.equal(wayOn({ status, message }).kind, kind))

  it('names the operation that holds the deployment (U-40)', () =>
    assert.deepEqual(wayOn({ status: 409, message: rows[0][1] }), {
      kind: 'follow',
      operation: '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    }))
})

describe('what others did since a page was opened', () => {
  const opened: Standing = {
    deployment: 'blue',
    id: '1',
    label: 'v1',
    configuration: '<c/>',
    isUpdated: false,
    isSuspended: false,
    instances: 'Web 2',
  }
  const empty: Standing = { ...opened, deployment: '', id: '', label: '', configuration: '', instances: '' }

  it('is nothing when nothing has changed', () => assert.deepEqual(changesSince(opened, { ...opened }), []))

  it('is said trait by trait', () => {
    const now = {
      ...opened,
      label: 'v2',
      configuration: '<d/>',
      isUpdated: true,
      isSuspended: true,
      instances: 'Web 3',
    }
    assert.deepEqual(changesSince(opened, now), [
      { what: 'label', before: 'v1', after: 'v2' },
      { what: 'updateBegan' },
      { what: 'suspended' },
      { what: 'instances', before: 'Web 2', after: 'Web 3' },
      { what: 'configuration' },
    ])
  })

  it('is only that the deployment is another one, where it is', () => {
    const other = { ...opened, id: '2', deployment: 'green', label: 'v9' }
    assert.deepEqual(changesSince(opened, other), [{ what: 'replaced', after: 'green' }])
    assert.deepEqual(changesSince(opened, empty), [{ what: 'emptied', after: '' }])
    assert.deepEqual(changesSince(empty, opened), [{ what: 'filled', after: 'blue' }])
  })

  it('is no change of configuration when the package has just been read', () =>
    assert.deepEqual(changesSince({ ...opened, configuration: '' }, opened), []))
})

describe("doctor's findings", () => {
  const finding = (role: string, verdict: Finding['verdict'], subject: Finding['subject'], file?: string): Finding => ({
    role,
    verdict,
    subject,
    name: 'x',
    reason: 'because',
    ...(file && { file }),
  })
  const findings = [
    finding('Web', 'asIs', 'role'),
    finding('Web', 'cannotRun', 'assembly'),
    finding('', 'passedOver', 'networkTrafficRules'),
    finding('Web', 'needsOverlay', 'startupTask', 'Web/approot/startup.sh'),
    finding('Web', 'needsOverlay', 'site', 'Web/approot/startup.sh'),
  ]

  it('begin with the service, then role by role with what is in the way', () =>
    assert.deepEqual(
      orderedFindings(findings).map(({ subject }) => subject),
      ['networkTrafficRules', 'startupTask', 'site', 'assembly', 'role'],
    ))

  it('name each file of the overlay once, and leave out what runs as it is', () => {
    assert.deepEqual(overlayFiles(findings), ['Web/approot/startup.sh'])
    assert.equal(findings.filter(worthSaying).length, 4)
  })
})

describe('a configuration file', () => {
  const textOf = (bytes: Uint8Array<ArrayBuffer>) => textOfBytes(bytes.buffer)
  it('is text in UTF-8 of a size that the fabric reads', () => {
    assert.deepEqual(textOf(new TextEncoder().encode('<ä/>')), { text: '<ä/>' })
    assert.deepEqual(textOf(new Uint8Array([0xff, 0xfe, 0x3c, 0x00])), { fault: 'noText' })
    assert.deepEqual(textOf(new TextEncoder().encode(' \n')), { fault: 'blank' })
    assert.deepEqual(textOf(new Uint8Array(2 ** 20 + 1)), { fault: 'tooLong' })
  })
})

it('a page about a slot has the slot in small letters in its address, and takes any', () => {
  assert.equal(slotPath('a/b', 'Staging', 'upgrade'), '/services/a%2Fb/staging/upgrade')
  assert.equal(servicePath('shop'), '/services/shop')
  assert.deepEqual(['STAGING', 'staging', 'production', undefined].map(slotOf), [
    'Staging',
    'Staging',
    'Production',
    'Production',
  ])
})
