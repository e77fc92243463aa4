import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Map } from 'immutable'
import type { Command, Slot } from '../../src/fabric/contract/commands.ts'
import type { CommandOf } from '../../src/fabric/controller/commands/accepted.ts'
import { eventsView } from '../../src/fabric/controller/views/events.ts'
import {
  assertRefused,
  configuration,
  createDeployment,
  createShop,
  deployed,
  type Fabric,
  fabricOf,
  production,
  shipped,
  subscriptionId,
} from './fabric.ts'
import { obey, walkThrough } from './obey.ts'
import { changeTo, rollBack, running, upgradeTo, walkOf } from './updates.ts'

const suspend: Command = { kind: 'updateDeploymentStatus', deployment: production, status: 'Suspended' }
const resume: Command = { ...suspend, status: 'Running' }
const remove: CommandOf<'deleteDeployment'> = { kind: 'deleteDeployment', deployment: production }
const reboot: CommandOf<'rebootInstance' | 'reimageInstance' | 'rebuildInstance'> = {
  kind: 'rebootInstance',
  deployment: production,
  instance: 'web_in_0',
}

function withShop(): Fabric {
  const fabric = fabricOf()
  fabric.host('a')
  fabric.host('b', { faultDomain: 1 })
  fabric.ask(createShop)
  return fabric
}

function suspended(): Fabric {
  const fabric = deployed()
  fabric.ask(suspend)
  fabric.acknowledge(fabric.instances().map(({ key }) => key))
  return fabric
}

const updateShop: CommandOf<'updateService'> = { kind: 'updateService', service: 'shop', extendedProperties: {} }
const withCertificate = configuration(
  { Web: 2 },
  `<Certificates><Certificate name="Tls" thumbprint="${'F'.repeat(40)}" thumbprintAlgorithm="sha1"/></Certificates>`,
)

/** `count` properties with names of their own. */
function properties(prefix: string, count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, number) => [`${prefix}${number}`, 'x']))
}

/** A deployment with one property. */
function withProperties(): Fabric {
  const fabric = withShop()
  fabric.ask(createDeployment({ extendedProperties: properties('a', 1) }))
  return fabric
}

/** A service whose deployment is still going. */
function onItsWayOut(): Fabric {
  const fabric = deployed()
  fabric.ask({ kind: 'deleteService', service: 'shop', withDeployments: true })
  return fabric
}

describe('a command about a deployment that there is not', () => {
  const instance = { deployment: production, instance: 'Web_IN_0' }
  const commands: readonly Command[] = [
    upgradeTo({ Web: 2 }),
    changeTo(configuration({ Web: 2 })),
    rollBack(),
    walkOf(0),
    suspend,
    remove,
    { kind: 'rebootInstance', ...instance },
    { kind: 'reimageInstance', ...instance },
    { kind: 'rebuildInstance', ...instance },
    { kind: 'deleteInstances', deployment: production, instances: ['Web_IN_0'] },
  ]
  for (const command of commands)
    it(`${command.kind}: says whether its service or the deployment is missing (D-1)`, () => {
      assertRefused(fabricOf(), command, 'ResourceNotFound', /^The hosted service does not exist\.$/)
      assertRefused(withShop(), command, 'ResourceNotFound', /^No deployments were found\.$/)
    })
})

describe('a command that is refused', () => {
  const deleting: Command = { kind: 'deleteService', service: 'shop', withDeployments: false }
  const rows: readonly [situation: string, fabric: () => Fabric, command: Command, code: string, message: RegExp][] = [
    [
      'a name that is taken, whatever its case (C-1)',
      withShop,
      { ...createShop, service: 'SHOP' },
      'ConflictError',
      /^The specified DNS name is already taken\.$/,
    ],
    [
      'a service too many (C-1)',
      () => {
        const fabric = withShop()
        fabric.ask({ ...createShop, service: 'b' })
        return fabric
      },
      { ...createShop, service: 'c' },
      'BadRequest',
      /limit for resource type 'hosted services count' was exceeded.*is 2 per subscription, the current count is 2, and the requested increment is 1/,
    ],
    [
      'a service that does not exist (D-1)',
      () => fabricOf(),
      createDeployment(),
      'ResourceNotFound',
      /^The hosted service does not exist\.$/,
    ],
    [
      'an occupied slot (D-3)',
      deployed,
      createDeployment({ name: 'v2' }),
      'ConflictError',
      /^The specified deployment slot Production is occupied\.$/,
    ],
    [
      'a deployment name of the other slot (D-3)',
      deployed,
      createDeployment({ slot: 'Staging', name: 'V1' }),
      'ConflictError',
      /'V1' is taken/,
    ],
    [
      'a package that is no blob (B-1)',
      withShop,
      createDeployment({ packageUrl: 'file:///etc/passwd' }),
      'BadRequest',
      /no absolute http or https address/,
    ],
    [
      'a package of another host (B-1)',
      withShop,
      createDeployment({ packageUrl: 'http://blobs.evil/p' }),
      'BadRequest',
      /names the host blobs\.evil.*Upload the package to one of: blobs/,
    ],
    [
      'a configuration that is no XML (E-1)',
      withShop,
      createDeployment({ configuration: '<a' }),
      'BadRequest',
      /ServiceConfiguration\.cscfg/,
    ],
    ['an empty slot (D-1)', withShop, remove, 'ResourceNotFound', /^No deployments were found\.$/],
    [
      'an unknown deployment name (D-1)',
      deployed,
      { ...remove, deployment: { service: 'shop', name: 'v9' } },
      'ResourceNotFound',
      /^The deployment name 'v9' does not exist\.$/,
    ],
    [
      'an unknown instance (D-22)',
      deployed,
      { ...reboot, instance: 'Web_IN_7' },
      'ResourceNotFound',
      /'Web_IN_7' does not exist/,
    ],
    ['a reboot of a suspended instance (D-22)', suspended, reboot, 'ConflictError', /not running: start it/],
    ['a service with a deployment (C-5)', deployed, deleting, 'ConflictError', /still has a deployment in Production/],
    [
      'a property too many for a service that has 50 (R-24)',
      () => {
        const fabric = withShop()
        fabric.ask({ ...updateShop, extendedProperties: properties('a', 50) })
        return fabric
      },
      { ...updateShop, extendedProperties: { b: '1', a0: '2' } },
      'BadRequest',
      /The service would have 51 extended properties where 50 are allowed/,
    ],
    [
      'a service with 51 properties (R-24)',
      () => fabricOf(),
      { ...createShop, extendedProperties: properties('a', 51) },
      'BadRequest',
      /would have 51 extended properties/,
    ],
    [
      'a deployment with 26 properties (R-24)',
      withShop,
      createDeployment({ extendedProperties: properties('a', 26) }),
      'BadRequest',
      /The deployment would have 26 extended properties where 25 are allowed/,
    ],
    [
      'a change of configuration that brings the properties to 26 (R-24)',
      withProperties,
      changeTo(configuration({ Web: 2 }), { extendedProperties: properties('b', 25) }),
      'BadRequest',
      /would have 26 extended properties/,
    ],
    [
      'an upgrade that brings the properties to 26 (R-24, E-1)',
      withProperties,
      upgradeTo({ Web: 2 }, { extendedProperties: properties('b', 25) }),
      'BadRequest',
      /would have 26 extended properties/,
    ],
    [
      'an upgrade with a certificate that nobody uploaded (E-1)',
      deployed,
      upgradeTo({}, { configuration: withCertificate }),
      'BadRequest',
      /^The certificate with thumbprint F{40} was not found\.$/,
    ],
    [
      'a change of a service that is being deleted (O-10)',
      onItsWayOut,
      { ...updateShop, label: 'eA==' },
      'ConflictError',
      /Shop is being deleted by the request/,
    ],
    [
      'the end of a certificate of a service that is being deleted (O-10)',
      onItsWayOut,
      { kind: 'deleteServiceCertificate', service: 'shop', thumbprint: 'F'.repeat(40) },
      'ConflictError',
      /is being deleted/,
    ],
    [
      'the end of an extension of a service that is being deleted (O-10)',
      onItsWayOut,
      { kind: 'deleteExtension', service: 'shop', extension: 'rdp' },
      'ConflictError',
      /is being deleted/,
    ],
    [
      'a swap in a service that is being deleted (O-10)',
      onItsWayOut,
      { kind: 'swap', service: 'shop', production: 'v1', source: 'v2' },
      'ConflictError',
      /is being deleted/,
    ],
    [
      'the last management certificate (S-7)',
      () => fabricOf(),
      { kind: 'deleteManagementCertificate', thumbprint: 'aa' },
      'ConflictError',
      /last management certificate/,
    ],
  ]
  for (const [situation, make, command, code, message] of rows)
    it(`${situation}: leaves no trace (E-2)`, () => assertRefused(make(), command, code, message))

  it('is remembered until whoever asked has read it, ten thousand of them at most', () => {
    const kept = (count: number) => {
      const fabric = fabricOf()
      const fault = { code: 'c', message: 'm' }
      const refusals = Map(Array.from({ length: count }, (_, at) => [`${at}`, fault] as const))
      fabric.state = { ...fabric.state, observed: { ...fabric.state.observed, refusals } }
      assert.ok('refused' in fabric.ask(createDeployment()))
      return fabric.state.observed.refusals.size
    }
    assert.deepEqual([2, 9_999, 10_000].map(kept), [3, 10_000, 1])
  })

  it('names the request that holds the lock (O-8), and lets the other slot be (O-10)', () => {
    const fabric = deployed()
    fabric.ask(suspend, 'a'.repeat(32))
    const reply = fabric.ask(remove)
    assert.ok('refused' in reply)
    assert.match(
      reply.refused.message,
      new RegExp(`performing an operation with x-ms-requestid ${'a'.repeat(32)} on this deployment`),
    )
    assert.equal(fabric.view().locked, true)
    assert.ok('accepted' in fabric.ask(createDeployment({ slot: 'Staging', name: 'v2' })))
  })
})

describe('a command that is accepted', () => {
  it('is carried out once, however often it is sent (E-2)', () => {
    const fabric = withShop()
    const first = fabric.ask(createDeployment(), 'b'.repeat(32))
    const { stored } = fabric.state
    const again = fabric.ask(createDeployment(), 'b'.repeat(32))
    assert.ok('accepted' in first && 'accepted' in again)
    assert.equal(again.accepted.status, 'Succeeded')
    assert.equal(fabric.state.stored, stored)
  })

  it('is not carried out again when it comes late once more, after a newer one (O-4)', () => {
    const fabric = suspended()
    fabric.ask(resume, 'b'.repeat(32))
    fabric.ask(suspend, 'c'.repeat(32))
    fabric.acknowledge(fabric.instances().map(({ key }) => key))
    fabric.ask(resume, 'b'.repeat(32))
    assert.equal(fabric.deployment().wanted, 'Suspended')
  })

  it('asking for the present status succeeds at once (D-14)', () => {
    const reply = deployed().ask(resume)
    assert.ok('accepted' in reply && reply.accepted.status === 'Succeeded')
  })

  it('overtakes what still waits for Running, which ends with a ConflictError that names it (U-35)', () => {
    const fabric = suspended()
    fabric.ask(resume, 'c'.repeat(32))
    assert.equal(fabric.operation('c'.repeat(32)).status, 'InProgress')
    fabric.ask(remove, 'd'.repeat(32))
    const { status, error, httpStatus } = fabric.operation('c'.repeat(32))
    assert.deepEqual([status, error?.code, httpStatus], ['Failed', 'ConflictError', 409])
    assert.match(error?.message ?? '', new RegExp('d'.repeat(32)))
  })

  it('overtakes an older change of status, and no update: that goes on, with or without running instances (U-63, U-65)', () => {
    const [resumption, update, suspension] = ['b'.repeat(32), 'c'.repeat(32), 'd'.repeat(32)]
    const still = suspended()
    still.ask(resume, resumption)
    still.ask(suspend, suspension)
    assert.equal(still.operation(resumption).status, 'Failed')
    assert.match(still.operation(resumption).error?.message ?? '', new RegExp(suspension))
    const updated = deployed()
    updated.ask(upgradeTo({ Web: 2 }), update)
    updated.ask(suspend, suspension)
    assert.equal(updated.operation(update).status, 'InProgress')
  })

  it('may replace properties and delete some when a service has all that it may have (R-24)', () => {
    const fabric = withShop()
    fabric.ask({ ...updateShop, extendedProperties: properties('a', 50) })
    const change = { ...properties('a', 2), a2: null, a3: null, b: '1' }
    assert.ok('accepted' in fabric.ask({ ...updateShop, extendedProperties: change }))
    assert.equal(Object.keys(fabric.state.stored.service.get('shop')?.extendedProperties ?? {}).length, 49)
  })

  it('sets each field that an update names, and no other (C-2)', () => {
    const fields = { label: 'eA==', description: 'words', reverseDnsFqdn: 'a.example.' }
    for (const [name, value] of Object.entries(fields)) {
      const fabric = withShop()
      const before = fabric.state.stored.service.get('shop')
      fabric.pass(5)
      fabric.ask({ ...updateShop, [name]: value })
      assert.deepEqual(fabric.state.stored.service.get('shop'), { ...before, [name]: value, modifiedAt: fabric.now })
    }
  })

  it('keeps what an update leaves out, and deletes properties with null (C-2)', () => {
    const fabric = withShop()
    fabric.ask({ kind: 'updateService', service: 'shop', description: 'new', extendedProperties: { a: '1', b: '2' } })
    fabric.ask({ kind: 'updateService', service: 'shop', label: 'eA==', extendedProperties: { a: null } })
    const { label, description, extendedProperties } = fabric.state.stored.service.get('shop') ?? {}
    assert.deepEqual(
      { label, description, extendedProperties },
      { label: 'eA==', description: 'new', extendedProperties: { b: '2' } },
    )
  })
})

describe('a deployment and its service were modified last when they were asked to change (C-3, D-6):', () => {
  const staged = () => {
    const fabric = deployed()
    fabric.ask(createDeployment({ slot: 'Staging', name: 'v2' }))
    obey(fabric)
    return fabric
  }
  const stagedAlone = () => running({ Web: 2 }, undefined, { slot: 'Staging', name: 'v2' })
  const upgrading = () => {
    const fabric = deployed()
    fabric.ask(upgradeTo({ Web: 2 }, { mode: 'Manual' }))
    return fabric
  }
  const halfWay = () => {
    const fabric = upgrading()
    fabric.ask(walkOf(0))
    obey(fabric)
    return fabric
  }
  const withoutPackage = () => {
    const parcel = shipped()
    const fabric = deployed(parcel)
    parcel.fault = { code: 'BadRequest', message: 'HTTP 404' }
    return fabric
  }
  const rows: readonly [fabric: () => Fabric, command: Command, slots?: readonly Slot[]][] = [
    [deployed, suspend],
    [suspended, resume],
    [deployed, remove],
    [deployed, reboot],
    [deployed, { ...reboot, kind: 'reimageInstance' }],
    [deployed, { ...reboot, kind: 'rebuildInstance' }],
    [deployed, upgradeTo({ Web: 2 })],
    [deployed, changeTo(configuration({ Web: 3 }))],
    [deployed, { kind: 'deleteInstances', deployment: production, instances: ['Web_IN_0'] }],
    [upgrading, walkOf(0)],
    [halfWay, rollBack()],
    [withoutPackage, upgradeTo({ Web: 2 })],
    [staged, { kind: 'swap', service: 'shop', production: 'v1', source: 'v2' }, ['Production', 'Staging']],
    [stagedAlone, { kind: 'swap', service: 'shop', source: 'v2' }],
    [deployed, { kind: 'deleteService', service: 'shop', withDeployments: true }],
  ]
  for (const [make, command, slots = [production.slot]] of rows)
    it(`${command.kind}${make === deployed ? '' : `, ${make.name}`}`, () => {
      const fabric = make()
      fabric.now += 1
      assert.ok('accepted' in fabric.ask(command))
      for (const slot of slots) assert.equal(fabric.view(slot).modifiedAt, fabric.now)
    })

  it('and when the update has come to its end', () => {
    const fabric = running({ Web: 2 })
    fabric.ask(upgradeTo({ Web: 2 }))
    fabric.now += 1
    walkThrough(fabric)
    assert.equal(fabric.view().modifiedAt, fabric.now)
  })

  it('deleteService alone changes the service', () => {
    const fabric = deployed()
    fabric.now += 1
    fabric.ask({ kind: 'deleteService', service: 'shop', withDeployments: true })
    assert.equal(fabric.state.stored.service.get('shop')?.modifiedAt, fabric.now)
  })
})

describe('a deployment that cannot be', () => {
  const rows: readonly [
    situation: string,
    prepare: (fabric: Parameters<typeof fabricOf>[0] & object) => void,
    change: Parameters<typeof createDeployment>[0],
    code: string,
    message: RegExp,
  ][] = [
    [
      'its package cannot be read (B-3)',
      (parcel) => {
        parcel.fault = { code: 'BadRequest', message: 'HTTP 404' }
      },
      {},
      'BadRequest',
      /404/,
    ],
    [
      'package and configuration do not fit (D-3)',
      () => {},
      { configuration: configuration({ Other: 1 }) },
      'BadRequest',
      /^Validation Errors: Error validating the \.cscfg file against the \.csdef file\. Severity:Error, message:/,
    ],
    [
      'it is above the core quota (A-11)',
      (parcel) => {
        parcel.roles = [{ size: 'ExtraLarge' }]
      },
      { configuration: configuration({ Web: 20 }) },
      'BadRequest',
      /'cores count' is 100 per subscription, the current count is 0, and the requested increment is 160/,
    ],
    [
      'no hosts have the room (A-8, A-10)',
      (parcel) => {
        parcel.roles = [{ size: 'ExtraLarge' }]
      },
      { configuration: configuration({ Web: 3 }) },
      'OverconstrainedAllocationRequest',
      /cannot be placed/,
    ],
    [
      'a warning counts as an error (D-3)',
      (parcel) => {
        parcel.warnings = ['odd']
      },
      { treatWarningsAsError: true },
      'BadRequest',
      /Severity:Warning, message:odd/,
    ],
  ]
  for (const [situation, prepare, change, code, message] of rows)
    it(`${situation}: the operation fails and the slot is empty`, () => {
      const parcel = { ...shipped(), attributes: '' }
      prepare(parcel)
      const fabric = fabricOf(parcel)
      fabric.host('a')
      fabric.host('b', { faultDomain: 1 })
      fabric.ask(createShop)
      fabric.ask(createDeployment(change), 'e'.repeat(32))
      const { status, error } = fabric.operation('e'.repeat(32))
      assert.equal(status, 'Failed')
      assert.equal(error?.code, code)
      assert.match(error.message, message)
      assert.equal(fabric.state.stored.deployment.size + fabric.state.stored.instance.size, 0)
    })

  it('says that it is pinned when the other slot is in use (A-9, A-10)', () => {
    const fabric = deployed()
    fabric.ask(
      createDeployment({ slot: 'Staging', name: 'v2', configuration: configuration({ Web: 40 }) }),
      'e'.repeat(32),
    )
    assert.equal(fabric.operation('e'.repeat(32)).error?.code, 'Compute.ConstrainedAllocationFailed')
    assert.equal(fabric.view().status, 'Running', 'the other slot is left untouched')
  })
})

describe('the events of a service', () => {
  it('come a page at a time, the oldest first, and none is left out', () => {
    const fabric = withShop()
    for (let round = 0; round < 1_500; round++) fabric.ask(updateShop)
    const page = (after: number) => eventsView(fabric.state, { subscriptionId, service: 'shop', after })
    const first = page(0)
    assert.match(first[0]?.reason ?? '', /^accepted as request/)
    assert.equal(first[0]?.kind, createShop.kind)
    const rest = page(first.at(-1)?.number ?? 0)
    assert.equal(first.length + rest.length, 1_501)
    assert.deepEqual(page(rest.at(-1)?.number ?? 0), [])
  })
})
