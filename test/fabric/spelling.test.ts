/** What the record of an operation says of names that were given in another case (R-7, S-2). */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Command, CommandEnvelope } from '../../src/fabric/contract/commands.ts'
import { spelledAsStored } from '../../src/fabric/controller/spelling.ts'
import { createDeployment, createShop, deployed, type Fabric, fabricOf, subscriptionId } from './fabric.ts'
import { upgradeTo } from './updates.ts'

const byName = { service: 'SHOP', name: 'V1' } as const
const root = `/${subscriptionId}/services/hostedservices`

function shop(): Fabric {
  const fabric = deployed()
  fabric.ask({ kind: 'createAffinityGroup', group: 'East', label: 'bA==', location: 'Here' })
  const extension = { id: 'Rdp', providerNamespace: 'n', type: 't', version: '*' }
  fabric.ask({ kind: 'addExtension', service: 'shop', extension })
  return fabric
}

for (const [command, given, stored] of [
  [
    { kind: 'rebootInstance', deployment: byName, instance: 'WEB_in_0' },
    { id: `${root}/SHOP/deployments/V1/roleinstances/WEB_in_0`, parameters: { roleInstanceName: 'WEB_in_0' } },
    { id: `${root}/Shop/deployments/v1/roleinstances/Web_IN_0`, parameters: { roleInstanceName: 'Web_IN_0' } },
  ],
  [
    { kind: 'deleteInstances', deployment: byName, instances: ['web_in_0', 'web_in_1'] },
    { id: `${root}/SHOP/deployments/V1`, parameters: { serviceName: 'SHOP', roleInstances: 'web_in_0 web_in_1' } },
    { id: `${root}/Shop/deployments/v1`, parameters: { serviceName: 'Shop', roleInstances: 'Web_IN_0 Web_IN_1' } },
  ],
  [
    upgradeTo({ Web: 2 }, { role: 'web' }),
    { id: `${root}/shop/deploymentslots/Production`, parameters: { roleToUpgrade: 'web', label: 'shop' } },
    { id: `${root}/Shop/deploymentslots/Production`, parameters: { roleToUpgrade: 'Web', label: 'shop' } },
  ],
  [
    { kind: 'swap', service: 'shop', production: 'V1', source: 'v2' },
    { id: `${root}/shop`, parameters: { production: 'V1', sourceDeployment: 'v2' } },
    { id: `${root}/Shop`, parameters: { production: 'v1', sourceDeployment: 'v2' } },
  ],
  [
    { kind: 'deleteExtension', service: 'shop', extension: 'RDP' },
    { id: `${root}/shop`, parameters: { extensionId: 'RDP' } },
    { id: `${root}/Shop`, parameters: { extensionId: 'Rdp' } },
  ],
  [
    { kind: 'deleteAffinityGroup', group: 'EAST' },
    { id: `/${subscriptionId}/affinitygroups/EAST`, parameters: { affinityGroupName: 'EAST' } },
    { id: `/${subscriptionId}/affinitygroups/East`, parameters: { affinityGroupName: 'East' } },
  ],
  [
    createDeployment({ service: 'SHOP', slot: 'Staging', name: 'NEW' }),
    { id: `${root}/SHOP/deploymentslots/Staging`, parameters: { deploymentName: 'NEW' } },
    { id: `${root}/Shop/deploymentslots/Staging`, parameters: { deploymentName: 'NEW' } },
  ],
] as const satisfies readonly (readonly [Command, object, object])[])
  it(`the record of ${command.kind} names ${stored.id.split('/').at(-1)} as it is stored`, () => {
    const spelled = spelledAsStored(shop().state, envelope(command, given.id, given.parameters))
    assert.deepEqual({ id: spelled.objectId, parameters: spelled.parameters }, stored)
  })

it('records and events of a command use these names', () => {
  const fabric = fabricOf()
  fabric.ask(createShop)
  const command: Command = { kind: 'updateService', service: 'SHOP', extendedProperties: {} }
  fabric.tell({ kind: 'command', envelope: envelope(command, `${root}/SHOP`, {}), freshId: 'f'.repeat(32) })
  assert.equal(fabric.operation('a'.repeat(32)).objectId, `${root}/Shop`)
  assert.equal(fabric.state.stored.event.last()?.subject, 'Shop')
})

function envelope(command: Command, objectId: string, parameters: Readonly<Record<string, string>>): CommandEnvelope {
  const caller = { thumbprint: 'AA', clientAddress: '127.0.0.1' }
  return {
    requestId: 'a'.repeat(32),
    subscriptionId,
    operationName: command.kind,
    objectId,
    caller,
    parameters,
    command,
  }
}
