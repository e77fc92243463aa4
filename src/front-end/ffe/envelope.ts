import type { Command, CommandEnvelope } from '../../fabric/contract/commands.ts'
import type { Call } from './call.ts'
import { parametersOf } from './parameters.ts'

/** Who asks, and under which request ID. */
export interface Caller {
  readonly requestId: string
  readonly thumbprint: string
  readonly clientAddress: string
}

/** The command with what its operation record says of it (S-2). */
export function envelopeOf(call: Call, { requestId, ...caller }: Caller, command: Command): CommandEnvelope {
  const { subscriptionId } = call
  return {
    requestId,
    subscriptionId,
    operationName: call.operation.replace(/AndDeployments$/, '') + formOf(call),
    objectId: `/${[subscriptionId, ...objectPath(call, command)].join('/')}`,
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

function objectPath({ params }: Call, command: Command): readonly string[] {
  const service = 'service' in command ? command.service : params['service']
  if ('group' in command) return ['affinitygroups', command.group]
  if ('host' in command) return ['reddog', 'hosts', command.host]
  if ('reservedAddress' in command) return ['services', 'networking', 'reservedips', command.reservedAddress]
  if (service === undefined) return ['certificates']
  const below = {
    deploymentslots: params['slot'],
    deployments: params['deployment'],
    roleinstances: params['instance'],
  }
  const segments = Object.entries(below).flatMap(([kind, name]) => (name === undefined ? [] : [kind, name]))
  return ['services', 'hostedservices', service, ...segments]
}
