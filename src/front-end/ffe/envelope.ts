import type { Command, CommandEnvelope } from '../../fabric/contract/commands.ts'
import type { GivenName, GivenText, NameKind } from '../../fabric/contract/given-text.ts'
import type { Call } from './call.ts'
import { parametersOf } from './parameters.ts'

/** Who calls, and with which request ID. */
export interface Caller {
  readonly requestId: string
  readonly thumbprint: string
  readonly clientAddress: string
}

/** The command with the text for its operation record (S-2). */
export function envelopeOf(call: Call, { requestId, ...caller }: Caller, command: Command): CommandEnvelope {
  const { subscriptionId } = call
  return {
    requestId,
    subscriptionId,
    operationName: call.operation.replace(/AndDeployments$/, '') + formOf(call),
    objectId: [`/${subscriptionId}`, ...objectPath(call, command)],
    caller,
    parameters: parametersOf(subscriptionId, command),
    command,
  }
}

/** `CreateDeploymentBySlot`, `DeleteDeploymentByName`. */
function formOf({ params }: Call): string {
  if (params['slot'] !== undefined) return 'BySlot'
  return params['deployment'] === undefined ? '' : 'ByName'
}

/** The path after the subscription. */
function objectPath({ params }: Call, command: Command): Exclude<GivenText, string> {
  const service = 'service' in command ? command.service : params['service']
  if ('group' in command) return segment('affinitygroups', 'group', command.group)
  if ('host' in command) return segment('reddog/hosts', 'host', command.host)
  if (command.kind === 'releaseBrake') return ['/reddog/hosts']
  if ('token' in command) return ['/reddog/jointokens']
  if ('reservedAddress' in command)
    return segment('services/networking/reservedips', 'reservedAddress', command.reservedAddress)
  if (service === undefined) return ['/certificates']
  const { slot, deployment, instance } = params
  return [
    ...segment('services/hostedservices', 'service', service),
    ...(slot === undefined ? [] : [`/deploymentslots/${slot}`]),
    ...(deployment === undefined ? [] : segment('deployments', 'deployment', deployment)),
    ...(instance === undefined ? [] : segment('roleinstances', 'instance', instance)),
  ]
}

function segment(path: string, of: NameKind, name: string): readonly [string, GivenName] {
  return [`/${path}/`, { of, name }]
}
