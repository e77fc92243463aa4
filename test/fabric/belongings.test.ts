/** What a subscription and a cloud service have besides deployments: affinity groups, certificates, extensions. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Command } from '../../src/fabric/contract/commands.ts'
import { controller } from '../../src/fabric/controller/agent.ts'
import { goalOf } from '../../src/fabric/controller/deployment/goals.ts'
import { settleCopyPackage } from '../../src/fabric/controller/packages/settle-copy-package.ts'
import { keep, put } from '../../src/fabric/controller/state/keep.ts'
import type { Records } from '../../src/fabric/controller/state/records.ts'
import { restore } from '../../src/fabric/controller/state/restore.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { answerView } from '../../src/fabric/controller/views/answer.ts'
import { refused } from '../../src/kernel/fault.ts'
import {
  assertRefused,
  configuration,
  createDeployment,
  createShop,
  type Fabric,
  fabricOf,
  production,
  type Shipped,
  shipped,
  shippedPackage,
  subscriptionId,
} from './fabric.ts'
import { refusedWith, rollBack, upgradeTo, walkOf } from './updates.ts'

const thumbprint = 'AB'.repeat(20)
const certificate = { thumbprint, data: 'ZGVy', sealedKey: 'c2VhbGVk' }
const addCertificate: Command = { kind: 'addServiceCertificates', service: 'SHOP', certificates: [certificate] }
const deleteCertificate: Command = { kind: 'deleteServiceCertificate', service: 'shop', thumbprint }
const rdp = { id: 'Rdp', providerNamespace: 'Microsoft.Windows.Azure.Extensions', type: 'RDP', version: '1.*' }
const addExtension: Command = { kind: 'addExtension', service: 'shop', extension: rdp, sealedConfiguration: 'c2VhbGVk' }
const deleteExtension: Command = { kind: 'deleteExtension', service: 'shop', extension: 'RDP' }
const createGroup: Command = { kind: 'createAffinityGroup', group: 'East', label: 'bA==', location: 'Here' }
const deleteGroup: Command = { kind: 'deleteAffinityGroup', group: 'EAST' }
const declaration = '<Certificates><Certificate name="Tls" storeLocation="LocalMachine" storeName="My"/></Certificates>'
const withCertificate = configuration(
  { Web: 2 },
  `<Certificates><Certificate name="Tls" thumbprint="${thumbprint}" thumbprintAlgorithm="sha1"/></Certificates>`,
)
const withRdp = { allRoles: [{ id: 'rdp', state: 'Enable' }], namedRoles: [] } as const
const change: Command = {
  kind: 'changeConfiguration',
  deployment: production,
  configuration: configuration({ Web: 2 }),
  mode: 'Auto',
  treatWarningsAsError: false,
  extendedProperties: {},
}

/** The shop on two hosts, after these commands. */
function after(...commands: readonly Command[]): Fabric {
  return afterWith(shipped(), ...commands)
}

function afterWith(parcel: Shipped, ...commands: readonly Command[]): Fabric {
  const fabric = fabricOf(parcel)
  fabric.host('a')
  fabric.host('b', { faultDomain: 1 })
  fabric.ask(createShop)
  for (const command of commands) assert.ok('accepted' in fabric.ask(command), command.kind)
  fabric.acknowledge()
  fabric.report('ReadyRole')
  return fabric
}

describe('a command that is refused', () => {
  const rows: readonly [situation: string, before: readonly Command[], command: Command, code: string, text: RegExp][] =
    [
      [
        'a deployment whose certificate nobody uploaded (D-3)',
        [],
        createDeployment({ configuration: withCertificate }),
        'BadRequest',
        new RegExp(`^The certificate with thumbprint ${thumbprint} was not found\\.$`),
      ],
      ['a certificate that there is not (K-3)', [], deleteCertificate, 'ResourceNotFound', /was not found/],
      [
        'an extension with a certificate that there is not (11.1)',
        [],
        { kind: 'addExtension', service: 'shop', extension: { ...rdp, thumbprint } },
        'BadRequest',
        /certificate with thumbprint/,
      ],
      ['an extension whose ID is taken (11.1)', [addExtension], addExtension, 'ConflictError', /"Rdp" has been added/],
      ['an extension that there is not', [], deleteExtension, 'ResourceNotFound', /"RDP" does not exist/],
      [
        'an extension that a deployment has (11.2)',
        [addExtension, createDeployment({ extensions: withRdp })],
        deleteExtension,
        'ConflictError',
        /deployment v1 uses the extension "RDP"/,
      ],
      [
        'an extension that the deployments in both slots have, of which that in production is named (11.2)',
        [
          addExtension,
          createDeployment({ slot: 'Staging', name: 'v2', extensions: withRdp }),
          createDeployment({ extensions: withRdp }),
        ],
        deleteExtension,
        'ConflictError',
        /deployment v1 uses the extension "RDP"/,
      ],
      [
        'a deployment with an extension that was not added (11.2)',
        [],
        createDeployment({ extensions: withRdp }),
        'BadRequest',
        /"rdp" has not been added/,
      ],
      [
        'a deployment with an extension for an unknown role (11.2)',
        [addExtension],
        createDeployment({
          extensions: { allRoles: [], namedRoles: [{ role: 'Wep', extensions: withRdp.allRoles }] },
        }),
        'BadRequest',
        /role Wep, which does not exist/,
      ],
      [
        'an affinity group of that name (S-6)',
        [createGroup],
        { ...createGroup, group: 'EAST' },
        'ConflictError',
        /exists already/,
      ],
      [
        'an affinity group that there is not',
        [],
        deleteGroup,
        'ResourceNotFound',
        /^The affinity group does not exist\.$/,
      ],
      [
        'a change of an affinity group that there is not',
        [],
        { kind: 'updateAffinityGroup', group: 'x', label: 'bA==' },
        'ResourceNotFound',
        /^The affinity group does not exist\.$/,
      ],
      [
        'an affinity group in which a service is (S-6)',
        [createGroup, { ...createShop, service: 'other', location: undefined, affinityGroup: 'east' }],
        deleteGroup,
        'ConflictError',
        /used by other/,
      ],
      [
        'a service in an unknown affinity group (C-1)',
        [],
        { ...createShop, service: 'other', location: undefined, affinityGroup: 'west' },
        'BadRequest',
        /^The affinity group does not exist\.$/,
      ],
      [
        'a package of an empty slot (D-20)',
        [],
        { kind: 'getPackage', deployment: production, containerUrl: 'http://blobs/c', overwrite: false },
        'ResourceNotFound',
        /No deployments/,
      ],
      [
        'a container of somebody else (B-1)',
        [createDeployment()],
        { kind: 'getPackage', deployment: production, containerUrl: 'http://evil/c', overwrite: false },
        'BadRequest',
        /container URL names the host evil/,
      ],
    ]
  const going: Command = { kind: 'deleteService', service: 'shop', withDeployments: true }
  const changes = [
    change,
    upgradeTo({ Web: 2 }),
    rollBack(),
    walkOf(0),
    { kind: 'deleteInstances', deployment: production, instances: ['Web_IN_1'] },
  ] satisfies readonly Command[]
  for (const command of changes)
    it(`${command.kind} of a deployment that goes with its service (C-5): leaves no trace (E-2)`, () =>
      assertRefused(after(createDeployment(), going), command, 'ConflictError', /deployment v1 is being deleted\.$/))
  for (const [situation, before, command, code, text] of rows)
    it(`${situation}: leaves no trace (E-2)`, () => assertRefused(after(...before), command, code, text))
})

describe('service certificates', () => {
  it('are listed without their keys, and outlive the controller (K-2)', () => {
    const fabric = after(addCertificate, addCertificate).restarted()
    assert.deepEqual(listed(fabric), [{ thumbprint, data: 'ZGVy' }])
    assert.equal(fabric.state.stored.certificate.first()?.sealedKey, 'c2VhbGVk')
  })

  it('are listed oldest first, and by thumbprint those that came at once', () => {
    const prints = ['BB', 'AA', 'DD', 'CC'].map((pair) => pair.repeat(20))
    const certificates = prints.map((one) => ({ thumbprint: one, data: 'ZGVy' }))
    const early: Command = { kind: 'addServiceCertificates', service: 'shop', certificates: certificates.slice(2) }
    const fabric = after(early)
    fabric.now += 1
    fabric.ask({ ...early, certificates })
    assert.deepEqual(
      listed(fabric)?.map((one) => one.thumbprint.slice(0, 2)),
      ['CC', 'DD', 'AA', 'BB'],
    )
  })

  it('get a key that comes later, and keep one that does not come again (K-1)', () => {
    const bare: Command = { ...addCertificate, certificates: [{ thumbprint, data: 'ZGVy' }] }
    for (const fabric of [after(bare, addCertificate), after(addCertificate, bare)])
      assert.equal(fabric.state.stored.certificate.first()?.sealedKey, 'c2VhbGVk')
  })

  it('stay while a configuration names them, also one that is about to go (K-3)', () => {
    const fabric = fabricWithTls()
    const refused = fabric.ask(deleteCertificate)
    assert.ok('refused' in refused && /named by the configuration of the deployment v1/.test(refused.refused.message))
    fabric.ask({ kind: 'deleteDeployment', deployment: production })
    assert.ok('refused' in fabric.ask(deleteCertificate), 'not gone yet')
  })

  it('stay while both slots name them: the deployment in production is told first (K-3)', () => {
    const fabric = fabricWithTls()
    fabric.ask(createDeployment({ slot: 'Staging', name: 'v2', configuration: withCertificate }))
    assertRefused(fabric, deleteCertificate, 'ConflictError', /configuration of the deployment v1/)
  })

  it('stay while a change of configuration that names others is on its way: it may be rolled back (K-3)', () => {
    const fabric = fabricWithTls()
    const other = 'CD'.repeat(20)
    fabric.ask({
      kind: 'addServiceCertificates',
      service: 'shop',
      certificates: [{ ...certificate, thumbprint: other }],
    })
    const renamed = withCertificate.replace(thumbprint, other)
    assert.ok('accepted' in fabric.ask({ ...change, configuration: renamed, mode: 'Manual' }))
    for (const one of [thumbprint, other])
      assertRefused(
        fabric,
        { ...deleteCertificate, thumbprint: one },
        'ConflictError',
        /configuration of the deployment v1/,
      )
  })

  it('stay while a deployment that is still being fetched names them (K-3)', () => {
    const before = after(addCertificate)
    const fetching = accepted(before.state, createDeployment({ configuration: withCertificate }), before.now)
    const { stored, observed } = accepted(fetching, deleteCertificate, before.now, 'c'.repeat(32))
    assert.match(observed.refusals.get('c'.repeat(32))?.message ?? '', /configuration of the deployment v1/)
    assert.equal(stored.certificate.size, 1)
  })

  it('reach the guests of the roles that declare them, sealed as they are stored, with what vouches for them, and no others', () => {
    const [chain, other] = ['CC', 'DD'].map((pair) => pair.repeat(20)) as [string, string]
    const uploaded: Command = {
      kind: 'addServiceCertificates',
      service: 'shop',
      certificates: [
        { ...certificate, chain: [chain] },
        { thumbprint: chain, data: 'aXNzdWVy' },
        { thumbprint: other, data: 'b3RoZXI=', sealedKey: 'bm90IHlvdXJz' },
      ],
    }
    const roles = [{ inside: declaration }, { name: 'Api', endpoints: '' }]
    const named = withCertificate.replace('</ServiceConfiguration>', '<Role name="Api"><Instances count="1"/></Role>$&')
    const fabric = afterWith({ ...shipped(), roles }, uploaded, createDeployment({ configuration: named }))
    const given = ['a', 'b'].flatMap((host) =>
      goalOf(fabric.state, host).instances.map(({ guest, certificates }) => [guest.instance, certificates]),
    )
    const key = { sealed: 'c2VhbGVk', purpose: `certificate shop/${thumbprint}` }
    const own = [
      { thumbprint, data: 'ZGVy', key },
      { thumbprint: chain, data: 'aXNzdWVy' },
    ]
    assert.deepEqual(Object.fromEntries(given), { Web_IN_0: own, Web_IN_1: own, Api_IN_0: [] })
  })

  it('go with their service, and so do extensions (C-5)', () => {
    const fabric = after(addCertificate, addExtension)
    fabric.ask({ kind: 'deleteService', service: 'shop', withDeployments: true })
    assert.equal(fabric.state.stored.certificate.size, 0)
    assert.equal(fabric.state.stored.extension.size, 0)
    fabric.ask(createShop)
    assert.deepEqual(listed(fabric), [])
  })
})

describe('extensions of a deployment', () => {
  it('are shown, stay over a change that does not speak of them, and go when they are uninstalled (11.2)', () => {
    const fabric = after(addExtension, createDeployment({ extensions: withRdp }))
    assert.deepEqual(fabric.view().extensions, withRdp)
    fabric.ask(change)
    fabric.report('ReadyRole')
    assert.deepEqual(fabric.view().extensions, withRdp)
    const uninstalled = { allRoles: [{ id: 'rdp', state: 'Uninstall' }], namedRoles: [] } as const
    assert.ok('accepted' in fabric.ask({ ...change, extensions: uninstalled }))
    fabric.report('ReadyRole')
    assert.equal(fabric.view().extensions, undefined)
  })

  it('warn while they are switched on: nothing of them runs, and whoever takes warnings as errors is refused (D-3)', () => {
    const warned = (fabric: Fabric) =>
      fabric.view().warnings.filter((warning) => /The extension "rdp" .* does nothing/.test(warning))
    const fabric = after(addExtension, createDeployment({ extensions: withRdp }))
    assert.equal(warned(fabric).length, 1)
    const asErrors = { ...change, treatWarningsAsError: true }
    assert.match(refusedWith(fabric.ask({ ...asErrors, extensions: withRdp })).message, /The extension "rdp"/)
    const disabled = { allRoles: [{ id: 'rdp', state: 'Disable' }], namedRoles: [] } as const
    assert.ok('accepted' in fabric.ask({ ...asErrors, extensions: disabled }))
    fabric.report('ReadyRole')
    assert.equal(warned(fabric).length, 0)
  })

  it('stay over an upgrade that does not speak of them, and go with one that uninstalls them (11.2)', () => {
    const uninstalled = { allRoles: [{ id: 'rdp', state: 'Uninstall' }], namedRoles: [] } as const
    for (const [extensions, left] of [
      [undefined, withRdp],
      [uninstalled, undefined],
    ] as const) {
      const fabric = after(addExtension, createDeployment({ extensions: withRdp }))
      assert.ok('accepted' in fabric.ask(upgradeTo({ Web: 2 }, { extensions })))
      assert.deepEqual(fabric.view().extensions, left)
    }
  })

  it('name roles in the spelling of the model (R-7)', () => {
    const forWeb = (role: string) => ({ allRoles: [], namedRoles: [{ role, extensions: withRdp.allRoles }] }) as const
    const fabric = after(addExtension, createDeployment({ extensions: forWeb('WEB') }))
    assert.deepEqual(fabric.view().extensions, forWeb('Web'))
    assert.ok('accepted' in fabric.ask({ ...change, extensions: forWeb('web') }))
    assert.deepEqual(fabric.view().extensions, forWeb('Web'))
  })

  it('never show the private configuration, sealed or not (11.1)', () => {
    const fabric = after(addExtension)
    const extensions = answerView(fabric.state, 'extensions', { subscriptionId, service: 'shop' }, fabric.now)
    assert.deepEqual(JSON.parse(JSON.stringify(extensions)), [rdp])
  })
})

it('what a subscription or a service has is limited, and the refusal says by what', () => {
  const many: readonly (readonly [limit: number, of: (number: number) => Command])[] = [
    [100, (number) => ({ kind: 'addManagementCertificate', thumbprint: `${number}`, data: `${number}` })],
    [256, (number) => ({ kind: 'createAffinityGroup', group: `g${number}`, label: 'bA==', location: 'Here' })],
    [
      199,
      (number) => ({
        kind: 'addServiceCertificates',
        service: 'shop',
        certificates: [{ thumbprint: `${number}`, data: 'ZGVy' }],
      }),
    ],
    [100, (number) => ({ kind: 'addExtension', service: 'shop', extension: { ...rdp, id: `e${number}` } })],
  ]
  for (const [limit, of] of many) {
    const fabric = after()
    const accepted = Array.from({ length: limit + 2 }, (_, number) => 'accepted' in fabric.ask(of(number), `${number}`))
    const first = accepted.indexOf(false)
    assert.ok(first === limit || first === limit - fabric.state.stored.subscription.size, `${first} of ${limit}`)
    assert.match(
      refusedWith(fabric.ask(of(limit + 2))).message,
      new RegExp(`is ${limit} per subscription|at most ${limit} `),
    )
  }
})

it('a service in an affinity group is where the group is (C-1, S-6)', () => {
  const fabric = after(createGroup, { ...createShop, service: 'other', location: undefined, affinityGroup: 'EAST' })
  const service = answerView(fabric.state, 'service', { subscriptionId, service: 'other' }, fabric.now)
  assert.deepEqual([service?.affinityGroup, service?.location], ['East', 'Here'])
  const groups = answerView(fabric.state, 'affinityGroups', { subscriptionId }, fabric.now)
  assert.deepEqual(
    groups.map(({ name, services }) => [name, services]),
    [['East', ['other']]],
  )
  const theirs = { ...fabric.state.stored.affinityGroup.first(), subscriptionId: 'b', name: 'West' } as const
  const both = keep(fabric.state, put('affinityGroup', 'b/west', theirs as Records['affinityGroup']))
  assert.deepEqual(
    answerView(both, 'affinityGroups', { subscriptionId }, fabric.now),
    groups,
    'nobody sees those of others',
  )
})

it('an affinity group and an extension go when that is asked, with an operation that has succeeded (S-6, 11.1)', () => {
  const fabric = after(createGroup, addExtension)
  for (const command of [deleteGroup, deleteExtension]) {
    const reply = fabric.ask(command)
    assert.ok('accepted' in reply)
    assert.equal(reply.accepted.status, 'Succeeded')
  }
  assert.equal(fabric.state.stored.affinityGroup.size + fabric.state.stored.extension.size, 0)
})

it('an update of an affinity group sets each field that it names, and no other (S-6)', () => {
  for (const [name, value] of Object.entries({ label: 'bTI=', description: 'words' })) {
    const fabric = after({ ...createGroup, description: 'first' })
    const before = fabric.state.stored.affinityGroup.first()
    const reply = fabric.ask({ kind: 'updateAffinityGroup', group: 'east', [name]: value })
    assert.equal('accepted' in reply && reply.accepted.status, 'Succeeded')
    assert.deepEqual(fabric.state.stored.affinityGroup.first(), { ...before, [name]: value })
  }
})

it('a package that was read for a plan is known to the pool, which drops it unless a deployment has the same', () => {
  const fabric = after(createDeployment())
  const dropped = (sha256: string) => {
    const read = { kind: 'packageRead', package: { ...shippedPackage(shipped()), sha256 } } as const
    const { state, touched } = controller.receive(fabric.state, read, fabric.now)
    assert.deepEqual(touched, ['pool'])
    const { actions } = controller.decide(state, 'pool', fabric.now)
    return [state === fabric.state, actions.map((action) => action.kind === 'dropPackage' && action.sha256)]
  }
  assert.deepEqual(dropped('sha'), [true, []])
  assert.deepEqual(dropped('other'), [false, ['other']])
})

it('a restart that the fabric began is an event of its deployment, a first start is none (D-21)', () => {
  const fabric = after(createDeployment())
  const ask = { subscriptionId, deployment: production, from: 0, until: fabric.now + 1_000_000 }
  assert.deepEqual(answerView(fabric.state, 'restarts', ask, fabric.now), [])
  fabric.ask({ kind: 'rebootInstance', deployment: production, instance: 'Web_IN_0' })
  fabric.acknowledge(fabric.instances().map(({ key }) => key))
  const restarts = answerView(fabric.state, 'restarts', ask, fabric.now)
  assert.deepEqual(
    restarts?.map(({ role, instance, at }) => [role, instance, at]),
    [['Web', 'Web_IN_0', fabric.now]],
  )
  assert.deepEqual(answerView(fabric.state, 'restarts', { ...ask, until: 1 }, fabric.now), [])
})

it('says in its events which restart it was, and at whose request (D-21)', () => {
  const ask = { subscriptionId, deployment: production, from: 0, until: Number.MAX_SAFE_INTEGER }
  for (const [kind, word] of [
    ['rebootInstance', 'reboot'],
    ['reimageInstance', 'reimage'],
    ['rebuildInstance', 'rebuild'],
  ] as const) {
    const fabric = after(createDeployment())
    for (const [instance, id] of [
      ['Web_IN_0', 'a'.repeat(32)],
      ['web_in_1', 'b'.repeat(32)],
    ] as const) {
      assert.ok('accepted' in fabric.ask({ kind, deployment: production, instance }, id))
      fabric.acknowledge(fabric.instances().map(({ key }) => key))
      fabric.report('StoppingRole')
    }
    const restarts = answerView(fabric.state, 'restarts', ask, fabric.now)
    assert.deepEqual(
      restarts?.map(({ instance, reason }) => `${instance}: ${reason}`),
      [
        `Web_IN_0: ${word} asked for by request ${'a'.repeat(32)}`,
        `Web_IN_1: ${word} asked for by request ${'b'.repeat(32)}`,
      ],
    )
  }
})

const getPackage: Command = {
  kind: 'getPackage',
  deployment: production,
  containerUrl: 'http://blobs/acct/c?sig=s3cr3t',
  overwrite: false,
}

it('a package is written back as it is at that moment, and the address with its signature is not kept (D-20)', () => {
  const fabric = after(createDeployment())
  const reply = fabric.ask(getPackage)
  assert.ok('accepted' in reply)
  assert.equal(fabric.operation(reply.accepted.id).status, 'Succeeded')
  const [copy] = fabric.done.flatMap((action) => (action.kind === 'copyPackage' ? [action.copy] : []))
  assert.deepEqual([copy?.packageSha256, copy?.configurationText], ['sha', configuration({ Web: 2 })])
  assert.doesNotMatch(JSON.stringify(fabric.state.stored), /s3cr3t/)
})

it('services are listed by name, whatever the order in which they were created', () => {
  for (const order of [
    ['Shop', 'Alpha'],
    ['Alpha', 'Shop'],
  ]) {
    const fabric = fabricOf()
    for (const service of order) fabric.ask({ ...createShop, service })
    const services = answerView(fabric.state, 'services', { subscriptionId }, fabric.now)
    assert.deepEqual(
      services.map(({ name }) => name),
      ['Alpha', 'Shop'],
    )
  }
})

const requestId = 'a'.repeat(32)

/** The state once the command is accepted, and nothing has come of it yet. */
function accepted(state: FabricState, command: Command, now: number, id = requestId): FabricState {
  const envelope = {
    requestId: id,
    subscriptionId,
    operationName: command.kind,
    objectId: '/',
    caller: { thumbprint: 'AA', clientAddress: '127.0.0.1' },
    command,
  }
  return controller.receive(state, { kind: 'command', envelope, freshId: 'b'.repeat(32) }, now).state
}

it('a package that is being written back outlives its deployment and the controller, which begins anew (D-20, O-6)', () => {
  const fabric = after(createDeployment())
  const { facts } = fabric.state
  const state = accepted(fabric.state, getPackage, fabric.now)
  assert.equal(state.stored.operation.get(requestId)?.status, 'InProgress', 'until it is written')
  const { id } = fabric.deployment()
  const kept = Object.entries(state.stored).flatMap(([table, records]) =>
    [...records].map(([key, record]) => [`${table}/${key}`, record] as const),
  )
  const left = kept.filter(([key]) => !key.startsWith('deployment/') && !key.includes(id))
  const { actions } = controller.decide(restore(facts, fabric.now, left), 'pool', fabric.now)
  assert.deepEqual(
    actions.map((action) => [action.kind, action.kind === 'copyPackage' ? action.copy.operation : '']),
    [['copyPackage', requestId]],
  )
})

it('what has become of a package that was written back is said in its operation and in the events of its service (D-20)', () => {
  const fabric = after(createDeployment())
  const state = accepted(fabric.state, getPackage, fabric.now)
  const [copy] = state.stored.packageCopy.values()
  assert.ok(copy)
  const outcomes = [
    [
      { ok: true, value: undefined },
      'Succeeded',
      undefined,
      'PackageWritten',
      'package and configuration stand in the container',
    ],
    [refused('ConflictError', 'It is there.'), 'Failed', 'ConflictError', 'PackageNotWritten', 'It is there.'],
  ] as const
  for (const [result, status, code, kind, reason] of outcomes)
    for (const known of [true, false]) {
      const from = known ? state : { ...state, stored: { ...state.stored, operation: state.stored.operation.clear() } }
      const action = { kind: 'copyPackage', key: 'k', reason: '', copy } as const
      const { state: settled, touched } = settleCopyPackage(from, action, fabric.now, { kind: 'copied', result })
      const operation = settled.stored.operation.get(requestId)
      assert.deepEqual([operation?.status, operation?.error?.code], known ? [status, code] : [undefined, undefined])
      assert.deepEqual([settled.stored.packageCopy.size, touched], [0, ['pool']])
      assert.equal(settled.stored.operation.size, from.stored.operation.size)
      const last = [...settled.stored.event.values()].toSorted((one, other) => one.number - other.number).at(-1)
      assert.deepEqual([last?.subject, last?.kind, last?.reason, last?.service], ['v1', kind, reason, 'shop'])
    }
})

it('no package is dropped while one is being fetched, be it for a new deployment or for an upgrade: it may turn out to be the same', () => {
  const fabric = after(createDeployment())
  const unused = fabric.state.stored.package.get('sha') as Records['package']
  const base = keep(fabric.state, put('package', 'unused', unused))
  const drops = (state: FabricState) =>
    controller
      .decide(state, 'pool', fabric.now)
      .actions.flatMap((one) => (one.kind === 'dropPackage' ? [one.sha256] : []))
  const given = (command: Command) => accepted(base, command, fabric.now)
  assert.deepEqual(drops(base), ['unused'])
  assert.deepEqual(drops(given({ ...createDeployment(), slot: 'Staging', name: 'v2' })), [])
  assert.deepEqual(drops(given(upgradeTo({ Web: 2 }))), [])
  const { id, versions } = fabric.deployment()
  const damaged = { ...fabric.deployment(), versions: { 1: { ...versions[1], roots: null as never } } }
  const broken = keep(base, put('deployment', id, damaged as Records['deployment']))
  assert.deepEqual(drops(broken), ['unused'], 'what a record mentions that cannot be thought through is kept (F-27)')
})

function listed(fabric: Fabric) {
  return answerView(fabric.state, 'serviceCertificates', { subscriptionId, service: 'shop' }, fabric.now)
}

/** The shop with a deployment whose configuration names the certificate. */
function fabricWithTls(): Fabric {
  const parcel = { ...shipped(), roles: [{ inside: declaration }] }
  return afterWith(parcel, addCertificate, createDeployment({ configuration: withCertificate }))
}
