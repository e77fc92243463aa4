/** What the record of an operation says of names that were given in another case (R-7, S-2). */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Command, CommandEnvelope } from '../../src/fabric/contract/commands.ts'
import { spelledAsStored } from '../../src/fabric/controller/state/spelling.ts'
import type { OperationName } from '../../src/front-end/contract/operations.ts'
import type { Call } from '../../src/front-end/ffe/call.ts'
import { envelopeOf } from '../../src/front-end/ffe/envelope.ts'
import { createDeployment, createShop, deployed, type Fabric, fabricOf, subscriptionId } from './fabric.ts'
import { upgradeTo } from './updates.ts'

interface Row {
  readonly operation: OperationName
  readonly params: Call['params']
  readonly command: Command
  /** The object ID after the subscription, and some of the parameters. */
  readonly says: readonly [string, Readonly<Record<string, string>>]
}

const byName = { service: 'SHOP', name: 'V1' } as const
const inPath = { service: 'SHOP', deployment: 'V1' }
const shop = '/services/hostedservices/Shop'

const rows: readonly Row[] = [
  {
    operation: 'RebootRoleInstance',
    params: { ...inPath, instance: 'WEB_in_0' },
    command: { kind: 'rebootInstance', deployment: byName, instance: 'WEB_in_0' },
    says: [`${shop}/deployments/v1/roleinstances/Web_IN_0`, { deploymentName: 'v1', roleInstanceName: 'Web_IN_0' }],
  },
  {
    operation: 'DeleteRoleInstances',
    params: inPath,
    command: { kind: 'deleteInstances', deployment: byName, instances: ['web_in_0', 'web_in_1'] },
    says: [`${shop}/deployments/v1`, { serviceName: 'Shop', roleInstances: 'Web_IN_0 Web_IN_1' }],
  },
  {
    operation: 'UpgradeDeployment',
    params: { service: 'shop', slot: 'Production' },
    command: upgradeTo({ Web: 2 }, { role: 'web', label: 'shop' }),
    says: [`${shop}/deploymentslots/Production`, { roleToUpgrade: 'Web', label: 'shop' }],
  },
  {
    operation: 'SwapDeployment',
    params: { service: 'shop' },
    command: { kind: 'swap', service: 'shop', production: 'V1', source: 'v2' },
    says: [shop, { production: 'v1', sourceDeployment: 'v2' }],
  },
  {
    operation: 'DeleteExtension',
    params: { service: 'shop', extension: 'RDP' },
    command: { kind: 'deleteExtension', service: 'shop', extension: 'RDP' },
    says: [shop, { extensionId: 'Rdp' }],
  },
  {
    operation: 'DeleteAffinityGroup',
    params: { affinityGroup: 'EAST' },
    command: { kind: 'deleteAffinityGroup', group: 'EAST' },
    says: ['/affinitygroups/East', { affinityGroupName: 'East' }],
  },
  {
    operation: 'DeleteReservedIP',
    params: { reserved: 'FRONT DOOR' },
    command: { kind: 'releaseAddress', reservedAddress: 'FRONT DOOR' },
    says: ['/services/networking/reservedips/Front Door', { reservedIPName: 'Front Door' }],
  },
  {
    operation: 'DrainHost',
    params: { host: 'A' },
    command: { kind: 'drainHost', host: 'A' },
    says: ['/reddog/hosts/a', { hostName: 'a' }],
  },
]

for (const { operation, params, command, says } of rows)
  it(`the record of ${operation} has its names as they are stored`, () => {
    const { objectId, parameters = {} } = spelledAsStored(standing().state, given(operation, params, command))
    assert.equal(objectId, `/${subscriptionId}${says[0]}`)
    assert.deepEqual({ ...parameters, ...says[1] }, parameters)
  })

it('a name that is new stays as it is given', () => {
  const fabric = deployed()
  const create = createDeployment({ service: 'SHOP', slot: 'Staging', name: 'NEW' })
  tell(fabric, 'CreateDeployment', { service: 'SHOP', slot: 'Staging' }, create)
  const { objectId, parameters } = fabric.operation(requestId)
  assert.equal(objectId, `/${subscriptionId}${shop}/deploymentslots/Staging`)
  assert.equal(parameters?.['deploymentName'], 'NEW')
})

it('events of a command use these names', () => {
  const fabric = fabricOf()
  fabric.ask(createShop)
  tell(
    fabric,
    'UpdateHostedService',
    { service: 'SHOP' },
    { kind: 'updateService', service: 'SHOP', extendedProperties: {} },
  )
  assert.equal(fabric.state.stored.event.last()?.subject, 'Shop')
})

it('events of a host that is given back use its own name', () => {
  const fabric = deployed()
  fabric.ask({ kind: 'drainHost', host: 'a' })
  tell(fabric, 'EndDrainHost', { host: 'A' }, { kind: 'endDrain', host: 'A' })
  const event = [...fabric.state.stored.event.values()].find(({ kind }) => kind === 'EndDrainHost')
  assert.equal(event?.subject, 'a')
})

const requestId = 'a'.repeat(32)

function standing(): Fabric {
  const fabric = deployed()
  fabric.ask({ kind: 'createAffinityGroup', group: 'East', label: 'bA==', location: 'Here' })
  fabric.ask({ kind: 'reserveAddress', reservedAddress: 'Front Door', location: 'Here' })
  const extension = { id: 'Rdp', providerNamespace: 'n', type: 't', version: '*' }
  fabric.ask({ kind: 'addExtension', service: 'shop', extension })
  return fabric
}

/** A command as FFE hands it to the controller. */
function given(operation: OperationName, params: Call['params'], command: Command): CommandEnvelope {
  const request = {
    query: new Map(),
    version: '2014-10-01',
    contentType: '',
    contentEncoding: '',
    body: new Uint8Array(),
    base: '',
  }
  const caller = { requestId, thumbprint: 'AA', clientAddress: '127.0.0.1' }
  return envelopeOf({ operation, subscriptionId, params, ...request }, caller, command)
}

function tell(fabric: Fabric, operation: OperationName, params: Call['params'], command: Command): void {
  fabric.tell({ kind: 'command', envelope: given(operation, params, command), freshId: 'f'.repeat(32) })
}

it('of somebody else the record says nothing but what was given: what is there of his cannot be found out by it (R-7)', () => {
  const { params, command, operation } = rows[3] as Row
  const envelope = { ...given(operation, params, command), subscriptionId: 'other' }
  const { parameters } = spelledAsStored(standing().state, envelope)
  assert.deepEqual([parameters?.['production'], parameters?.['sourceDeployment']], ['V1', 'v2'])
})
