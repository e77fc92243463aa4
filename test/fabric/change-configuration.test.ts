import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Command } from '../../src/fabric/contract/commands.ts'
import { controller } from '../../src/fabric/controller/agent.ts'
import { goalOf } from '../../src/fabric/controller/deployment/goals.ts'
import type { DeploymentRecord } from '../../src/fabric/controller/state/records/deployment.ts'
import type { FabricState } from '../../src/fabric/controller/state/state.ts'
import { rollbackFault } from '../../src/fabric/controller/update/rollback.ts'
import { deploymentView } from '../../src/fabric/controller/views/deployment.ts'
import { deploymentOfView } from '../../src/front-end/ffe/views/deployment.ts'
import {
  configuration,
  createDeployment,
  type Fabric,
  production,
  type Shipped,
  subscriptionId,
  timers,
} from './fabric.ts'
import { obey, walkThrough } from './obey.ts'
import {
  changeTo,
  goals,
  id,
  ofEach,
  parcelOf,
  refusedWith,
  rollBack,
  running,
  second,
  thumbprints,
  told,
  upgradeTo,
  walkOf,
} from './updates.ts'

const role = {
  inside:
    '<ConfigurationSettings><Setting name="Greeting"/></ConfigurationSettings><Certificates><Certificate name="Tls" storeLocation="LocalMachine" storeName="My"/></Certificates>',
}

function text(greeting: string, count = 2, tls: string = thumbprints[0], attributes = ''): string {
  const inside = `<ConfigurationSettings><Setting name="Greeting" value="${greeting}"/></ConfigurationSettings><Certificates><Certificate name="Tls" thumbprint="${tls}" thumbprintAlgorithm="sha1"/></Certificates>`
  return configuration({ Web: count }, inside).replace('serviceName="Shop"', `serviceName="Shop"${attributes}`)
}

/** Instances that greet with `hello`, over two domains. */
function greeting(count = 2, attributes = ''): Fabric {
  const parcel = parcelOf([role], 2)
  parcel.attributes += attributes
  return running({ Web: count }, parcel, { configuration: text('hello', count) })
}

const names = (fabric: Fabric) => fabric.view().instances.map(({ name }) => name)
const greetings = (fabric: Fabric) => Object.values(ofEach(fabric, ({ guest }) => guest.settings['Greeting']))

/** The fabric as it is between a command and whatever follows from it. */
function receive(fabric: Fabric, command: Command, requestId: string): FabricState {
  const envelope = {
    requestId,
    subscriptionId,
    operationName: command.kind,
    objectId: '/',
    caller: { thumbprint: 'AA', clientAddress: '127.0.0.1' },
    command,
  }
  return controller.receive(fabric.state, { kind: 'command', envelope, freshId: 'f'.repeat(32) }, fabric.now).state
}

describe('a change of a setting', () => {
  it('reaches the instances domain by domain, and takes nobody out of rotation (U-46, U-47)', () => {
    const fabric = greeting()
    fabric.ask(changeTo(text('bye')), id)
    const seen = [greetings(fabric).join()]
    while (fabric.deployment().update) {
      obey(fabric)
      assert.deepEqual(fabric.rotation(), { Web_IN_0: 'in', Web_IN_1: 'in' })
      fabric.pass(timers.settleTime)
      seen.push(greetings(fabric).join())
    }
    assert.deepEqual([...new Set(seen)], ['bye,hello', 'bye,bye'])
    assert.deepEqual(told(fabric), [
      'configuration change, domain 0 of 2: Web_IN_0 gets the new configuration without a stop',
      'configuration change, domain 1 of 2: Web_IN_1 gets the new configuration without a stop',
    ])
    assert.deepEqual(
      ofEach(fabric, ({ revision, root, epochs }) => [revision, root, epochs.guest]),
      { Web_IN_0: [2, 1, 1], Web_IN_1: [2, 1, 1] },
    )
    assert.deepEqual([fabric.operation(id).status, fabric.view().configuration], ['Succeeded', text('bye')])
  })

  it('waits until the guest is Ready with the new values, restarted or not (U-48)', () => {
    const fabric = greeting()
    fabric.ask(changeTo(text('bye')), id)
    obey(fabric, ({ revision }) => (revision === 2 ? { revision: 1 } : undefined))
    fabric.pass(timers.settleTime * 2)
    assert.deepEqual(greetings(fabric), ['bye', 'hello'], 'a Ready with the former values does not count')
    fabric.report('RestartingRole', undefined, { revision: 1 })
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'out', Web_IN_1: 'out' }, 'cancelled: it recycles')
    walkThrough(fabric)
    assert.equal(fabric.operation(id).status, 'Succeeded')
  })

  it('tells nobody whose values stay (U-51)', () => {
    const fabric = greeting()
    fabric.ask(changeTo(text('hello')), id)
    walkThrough(fabric)
    assert.deepEqual(
      ofEach(fabric, ({ revision }) => revision),
      { Web_IN_0: 1, Web_IN_1: 1 },
    )
    assert.equal(fabric.operation(id).status, 'Succeeded')
  })

  it('can be walked by hand, and go to all at once (U-33, D-13)', () => {
    const fabric = greeting()
    fabric.ask(changeTo(text('bye'), { mode: 'Manual' }), id)
    obey(fabric)
    assert.deepEqual([fabric.operation(id).status, greetings(fabric)], ['Succeeded', ['hello', 'hello']])
    fabric.ask(walkOf(0))
    assert.deepEqual(greetings(fabric), ['bye', 'hello'])
    fabric.ask(changeTo(text('hi'), { mode: 'Simultaneous' }), second)
    assert.deepEqual(greetings(fabric), ['hi', 'hi'])
    walkThrough(fabric)
    assert.equal(fabric.operation(second).status, 'Succeeded')
  })

  it('is rolled back without a restart', () => {
    const fabric = greeting()
    fabric.ask(changeTo(text('bye'), { mode: 'Manual' }))
    fabric.ask(walkOf(0))
    obey(fabric)
    fabric.ask(rollBack())
    walkThrough(fabric)
    assert.deepEqual(greetings(fabric), ['hello', 'hello'])
    assert.deepEqual(
      ofEach(fabric, ({ revision, root }) => [revision, root]),
      { Web_IN_0: [3, 1], Web_IN_1: [1, 1] },
    )
    assert.equal(fabric.view().configuration, text('hello'))
  })
})

describe('a change that stops instances', () => {
  it('of a certificate takes them out of rotation first, and leaves guest and role root as they are (U-49)', () => {
    const fabric = greeting()
    fabric.ask(changeTo(text('hello', 2, thumbprints[1])), id)
    assert.deepEqual(fabric.rotation(), { Web_IN_0: 'draining', Web_IN_1: 'in' })
    walkThrough(fabric)
    assert.deepEqual(
      told(fabric)[0],
      'configuration change, domain 0 of 2: Web_IN_0 recycles with the new certificates',
    )
    assert.deepEqual(
      ofEach(fabric, ({ guest, root, epochs }) => [guest.storedCertificates[0]?.thumbprint, root, epochs.guest]),
      { Web_IN_0: [thumbprints[1], 1, 1], Web_IN_1: [thumbprints[1], 1, 1] },
    )
  })

  it('shows each instance the certificate of its own version at https endpoints (wire-server.md 6.2)', () => {
    const https = {
      ...role,
      endpoints:
        '<InputEndpoint name="Tls" protocol="https" port="443" certificate="Tls"/><InputEndpoint name="Web" protocol="http" port="80"/>',
    }
    const fabric = running({ Web: 2 }, parcelOf([https], 2), { configuration: text('hello') })
    const seen = () =>
      Object.values(
        ofEach(fabric, ({ guest }) =>
          guest.topology.map(({ endpoints }) =>
            endpoints.map((one) => `${one.name} ${one.certificateThumbprint?.[0] ?? '-'}`).join(),
          ),
        ),
      ).flat()
    assert.deepEqual([...new Set(seen())], ['Tls C,Web -'])
    fabric.ask(changeTo(text('hello', 2, thumbprints[1]), { mode: 'Manual' }))
    fabric.ask(walkOf(0))
    obey(fabric)
    assert.deepEqual(seen(), ['Tls D,Web -', 'Tls D,Web -', 'Tls C,Web -', 'Tls C,Web -'])
  })

  it('of the guest operating system is a reimage (U-50, table 3.1)', () => {
    const fabric = greeting()
    fabric.ask(changeTo(text('hello', 2, thumbprints[0], ' osFamily="5"')), id)
    walkThrough(fabric)
    assert.deepEqual(goals(fabric)['Web_IN_1']?.epochs, { guest: 2, c: 1, d: 2, e: 2 })
  })
})

describe('a change of instance counts', () => {
  const peers = (fabric: Fabric, name: string) => {
    const topology = goals(fabric)[name]?.guest.topology.map((one) => one.id)
    return topology?.toSorted().join(' ')
  }

  it('adds the next numbers, which start in parallel, and tells the others domain by domain (A-29, U-52, U-54)', () => {
    const fabric = greeting()
    fabric.ask(changeTo(text('hello', 4)), id)
    assert.deepEqual(names(fabric), ['Web_IN_0', 'Web_IN_1', 'Web_IN_2', 'Web_IN_3'])
    assert.equal(fabric.view().status, 'RunningTransitioning')
    assert.deepEqual(
      fabric.view().instances.map(({ upgradeDomain }) => upgradeDomain),
      [0, 1, 0, 1],
    )
    assert.deepEqual(
      [peers(fabric, 'Web_IN_0'), peers(fabric, 'Web_IN_1'), peers(fabric, 'Web_IN_3')],
      ['Web_IN_0 Web_IN_1 Web_IN_2 Web_IN_3', 'Web_IN_0 Web_IN_1', 'Web_IN_0 Web_IN_1 Web_IN_2 Web_IN_3'],
    )
    walkThrough(fabric)
    assert.equal(peers(fabric, 'Web_IN_1'), 'Web_IN_0 Web_IN_1 Web_IN_2 Web_IN_3')
    assert.deepEqual(
      ofEach(fabric, ({ epochs, root }) => [epochs.guest, root]),
      { Web_IN_0: [1, 1], Web_IN_1: [1, 1], Web_IN_2: [1, 1], Web_IN_3: [1, 1] },
    )
    assert.deepEqual(Object.values(fabric.rotation()), ['in', 'in', 'in', 'in'])
    assert.deepEqual([fabric.operation(id).status, fabric.view().status], ['Succeeded', 'Running'])
  })

  it('of a suspended deployment shows no UpgradeStatus and nothing to roll back, unless it is to be walked by hand (D-13)', () => {
    for (const [mode, command, shown] of [
      ['Auto', text('hello', 3), false],
      ['Auto', text('bye', 3), false],
      ['Manual', text('hello', 3), true],
      ['Auto', text('hello', 3, thumbprints[1]), true],
      ['Auto', text('bye', 2), true],
    ] as const) {
      const fabric = greeting()
      fabric.ask({ kind: 'updateDeploymentStatus', deployment: production, status: 'Suspended' })
      obey(fabric)
      obey(fabric)
      const former = fabric.deployment().id
      const accepted = receive(fabric, changeTo(command, { mode }), id)
      const deployment = accepted.stored.deployment.get(former) as DeploymentRecord
      const view = deploymentView(accepted, deployment, fabric.now)
      assert.equal(view.status, 'SuspendedTransitioning')
      const { upgradeStatus, rollbackAllowed } = deploymentOfView(view, '2014-10-01')
      assert.deepEqual([upgradeStatus !== undefined, rollbackAllowed], [shown, shown])
      if (shown) continue
      assert.match(rollbackFault(accepted, deployment)?.message ?? '', /suspended and gets further role instances/)
      fabric.ask(changeTo(command, { mode }), id)
      obey(fabric)
      assert.deepEqual([names(fabric).length, fabric.view().status], [3, 'Suspended'])
      assert.equal(fabric.operation(id).status, 'Succeeded')
    }
  })

  it('removes the highest numbers first, after the others have been told (A-30, U-54)', () => {
    const fabric = greeting(5)
    fabric.ask(changeTo(text('hello', 2)), id)
    obey(fabric)
    assert.equal(names(fabric).length, 5)
    assert.equal(Object.values(fabric.rotation()).join(), 'in,in,in,in,in', 'they serve until the others know')
    walkThrough(fabric)
    assert.deepEqual(names(fabric), ['Web_IN_0', 'Web_IN_1'])
    assert.equal(fabric.state.derived.cores.get(fabric.deployment().subscriptionId), 2)
    assert.equal(fabric.operation(id).status, 'Succeeded')
  })

  it('lets removed instances drain before they stop (H-27)', () => {
    const fabric = greeting(3)
    fabric.ask(changeTo(text('hello', 2)))
    for (let turn = 0; fabric.rotation()['Web_IN_2'] === 'in'; turn++) {
      assert.ok(turn < 20)
      for (const host of fabric.state.stored.host.keys()) fabric.report('ReadyRole', [host])
      fabric.pass(timers.settleTime)
    }
    assert.equal(fabric.rotation()['Web_IN_2'], 'draining')
    assert.match(fabric.view().upgrade?.waitsFor ?? '', /waits until Web_IN_2 is gone/)
    walkThrough(fabric)
  })

  it('uses the same number again later, with a guest of its own', () => {
    const fabric = greeting(3)
    const first = goals(fabric)['Web_IN_2']?.containerId
    fabric.ask(changeTo(text('hello', 2)))
    walkThrough(fabric)
    fabric.ask(changeTo(text('hello', 3)))
    walkThrough(fabric)
    assert.notEqual(goals(fabric)['Web_IN_2']?.containerId, first)
  })

  it('goes to all domains at once with Blast, and moves no revision (U-53)', () => {
    const fabric = greeting(2, ' topologyChangeDiscovery="Blast"')
    fabric.ask(changeTo(text('hello', 3)), id)
    assert.equal(peers(fabric, 'Web_IN_1'), 'Web_IN_0 Web_IN_1 Web_IN_2')
    walkThrough(fabric)
    assert.equal(goals(fabric)['Web_IN_1']?.revision, 1)
    assert.equal(fabric.operation(id).status, 'Succeeded')
  })

  it('goes to all at once with a package that says Blast, from the upgrade to it on', () => {
    const parcel: Shipped = { ...parcelOf([role], 2), policy: 'relaxed2011' }
    const fabric = running({ Web: 2 }, parcel, { configuration: text('hello', 2) })
    Object.assign(parcel, {
      sha256: 'b'.repeat(64),
      attributes: `${parcel.attributes} topologyChangeDiscovery="Blast"`,
    })
    fabric.ask(upgradeTo({ Web: 2 }, { configuration: text('hello', 2) }))
    walkThrough(fabric)
    fabric.ask(changeTo(text('hello', 3)), id)
    assert.equal(peers(fabric, 'Web_IN_1'), 'Web_IN_0 Web_IN_1 Web_IN_2')
  })

  it('on the way is rolled back: added instances go, and removed ones stay', () => {
    for (const count of [4, 2]) {
      const fabric = greeting(3)
      fabric.ask(changeTo(text('hello', count), { mode: 'Manual' }))
      fabric.ask(walkOf(0))
      obey(fabric)
      fabric.pass(timers.settleTime)
      fabric.ask(rollBack(), second)
      walkThrough(fabric)
      assert.deepEqual(
        [names(fabric), fabric.operation(second).status],
        [['Web_IN_0', 'Web_IN_1', 'Web_IN_2'], 'Succeeded'],
      )
    }
  })

  it('comes with an upgrade too', () => {
    const fabric = running({ Web: 2 }, parcelOf([{}], 2))
    fabric.ask(upgradeTo({ Web: 3 }), id)
    walkThrough(fabric)
    assert.deepEqual(names(fabric), ['Web_IN_0', 'Web_IN_1', 'Web_IN_2'])
    assert.deepEqual(new Set(Object.values(ofEach(fabric, ({ packageSha256 }) => packageSha256))), new Set(['sha2']))
  })

  it('ends although the host of a removed instance is lost (U-54)', () => {
    const fabric = greeting(3)
    const dead = fabric.instances().find(({ name }) => name === 'Web_IN_2')?.host
    fabric.pass(timers.hostLostAfter - 1)
    for (const host of fabric.state.stored.host.keys()) if (host !== dead) fabric.report('ReadyRole', [host])
    fabric.pass(1)
    fabric.ask(changeTo(text('hello', 2)), id)
    walkThrough(fabric)
    assert.deepEqual([names(fabric), fabric.operation(id).status], [['Web_IN_0', 'Web_IN_1'], 'Succeeded'])
  })

  it('of a controller that is killed between placing and deciding leaves nobody behind', () => {
    const fabric = greeting()
    const [instance] = fabric.instances()
    const key = `${instance?.deployment}.Web_IN_9`
    const orphan = { ...instance, key, name: 'Web_IN_9', index: 9, address: '127.77.16.99' }
    fabric.state = {
      ...fabric.state,
      unsaved: fabric.state.unsaved.push([{ key: `instance/${orphan.key}`, value: orphan }]),
    }
    assert.deepEqual(names(fabric.restarted()), ['Web_IN_0', 'Web_IN_1'])
  })
})

describe('deleting role instances', () => {
  const remove = (instances: readonly string[]) =>
    ({ kind: 'deleteInstances', deployment: production, instances }) as const

  it('removes those named, lowers the count, and leaves the gap (D-23, A-31)', () => {
    const fabric = greeting(4)
    fabric.ask(remove(['Web_IN_1', 'web_in_0']), id)
    walkThrough(fabric)
    assert.deepEqual(names(fabric), ['Web_IN_2', 'Web_IN_3'])
    assert.equal(fabric.view().configuration, text('hello', 2))
    assert.equal(fabric.operation(id).status, 'Succeeded')
    fabric.ask(changeTo(text('hello', 3)))
    walkThrough(fabric)
    assert.deepEqual(names(fabric), ['Web_IN_2', 'Web_IN_3', 'Web_IN_4'])
  })

  it('refuses unknown ones, none, and all of a role (D-23)', () => {
    const rows = [
      [['Web_IN_0', 'Web_IN_8', 'Web_IN_7'], /'Web_IN_8' does not exist/],
      [['Web_IN_0', 'Web_IN_1'], /All role instances of the role Web/],
      [[], /No role instance/],
    ] as const
    for (const [instances, message] of rows) {
      const fabric = greeting()
      const fault = refusedWith(fabric.ask(remove(instances)))
      assert.equal(fault.code, 'BadRequest')
      assert.match(fault.message, message)
    }
  })
})

describe('a configuration that does not fit', () => {
  const rows: readonly [situation: string, text: string, message: RegExp][] = [
    ['is no XML', '<', /ServiceConfiguration\.cscfg/],
    ['names a role that is not there', configuration({ Other: 1 }), /Role 'Other'/],
    ['lacks a setting', configuration({ Web: 2 }), /Greeting/],
    ['names a certificate that was not uploaded', text('hello', 2, 'E'.repeat(40)), /thumbprint E+ was not found/],
  ]
  for (const [situation, wrong, message] of rows)
    it(`${situation}: is refused as a whole, at once (U-51, D-13)`, () => {
      const fabric = greeting()
      const { stored } = fabric.state
      const fault = refusedWith(fabric.ask(changeTo(wrong)))
      assert.equal(fault.code, 'BadRequest')
      assert.match(fault.message, message)
      assert.equal(fabric.state.stored, stored)
    })

  it('asks for more instances than there is room: nothing is touched (A-8, A-10)', () => {
    const fabric = greeting()
    const { stored } = fabric.state
    assert.equal(refusedWith(fabric.ask(changeTo(text('hello', 90)))).code, 'Compute.ConstrainedAllocationFailed')
    assert.equal(fabric.state.stored, stored)
  })

  it('asks for a name that is still going: is refused until it has gone', () => {
    const fabric = greeting(3)
    fabric.ask(changeTo(text('hello', 2)))
    for (let turn = 0; !fabric.instances().some(({ going }) => going); turn++) {
      assert.ok(turn < 20)
      for (const host of fabric.state.stored.host.keys()) fabric.report('ReadyRole', [host])
      fabric.pass(timers.settleTime)
    }
    const fault = refusedWith(fabric.ask(changeTo(text('hello', 3))))
    assert.equal(fault.code, 'ConflictError')
    assert.match(fault.message, /Web_IN_2 is still being removed/)
  })
})

describe('a change of configuration with a warning', () => {
  const plugin = {
    taskType: 'simple',
    commandLine: 'setup.cmd',
    executionContext: 'elevated',
    environment: [],
    relativePath: 'plugins\\Connect',
  } as const

  it('that counts as an error is refused with all that would fail Create Deployment (D-13)', () => {
    const parcel = parcelOf([role], 2)
    const runtime = { executionContext: 'limited', environment: [] } as const
    const model = { name: 'Web', version: '', tasks: [plugin], runtime, pluginSettings: [], properties: {} }
    parcel.roleModels = { Web: model }
    const fabric = running({ Web: 2 }, parcel, { configuration: text('hello') })
    const unknown = text('bye', 2, thumbprints[0], ' osVersion="WA-GUEST-OS-6.99_201301-01"')
    const { message, code } = refusedWith(fabric.ask(changeTo(unknown, { treatWarningsAsError: true })))
    assert.equal(code, 'BadRequest')
    assert.match(message, /Severity:Warning, message:The plug-in Connect of role Web is passed over/)
    assert.match(message, /Severity:Warning, message:The osVersion "WA-GUEST-OS-6.99_201301-01" is no release/)
    assert.ok('accepted' in fabric.ask(changeTo(text('bye'))))
  })
})

describe('a swap', () => {
  const staging = { service: 'shop', slot: 'Staging' } as const
  const swap = { kind: 'swap', service: 'shop', production: 'v1', source: 'v2' } as const

  function both(roles = parcelOf([{}], 2)): Fabric {
    const fabric = running({ Web: 2 }, roles)
    fabric.ask(createDeployment({ slot: 'Staging', name: 'v2' }))
    obey(fabric)
    return fabric
  }

  const slots = (fabric: Fabric) =>
    (['Production', 'Staging'] as const).map((slot) => `${fabric.view(slot).name} ${fabric.view(slot).vip}`)

  it('exchanges slots, VIPs and names in one version of the rotation, and tells no instance (U-57, U-62)', () => {
    const fabric = both()
    const [live, staged] = [fabric.view('Production'), fabric.view('Staging')]
    const table = () =>
      Object.fromEntries(
        [...fabric.state.observed.rotation.endpoints].map(([of, list]) => [of, [list[0]?.vip, list[0]?.hostNames[0]]]),
      )
    const before = fabric.state.observed
    const goalsBefore = [...fabric.state.stored.host.keys()].map((host) => goalOf(fabric.state, host))
    const former = table()
    assert.ok('accepted' in fabric.ask(swap, id))
    assert.equal(fabric.operation(id).status, 'Succeeded')
    assert.deepEqual(slots(fabric), [`v2 ${live.vip}`, `v1 ${staged.vip}`])
    assert.equal(fabric.state.observed.rotation.version, before.rotation.version + 1)
    assert.deepEqual(table()[staged.id], [live.vip, 'shop.localhost'])
    assert.deepEqual(table()[live.id], [staged.vip, `${live.id}.localhost`])
    assert.deepEqual(
      [...fabric.state.stored.host.keys()].map((host) => goalOf(fabric.state, host)),
      goalsBefore,
    )
    fabric.ask({ ...swap, production: 'v2', source: 'v1' })
    assert.deepEqual(table(), former, 'swapping again undoes it')
    fabric.ask({ kind: 'deleteDeployment', deployment: staging })
    obey(fabric)
    obey(fabric)
    assert.ok(fabric.state.derived.addresses.has(live.vip), 'the VIP that is left is still taken')
    assert.ok(!fabric.state.derived.addresses.has(staged.vip))
  })

  it('moves staging to an empty production (U-57)', () => {
    const fabric = running({ Web: 2 }, parcelOf([{}], 2), { slot: 'Staging', name: 'v2' })
    assert.ok('accepted' in fabric.ask({ kind: 'swap', service: 'shop', source: 'v2' }))
    assert.equal(fabric.view('Production').name, 'v2')
  })

  const rows: readonly [
    situation: string,
    prepare: (fabric: Fabric) => void,
    ask: object,
    code: string,
    message: RegExp,
  ][] = [
    [
      'of wrong names (U-58)',
      () => {},
      { production: 'v2', source: 'v1' },
      'ConflictError',
      /slots hold v1 in production and v2/,
    ],
    ['without the name of production (U-58)', () => {}, { production: undefined }, 'ConflictError', /slots hold v1/],
    [
      'while an update is active (U-60)',
      (fabric) => fabric.ask(upgradeTo({ Web: 2 })),
      {},
      'VipSwapNotAllowedAsRollingUpgradeIsInProgress',
      /v1 has an active upgrade/,
    ],
    [
      'while an instance is not Ready (U-60)',
      (fabric) => fabric.report('BusyRole', ['h0']),
      {},
      'VipSwapNotAllowedAsRollingUpgradeIsInProgress',
      /is BusyRole/,
    ],
    [
      'of an empty staging slot (D-18)',
      (fabric) => {
        fabric.ask({ kind: 'deleteDeployment', deployment: staging })
        obey(fabric)
        obey(fabric)
      },
      {},
      'ResourceNotFound',
      /No deployments were found/,
    ],
  ]
  for (const [situation, prepare, ask, code, message] of rows)
    it(`is refused ${situation}`, () => {
      const fabric = both()
      prepare(fabric)
      const fault = refusedWith(fabric.ask({ ...swap, ...ask }))
      assert.equal(fault.code, code)
      assert.match(fault.message, message)
    })

  it('is refused when the numbers of endpoints differ (U-59)', () => {
    const parcel = parcelOf([{}], 2)
    const fabric = running({ Web: 2 }, parcel)
    parcel.roles = [{ endpoints: '' }]
    fabric.ask(createDeployment({ slot: 'Staging', name: 'v2' }))
    obey(fabric)
    assert.match(refusedWith(fabric.ask(swap)).message, /the same number of public endpoints, and v1 has 1, v2 0\./)
  })
})
