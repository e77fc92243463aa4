/** Addresses that a subscription keeps (section 17 of service-management-api.md, U-61). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Command, Slot } from '../../src/fabric/contract/commands.ts'
import { answerView } from '../../src/fabric/controller/views/answer.ts'
import { planView } from '../../src/fabric/controller/views/plan.ts'
import {
  assertRefused,
  configuration,
  createDeployment,
  createShop,
  type Fabric,
  fabricOf,
  production,
  subscriptionId,
} from './fabric.ts'
import { upgradeTo } from './updates.ts'

const reserve = (reservedAddress: string, location = 'Here'): Command => ({
  kind: 'reserveAddress',
  reservedAddress,
  location,
})
const release = (reservedAddress: string): Command => ({ kind: 'releaseAddress', reservedAddress })

/** A configuration that names the address, or none. */
function at(name: string | undefined): string {
  const plain = configuration({ Web: 2 })
  if (name === undefined) return plain
  const network = `<NetworkConfiguration><AddressAssignments><ReservedIPs><ReservedIP name="${name}"/></ReservedIPs></AddressAssignments></NetworkConfiguration>`
  return plain.replace('</ServiceConfiguration>', `${network}</ServiceConfiguration>`)
}

function deploy(slot: Slot, name: string | undefined, deployment = slot === 'Production' ? 'v1' : 'v2'): Command {
  return createDeployment({ slot, name: deployment, configuration: at(name) })
}

/** The shop, which is Here, on two hosts, after these commands. */
function after(...commands: readonly Command[]): Fabric {
  const fabric = fabricOf()
  fabric.host('a')
  fabric.host('b', { faultDomain: 1 })
  fabric.ask(createShop)
  for (const command of commands) {
    assert.ok('accepted' in fabric.ask(command), command.kind)
    fabric.acknowledge()
    fabric.report('ReadyRole')
  }
  return fabric
}

const swap: Command = { kind: 'swap', service: 'shop', production: 'v1', source: 'v2' }

describe('a command that is refused', () => {
  const rows: readonly [situation: string, before: readonly Command[], command: Command, code: string, text: RegExp][] =
    [
      ['a name that is taken (V-2)', [reserve('one')], reserve('ONE'), 'ConflictError', /'ONE' exists already/],
      [
        'one address too many (V-3)',
        Array.from({ length: 20 }, (_, number) => reserve(`a${number}`)),
        reserve('b'),
        'BadRequest',
        /'reserved ips count' is 20 per subscription, the current count is 20/,
      ],
      ['the release of what there is not (V-7)', [], release('one'), 'ResourceNotFound', /'one' does not exist/],
      [
        'the release of what a deployment has (V-7)',
        [reserve('one'), deploy('Production', 'one')],
        release('one'),
        'ConflictError',
        /in use by the deployment v1/,
      ],
      ['a deployment at an unknown address (V-4)', [], deploy('Production', 'one'), 'BadRequest', /does not exist/],
      [
        'a deployment at the address of another one (V-4)',
        [reserve('one'), deploy('Production', 'one')],
        deploy('Staging', 'ONE'),
        'ConflictError',
        /'one' is in use by the deployment v1 of the hosted service Shop/,
      ],
      [
        'a deployment at an address in another location (V-4)',
        [reserve('far', 'There')],
        deploy('Production', 'far'),
        'BadRequest',
        /'far' is in the location There, and the hosted service Shop in Here/,
      ],
      [
        'a swap of a reserved address with one that is not (U-61)',
        [reserve('one'), deploy('Production', 'one'), deploy('Staging', undefined)],
        swap,
        'BadRequest',
        /v1 has the reserved IP 'one' and v2 has none/,
      ],
      [
        'the same the other way round (U-61)',
        [reserve('one'), deploy('Production', undefined), deploy('Staging', 'one')],
        swap,
        'BadRequest',
        /v2 has the reserved IP 'one' and v1 has none/,
      ],
      ...(
        [
          [undefined, 'one'],
          ['one', undefined],
          ['one', 'two'],
        ] as const
      ).flatMap(([former, next]): [string, readonly Command[], Command, string, RegExp][] =>
        [configure(next), upgradeTo({ Web: 2 }, { configuration: at(next) })].map((command) => [
          `${command.kind} from ${former ?? 'no address'} to ${next ?? 'none'} (V-6, E-1)`,
          [reserve('one'), reserve('two'), deploy('Production', former)],
          command,
          'BadRequest',
          /cannot be added, changed or removed/,
        ]),
      ),
    ]
  for (const [situation, before, command, code, text] of rows)
    it(`${situation}: leaves no trace (E-2)`, () => assertRefused(after(...before), command, code, text))
})

describe('a reserved address', () => {
  it('is given to nobody who does not name it, while it is free too (V-3)', () => {
    const fabric = after(reserve('one'), reserve('two'), deploy('Production', undefined))
    const vips = [...listed(fabric).map(([, address]) => address), fabric.deployment().vip]
    assert.equal(new Set(vips).size, 3)
  })

  it('outlives the controller and its deployment, and is the next one’s (V-5)', () => {
    const before = after(reserve('one'), deploy('Production', 'one'))
    const [[, address] = []] = listed(before)
    const fabric = before.restarted()
    assert.deepEqual(listed(fabric), [['one', address, 'v1']])
    assert.deepEqual([fabric.view().vip, fabric.view().reservedAddress], [address, 'one'])
    fabric.ask({ kind: 'deleteDeployment', deployment: production })
    fabric.acknowledge(fabric.instances().map(({ key }) => key))
    fabric.report('StoppedVM')
    for (const { key, host } of fabric.instances())
      fabric.tell({
        kind: 'report',
        host,
        report: { number: 1_000, agentRun: 'r', goalVersion: 0, complete: false, instances: [], gone: [key] },
      })
    assert.deepEqual(listed(fabric), [['one', address, undefined]])
    assert.ok('accepted' in fabric.ask(deploy('Production', 'one')))
    assert.equal(fabric.deployment().vip, address)
  })

  it('is free again when its deployment cannot be placed (V-5)', () => {
    const fabric = fabricOf()
    for (const command of [createShop, reserve('one'), deploy('Production', 'one')]) fabric.ask(command)
    assert.deepEqual(
      listed(fabric).map(([name, , user]) => [name, user]),
      [['one', undefined]],
    )
    assert.ok('accepted' in fabric.ask(release('one')))
  })

  it('stays with its slot in a swap, and both names are right afterwards (U-57, V-6, V-9)', () => {
    const fabric = after(reserve('one'), reserve('two'), deploy('Production', 'one'), deploy('Staging', 'two'))
    const former = listed(fabric)
    assert.ok('accepted' in fabric.ask(swap))
    assert.deepEqual(
      listed(fabric),
      former.map(([name, address], index) => [name, address, index === 0 ? 'v2' : 'v1']),
    )
    assert.equal(fabric.view('Production').reservedAddress, 'one')
    for (const name of ['two', 'one']) {
      assert.ok('accepted' in fabric.ask(configure(name)), `the configuration of v2 may name ${name}`)
      fabric.acknowledge()
      fabric.report('ReadyRole')
      assert.equal(fabric.view('Production').reservedAddress, 'one')
    }
  })
})

it('the plan of an upgrade says that the address would be refused (V-6)', () => {
  const fabric = after(reserve('one'), deploy('Production', undefined))
  const found = fabric.state.stored.package.first()
  assert.ok(found)
  const ask = {
    subscriptionId,
    deployment: production,
    mode: 'Auto',
    packageUrl: 'http://blobs/p/shop.cspkg',
    configuration: at('one'),
    label: '',
    force: false,
    extendedProperties: {},
  } as const
  const plan = planView(fabric.state, ask, { ok: true, value: { ...found, warnings: [] } }, fabric.now)
  assert.match(plan.refusal?.message ?? '', /names 'one'/)
})

function configure(name: string | undefined): Command {
  return {
    kind: 'changeConfiguration',
    deployment: production,
    configuration: at(name),
    mode: 'Auto',
    treatWarningsAsError: false,
    extendedProperties: {},
  }
}

function listed(fabric: Fabric) {
  return answerView(fabric.state, 'reservedAddresses', { subscriptionId }, fabric.now).map(
    ({ name, address, user }) => [name, address, user?.deployment] as const,
  )
}
