import type { CommandEnvelope, OperationRecord } from '../../src/fabric/contract/commands.ts'
import { type GivenName, spelledOut } from '../../src/fabric/contract/given-text.ts'
import { fabricPaths, party } from '../../src/fabric/contract/paths.ts'
import type { DeploymentView, ServiceView, SubscriptionView, ViewName, Views } from '../../src/fabric/contract/views.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { timerDefaults } from '../../src/kernel/timers.ts'
import type { Listening } from '../../src/machine/http/listen.ts'
import { serveJson } from '../../src/machine/http/serve-json.ts'
import type { TlsMaterial } from '../../src/machine/http/tls.ts'

/** A fabric that says what a test wants it to say, behind the real protocol of fabric/contract. */
export interface Script {
  views: {
    [Name in ViewName]?:
      | ((ask: Views[Name]['ask']) => Views[Name]['answer'] | Promise<Views[Name]['answer']>)
      | undefined
  }
  /** Refuses a command; otherwise it is accepted and has succeeded. */
  refuse?: ((envelope: Told) => Fault | undefined) | undefined
  /** Every command that came, oldest first. */
  readonly commands: Told[]
}

/** A command with its names as they were given: nothing is stored here. */
type Told = Omit<CommandEnvelope, 'objectId' | 'parameters'> & Pick<OperationRecord, 'objectId' | 'parameters'>

export function serveScript(script: Script, tls: TlsMaterial, port = 0): Promise<Listening> {
  const allows = (peer: string) => peer === party.frontEnd
  return serveJson({
    address: '127.0.0.1',
    port,
    tls,
    log: { info() {}, warn() {}, error: console.error },
    routes: [
      {
        method: 'POST',
        path: fabricPaths.view,
        allows,
        handle: async ({ body }) => {
          const { view, ask } = body as { view: ViewName; ask: never }
          return { json: (await script.views[view]?.(ask)) ?? null }
        },
      },
      {
        method: 'POST',
        path: fabricPaths.command,
        allows,
        handle: async ({ body }) => {
          const envelope = told(body as CommandEnvelope)
          const fault = script.refuse?.(envelope)
          if (fault) return { json: { refused: fault } }
          script.commands.push(envelope)
          return { json: { accepted: recordOf(envelope) } }
        },
      },
    ],
  })
}

function told({ objectId, parameters = {}, ...envelope }: CommandEnvelope): Told {
  const asGiven = ({ name }: GivenName) => name
  const texts = Object.entries(parameters).map(([name, text]) => [name, spelledOut(text, asGiven)])
  return { ...envelope, objectId: spelledOut(objectId, asGiven), parameters: Object.fromEntries(texts) }
}

/** 2026-01-01T00:00:00Z */
export const newYear = Date.UTC(2026, 0, 1)

export function recordOf(envelope: Told): OperationRecord {
  const { requestId, subscriptionId, operationName, objectId, caller } = envelope
  return {
    id: requestId,
    subscriptionId,
    name: operationName,
    objectId,
    caller,
    status: 'Succeeded',
    httpStatus: 200,
    startedAt: newYear,
    completedAt: newYear + 1_000,
  }
}

export function subscriptionView(
  id: string,
  certificate: { thumbprint: string; der: Buffer },
  changes: Partial<SubscriptionView> = {},
): SubscriptionView {
  const { thumbprint, der } = certificate
  return {
    id,
    name: 'Tests',
    status: 'Active',
    createdAt: newYear,
    maxCores: 20,
    maxServices: 20,
    currentCores: 2,
    currentServices: 1,
    certificates: [{ thumbprint, data: der.toString('base64'), createdAt: newYear }],
    ...changes,
  }
}

export function serviceView(changes: Partial<ServiceView> = {}): ServiceView {
  return {
    name: 'Shop',
    label: 'c2hvcA==',
    location: 'Reddog',
    status: 'Created',
    createdAt: newYear,
    modifiedAt: newYear + 41_000,
    extendedProperties: {},
    deployments: [],
    ...changes,
  }
}

/** The deployment of the worked exchange in section 15 of the specification. */
export function deploymentView(changes: Partial<DeploymentView> = {}): DeploymentView {
  return {
    name: 'v1',
    slot: 'Production',
    id: '9f'.repeat(16),
    status: 'Running',
    label: 'djE=',
    deploying: false,
    url: 'http://shop.example/',
    configuration: '<ServiceConfiguration/>',
    definitionName: 'Shop',
    instances: [
      {
        role: 'Web',
        name: 'Web_IN_0',
        status: 'RoleStateUnknown',
        hasSettled: false,
        details: '',
        upgradeDomain: 0,
        faultDomain: 0,
        version: 1,
        size: 'Small',
        address: '10.0.0.4',
        endpoints: [{ name: 'Http', publicPort: 80, localPort: 80, protocol: 'http' }],
        powerState: 'Starting',
        inRotation: false,
        host: 'h1',
      },
    ],
    upgradeDomainCount: 2,
    roles: [
      {
        name: 'Web',
        osVersion: 'WA-GUEST-OS-4.1_202401-01',
        inputEndpoints: [{ name: 'Http', port: 80, protocol: 'http' }],
      },
    ],
    sdkVersion: '2.9.6496.2',
    locked: false,
    rollbackAllowed: false,
    createdAt: newYear,
    modifiedAt: newYear + 41_000,
    extendedProperties: {},
    vip: '192.0.2.7',
    warnings: [],
    timers: timerDefaults,
    ...changes,
  }
}
