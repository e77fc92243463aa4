/** What is wanted of an instance, and what its host is told next: a row is a deployment, an instance, and what follows (table 3.1, U-47 to U-55, H-18). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as fc from 'fast-check'
import {
  isTold,
  nextTold,
  stops,
  type Target,
  targetOf,
  versionAfter,
} from '../../src/fabric/controller/deployment/target.ts'
import type { DeploymentRecord } from '../../src/fabric/controller/state/records/deployment.ts'
import type { Epochs, InstanceRecord } from '../../src/fabric/controller/state/records/instance.ts'
import type { ServicingRecord } from '../../src/fabric/controller/state/records/servicing.ts'
import type { UpdateRecord } from '../../src/fabric/controller/state/records/update.ts'
import type { DeploymentVersion } from '../../src/fabric/controller/state/records/version.ts'
import { changeOf, hasNewSize, isMember, isStop } from '../../src/fabric/controller/update/change.ts'
import { isInStep, isLeft, wantedVersion } from '../../src/fabric/controller/update/wanted-version.ts'

const all = (guest: number, c = guest, d = guest, e = guest): Epochs => ({ guest, c, d, e })

interface VersionChange extends Partial<Omit<DeploymentVersion, 'configuration'>> {
  readonly configuration?: object
  readonly settings?: Readonly<Record<string, string>>
  readonly certificates?: readonly { readonly name: string; readonly thumbprint: string }[]
}

function version({
  settings = {},
  certificates = [],
  configuration = {},
  ...change
}: VersionChange = {}): DeploymentVersion {
  return {
    packageSha256: 'sha',
    roots: { Web: { packageSha256: 'sha', since: 1, size: 'Small' } },
    numbers: { Web: [0, 1] },
    numbersSince: 1,
    blast: false,
    configurationText: '',
    label: '',
    configuration: {
      osFamily: '1',
      osVersion: '*',
      roles: [
        { name: 'Other', settings: { A: '9' }, certificates: [] },
        { name: 'Web', settings, certificates },
      ],
      ...configuration,
    } as unknown as DeploymentVersion['configuration'],
    ...change,
  }
}

const update: UpdateRecord = {
  id: 'u',
  kind: 'upgrade',
  from: 1,
  target: 2,
  mode: 'Auto',
  domains: 3,
  domain: 1,
  state: 'Before',
  released: 2,
  since: 0,
  onFailure: 'hold',
}

/** A deployment that runs version 1. */
function deployment(change: object = {}, second: VersionChange = {}, first: VersionChange = {}): DeploymentRecord {
  return {
    id: 'd',
    wanted: 'Running',
    waiting: [],
    current: 1,
    lastVersion: 2,
    versions: { 1: version(first), 2: version(second) },
    ...change,
  } as unknown as DeploymentRecord
}

function instance(change: Partial<InstanceRecord> = {}, told: Partial<InstanceRecord['told']> = {}): InstanceRecord {
  const record: Partial<InstanceRecord> = {
    key: 'd.Web_IN_1',
    deployment: 'd',
    role: 'Web',
    index: 1,
    name: 'Web_IN_1',
    version: 1,
    upgradeDomain: 1,
    size: 'Small',
    release: 'r1',
    host: 'a',
    epochs: all(1),
    told: { run: 'Started', epochs: all(1), root: 1, revision: 5, runRevision: 3, vip: 'v' },
    ...change,
  }
  return { ...record, told: { ...record.told, ...told } } as InstanceRecord
}

const otherPackage: VersionChange = { roots: { Web: { packageSha256: 'sha2', since: 2, size: 'Small' } } }
const otherSize: VersionChange = { roots: { Web: { packageSha256: 'sha2', since: 2, size: 'Medium' } } }
const otherSystem: VersionChange = { configuration: { osFamily: '2' } }
const otherRelease: VersionChange = { configuration: { osVersion: 'x' } }
const tls = { name: 'Tls', thumbprint: 'A' }
const own = { name: 'Own', thumbprint: 'B' }

describe('what another version means for a role', () => {
  const rows: readonly (readonly [what: string, before: VersionChange, after: VersionChange, change: string])[] = [
    ['the same', {}, {}, 'none'],
    ['the same package again', {}, { roots: { Web: { packageSha256: 'sha', since: 2, size: 'Small' } } }, 'package'],
    [
      'a package and all else',
      {},
      { ...otherPackage, ...otherSystem, certificates: [tls], settings: { A: '1' } },
      'package',
    ],
    ['another family of the guest system', {}, { ...otherSystem, certificates: [tls], settings: { A: '1' } }, 'system'],
    ['another release of the guest system', {}, otherRelease, 'system'],
    ['a certificate and a setting', {}, { certificates: [tls], settings: { A: '1' } }, 'certificates'],
    ['another thumbprint', { certificates: [tls] }, { certificates: [{ ...tls, thumbprint: 'C' }] }, 'certificates'],
    ['certificates in another order', { certificates: [tls, own] }, { certificates: [own, tls] }, 'none'],
    ['a setting', { settings: { A: '1' } }, { settings: { A: '2' } }, 'settings'],
    ['settings in another order', { settings: { A: '1', B: '2' } }, { settings: { B: '2', A: '1' } }, 'none'],
    ['instances that come or go', {}, { numbersSince: 2 }, 'settings'],
    ['instances that come or go, with Blast', {}, { numbersSince: 2, blast: true }, 'none'],
    ['a role that is not configured', { configuration: { roles: [] } }, { configuration: { roles: [] } }, 'none'],
  ]
  for (const [what, before, after, change] of rows)
    it(`${what}: ${change}`, () => {
      const both = deployment({}, after, before)
      assert.equal(changeOf(both, 'Web', 1, 2), change)
      assert.equal(changeOf(both, 'Web', 2, 2), 'none')
      assert.equal(isStop(changeOf(both, 'Web', 1, 2)), ['package', 'system', 'certificates'].includes(change))
    })

  it('is another size only where that of its own root is', () => {
    assert.equal(hasNewSize(version(), version(otherSize), 'Web'), true)
    assert.equal(hasNewSize(version(), version(otherPackage), 'Web'), false)
    assert.equal(hasNewSize(version(), version(otherSize), 'Other'), false)
  })

  it('has as its members whose numbers it has, whatever they are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40)), fc.nat(45), (numbers, index) => {
        const list = numbers.toSorted((one, other) => one - other)
        assert.equal(isMember(version({ numbers: { Web: list } }), { role: 'Web', index }), list.includes(index))
        assert.equal(isMember(version({ numbers: { Web: list } }), { role: 'Other', index }), false)
      }),
    )
  })

  it('has nobody as a member whose numbers cannot be read: that is a defect, since who is no member is forgotten (F-27)', () => {
    for (const numbers of [7, 'text', { 0: 1 }, true])
      assert.throws(
        () => isMember({ numbers: { Web: numbers } } as unknown as DeploymentVersion, { role: 'Web', index: 1 }),
        new TypeError('the numbers of the role Web are no list'),
      )
  })
})

describe('what is wanted of an instance', () => {
  const drained: ServicingRecord = {
    cause: { host: 'a' },
    domain: 1,
    stage: 'Down',
    instances: ['d.Web_IN_1'],
    since: 0,
    begunAt: 0,
  }
  const released: ServicingRecord = { ...drained, cause: { release: 'r2' } }
  const here = { run: 'Started', version: 1, change: 'none', epochs: all(1), root: 1 } as const
  const during = { update: { ...update, state: 'During' } }
  const rows: readonly (readonly [
    when: string,
    deployment: DeploymentRecord,
    instance: InstanceRecord,
    target: Target,
  ])[] = [
    ['it is to run', deployment(), instance(), here],
    ['its deployment is suspended', deployment({ wanted: 'Suspended' }), instance(), { ...here, run: 'Stopped' }],
    ['its deployment is deleted', deployment({ wanted: 'Deleted' }), instance(), { ...here, run: 'Gone' }],
    [
      'it is in no version to come',
      deployment(during, otherPackage),
      instance({ going: true }),
      { ...here, run: 'Gone' },
    ],
    ['it is to be rebooted', deployment(), instance({ epochs: all(2, 1) }), { ...here, epochs: all(2, 1) }],
    ['its host is drained', deployment({ servicing: drained }), instance(), { ...here, run: 'Stopped' }],
    [
      'its host was drained, and it comes back',
      deployment({ servicing: { ...drained, stage: 'Back' } }),
      instance(),
      here,
    ],
    ['another host is drained', deployment({ servicing: drained }), instance({ host: 'b' }), here],
    ['another domain is serviced', deployment({ servicing: drained }), instance({ upgradeDomain: 0 }), here],
    [
      'others of its domain are serviced',
      deployment({ servicing: { ...drained, instances: ['d.Web_IN_4'] } }),
      instance(),
      here,
    ],
    [
      'it is suspended and its host is drained',
      deployment({ servicing: drained, wanted: 'Suspended' }),
      instance(),
      { ...here, run: 'Stopped' },
    ],
    [
      'the platform brings a release',
      deployment({ servicing: released }),
      instance(),
      { ...here, epochs: all(2, 1, 2, 2) },
    ],
    ['it has that release', deployment({ servicing: released }), instance({ release: 'r2' }), here],
    ['its domain is not walked yet', deployment({ update: { ...update, domain: 0 } }, otherPackage), instance(), here],
    ['its domain is next', deployment({ update }, otherPackage), instance(), here],
    [
      'its domain is walked',
      deployment(during, otherPackage),
      instance(),
      { ...here, version: 2, change: 'package', root: 2 },
    ],
    [
      'its domain was walked',
      deployment({ update: { ...update, domain: 2 } }, otherPackage),
      instance(),
      { ...here, version: 2, change: 'package', root: 2 },
    ],
    [
      'all domains are walked at once',
      deployment({ update: { ...update, domain: 0, mode: 'Simultaneous', state: 'During' } }, otherPackage),
      instance(),
      { ...here, version: 2, change: 'package', root: 2 },
    ],
    [
      'all domains are to be walked at once',
      deployment({ update: { ...update, domain: 2, mode: 'Simultaneous' } }, otherPackage),
      instance(),
      here,
    ],
    [
      'its size changes',
      deployment(during, otherSize),
      instance(),
      { ...here, version: 2, change: 'package', root: 2, epochs: all(2) },
    ],
    [
      'its guest system changes',
      deployment(during, otherSystem),
      instance(),
      { ...here, version: 2, change: 'system', epochs: all(2, 1, 2, 2) },
    ],
    [
      'a setting changes',
      deployment(during, { settings: { A: '1' } }),
      instance(),
      { ...here, version: 2, change: 'settings' },
    ],
    [
      'it has the new version already',
      deployment(during, otherPackage),
      instance({ version: 2 }),
      { ...here, version: 2 },
    ],
    [
      'it is no member of the new version',
      deployment(during, { ...otherPackage, numbers: { Web: [0] } }),
      instance(),
      here,
    ],
    [
      'its domain is walked and its deployment suspended',
      deployment({ ...during, wanted: 'Suspended' }, otherPackage),
      instance(),
      { ...here, run: 'Stopped', version: 2, change: 'package', root: 2 },
    ],
    [
      'its domain is walked and its deployment deleted',
      deployment({ ...during, wanted: 'Deleted' }, otherPackage),
      instance(),
      { ...here, run: 'Gone' },
    ],
  ]
  for (const [when, of, one, target] of rows)
    it(`when ${when}`, () => {
      assert.deepEqual(targetOf(of, one), target)
      if (target.run !== 'Gone') assert.equal(wantedVersion(of, one), target.version)
    })

  it('is left to an update until it has the new version, if it is to have it', () => {
    const of = deployment({ update }, { numbers: { Web: [1] } })
    assert.equal(isLeft(of, update, instance()), true)
    assert.equal(isLeft(of, update, instance({ version: 2 })), false)
    assert.equal(isLeft(of, update, instance({ index: 0 })), false)
    assert.deepEqual(
      [0, 1, 2].map((domain) => isInStep(update, domain)),
      [false, true, false],
    )
    assert.deepEqual(
      [0, 1, 2].map((domain) => isInStep({ ...update, mode: 'Simultaneous' }, domain)),
      [true, true, true],
    )
  })
})

describe('what the host is told of an instance', () => {
  const here: Target = { run: 'Started', version: 1, change: 'none', epochs: all(1), root: 1 }
  const reboot = { ...here, epochs: all(2, 1) }
  const stopped: Partial<InstanceRecord['told']> = { run: 'Stopped' }
  const rows: readonly (readonly [
    when: string,
    one: InstanceRecord,
    target: Target,
    isToldNow: boolean,
    stopsNow: boolean,
    next: Partial<InstanceRecord['told']>,
  ])[] = [
    ['it knows all', instance(), here, true, false, {}],
    [
      'it is to be rebooted',
      instance(),
      reboot,
      false,
      true,
      { epochs: all(2, 1), revision: 6, runRevision: 6, vip: 'new' },
    ],
    [
      'C: is to be new',
      instance(),
      { ...here, epochs: all(1, 2, 1, 1) },
      false,
      true,
      { epochs: all(1, 2, 1, 1), revision: 6, runRevision: 6, vip: 'new' },
    ],
    [
      'D: is to be new',
      instance(),
      { ...here, epochs: all(1, 1, 2, 1) },
      false,
      true,
      { epochs: all(1, 1, 2, 1), revision: 6, runRevision: 6, vip: 'new' },
    ],
    [
      'E: is to be new',
      instance(),
      { ...here, epochs: all(1, 1, 1, 2) },
      false,
      true,
      { epochs: all(1, 1, 1, 2), revision: 6, runRevision: 6, vip: 'new' },
    ],
    [
      'it is to stop',
      instance(),
      { ...here, run: 'Stopped' },
      false,
      true,
      { run: 'Stopped', revision: 6, runRevision: 6, vip: 'new' },
    ],
    [
      'it is to go',
      instance(),
      { ...here, run: 'Gone' },
      false,
      true,
      { run: 'Gone', revision: 6, runRevision: 6, vip: 'new' },
    ],
    [
      'it knows that it goes',
      instance({}, { run: 'Gone' }),
      { ...here, run: 'Gone', epochs: all(9) },
      true,
      false,
      { run: 'Gone', epochs: all(9), revision: 6, vip: 'new' },
    ],
    ['it stands still and is to', instance({}, stopped), { ...here, run: 'Stopped' }, true, false, stopped],
    [
      'it stands still and is to have new drives',
      instance({}, stopped),
      { ...reboot, run: 'Stopped' },
      false,
      false,
      { run: 'Stopped', epochs: all(2, 1), revision: 6, vip: 'new' },
    ],
    [
      'it stands still and is to run: E: is new',
      instance({}, stopped),
      here,
      false,
      false,
      { epochs: all(1, 1, 1, 2), revision: 6, runRevision: 6, vip: 'new' },
    ],
    [
      'it stands still and is to go',
      instance({}, stopped),
      { ...here, run: 'Gone' },
      false,
      false,
      { run: 'Gone', revision: 6, runRevision: 6, vip: 'new' },
    ],
    [
      'it has another package',
      instance(),
      { ...here, version: 2, change: 'package', root: 2 },
      false,
      true,
      { root: 2, revision: 6, runRevision: 6, vip: 'new' },
    ],
    [
      'it stands still and has another package',
      instance({}, stopped),
      { ...here, run: 'Stopped', version: 2, change: 'package', root: 2 },
      false,
      false,
      { run: 'Stopped', root: 2, revision: 6, vip: 'new' },
    ],
    [
      'it has another setting',
      instance(),
      { ...here, version: 2, change: 'settings' },
      false,
      false,
      { revision: 6, vip: 'new' },
    ],
    ['it has another version that changes nothing', instance(), { ...here, version: 2 }, false, false, {}],
  ]
  for (const [when, one, target, isToldNow, stopsNow, next] of rows)
    it(`when ${when}`, () => {
      assert.deepEqual([isTold(one, target), stops(one, target)], [isToldNow, stopsNow])
      assert.deepEqual(nextTold(one, target, 'new'), { ...instance().told, ...next })
    })

  it('has been moved by the update that changes anything for it, and by no other', () => {
    const moved = (target: Target, of = deployment({ update })) =>
      versionAfter(of, instance({ movedBy: 'old' }), target)
    assert.deepEqual(moved({ ...here, version: 2, change: 'settings' }), { version: 2, movedBy: 'u' })
    assert.deepEqual(moved({ ...here, version: 2 }), { version: 2, movedBy: 'old' })
    assert.deepEqual(moved({ ...here, version: 2, change: 'package' }, deployment()), {
      version: 2,
      movedBy: undefined,
    })
  })
})
