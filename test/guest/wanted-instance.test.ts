/** Which instance a user name asks RemoteForwarder for (P-23): a row is a name and what becomes of it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wantedInstance } from '../../src/guest/plugins/remote-forwarder/wanted-instance.ts'
import type { RoleEnvironment } from '../../src/service-model/role-environment.ts'

const instance = (id: string, names: readonly string[], address: string) => ({
  id,
  faultDomain: 0,
  updateDomain: 0,
  endpoints: names.map((name) => ({ name, address, port: 3389, protocol: 'tcp' })),
})

const environment: RoleEnvironment = {
  deploymentId: '9f3c1d2e4b5a46788766554433221100',
  emulated: false,
  currentInstance: {
    id: 'Web_IN_0',
    roleName: 'Web',
    faultDomain: 0,
    updateDomain: 0,
    settings: {},
    localResources: [],
    endpoints: [],
  },
  roles: [
    {
      name: 'Web',
      instances: [instance('Web_IN_1', ['Rdp', 'Gossip'], '10.1.1.2'), instance('Web_IN_0', ['Rdp'], '10.1.1.1')],
    },
    { name: 'Closed', instances: [instance('Closed_IN_0', ['Gossip'], '10.1.1.3')] },
  ],
}

const rows: readonly (readonly [name: string, becomes: string | RegExp])[] = [
  ['operator#Web#Web_IN_1', 'operator at 10.1.1.2'],
  ['operator#web#WEB_in_0', 'operator at 10.1.1.1'],
  ['operator', /^it names no instance\. Sign in as user#role#instance/],
  ['operator#Web', /^it names no instance/],
  ['#Web#Web_IN_0', /^it names no instance/],
  ['operator#Web#Web_IN_0#more', /^it names no instance/],
  [
    'operator#Web#Web_IN_7',
    'there is no instance Web_IN_7 of a role Web with RemoteAccess. There are: Web#Web_IN_0, Web#Web_IN_1.',
  ],
  ['operator#Web#Closed_IN_0', /^there is no instance Closed_IN_0 of a role Web/],
  ['operator#Closed#Closed_IN_0', /^there is no instance Closed_IN_0 of a role Closed with RemoteAccess/],
]

describe('a user name at the VIP', () => {
  for (const [name, becomes] of rows)
    it(`"${name}"`, () => {
      const wanted = wantedInstance(name, environment, 'Rdp')
      const said = typeof wanted === 'string' ? wanted : `${wanted.user} at ${wanted.endpoint.address}`
      if (typeof becomes === 'string') assert.equal(said, becomes)
      else assert.match(said, becomes)
    })
})
