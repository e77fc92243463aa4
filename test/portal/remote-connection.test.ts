/** How the portal says to sign in to an instance (docs/guide/remote-access.md, P-20, P-23). */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { remoteConnectionOf } from '../../src/client/portal/browser/instances/remote-connection.ts'
import { base64OfText } from '../../src/front-end/contract/base64.ts'
import type { Deployment } from '../../src/front-end/contract/wire/deployment.ts'

const prefix = 'Microsoft.WindowsAzure.Plugins.'

interface Given {
  readonly settings: Readonly<Record<string, string>>
  readonly forwarder?: boolean
}

function deploymentOf({ settings, forwarder = true }: Given): Pick<Deployment, 'configuration' | 'roleInstances'> {
  const lines = Object.entries(settings).map(([name, value]) => `<Setting name="${prefix}${name}" value="${value}" />`)
  const configuration = `<ServiceConfiguration serviceName="Shop" xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"><Role name="Web"><Instances count="2" /><ConfigurationSettings>${lines.join('')}</ConfigurationSettings></Role></ServiceConfiguration>`
  const endpoint = {
    name: `${prefix}RemoteForwarder.RdpInput`,
    vip: '127.45.1.1',
    publicPort: 3389,
    localPort: 20_000,
    protocol: 'tcp',
  }
  return {
    configuration: base64OfText(configuration),
    roleInstances: [
      {
        roleName: 'Web',
        instanceName: 'Web_IN_1',
        instanceStatus: 'BusyRole',
        upgradeDomain: 1,
        faultDomain: 1,
        instanceSize: 'Small',
        stateDetails: '',
        powerState: 'Started',
        ...(forwarder ? { endpoints: [endpoint] } : {}),
      },
    ],
  }
}

const on = {
  'RemoteAccess.Enabled': 'true',
  'RemoteAccess.AccountUsername': 'operator',
  'RemoteAccess.AccountExpiration': '2027-01-31T23:59:59+01:00',
}

const connection = (given: Given) => remoteConnectionOf(deploymentOf(given), 'Web_IN_1')

describe('the remote connection of an instance', () => {
  it('is a command line that a terminal takes as it is', () => {
    assert.deepEqual(connection({ settings: on }), {
      kind: 'on',
      user: 'operator',
      expiration: Date.UTC(2027, 0, 31, 22, 59, 59),
      command: "ssh -p 3389 'operator#Web#Web_IN_1'@127.45.1.1",
    })
  })

  it('quotes whatever stands in the name of the account', () => {
    const found = connection({ settings: { ...on, 'RemoteAccess.AccountUsername': "a'; reboot #" } })
    assert.equal(found?.kind === 'on' && found.command, "ssh -p 3389 'a'\\''; reboot ##Web#Web_IN_1'@127.45.1.1")
  })

  it('reads an expiration without an offset as UTC, and one that is no time not at all', () => {
    const at = (text: string) => connection({ settings: { ...on, 'RemoteAccess.AccountExpiration': text } })
    assert.equal(at('2027-01-31T23:59:59')?.kind === 'on' && at('2027-01-31T23:59:59')?.kind, 'on')
    assert.deepEqual(at('2027-01-31T23:59:59'), { ...at('2027-01-31T23:59:59Z') })
    assert.equal((at('soon') as { expiration?: number }).expiration, undefined)
  })

  it('leads nowhere from outside when no role forwards', () => {
    assert.equal((connection({ settings: on, forwarder: false }) as { command?: string }).command, undefined)
  })

  it('is none when the role does not import it, and none when it is switched off', () => {
    assert.deepEqual(connection({ settings: {} }), { kind: 'notImported' })
    assert.deepEqual(connection({ settings: { ...on, 'RemoteAccess.Enabled': 'false' } }), { kind: 'off' })
  })
})
