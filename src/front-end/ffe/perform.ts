import type { Command, CommandEnvelope } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import { refusals } from '../contract/errors.ts'
import type { OperationName } from '../contract/operations.ts'
import type { Call, Reply } from './call.ts'
import { addManagementCertificate, deleteManagementCertificate, type ReadCertificate } from './certificate-commands.ts'
import { createDeployment, deleteDeployment, rebuild, restart, updateStatus } from './deployment-commands.ts'
import { emptyQueries } from './empty-queries.ts'
import { later } from './later.ts'
import {
  getStorageKeys,
  listLocations,
  listOperatingSystemFamilies,
  listOperatingSystems,
  listRoleSizes,
  listStorageServices,
} from './place-queries.ts'
import type { Query, Sources } from './query.ts'
import { listEvents, listHosts, readLog } from './reddog-queries.ts'
import { createService, deleteService, updateService } from './service-commands.ts'
import { checkNameAvailability, getDeployment, getHostedService, listHostedServices } from './service-queries.ts'
import {
  getOperationStatus,
  getSubscription,
  getSubscriptionCertificate,
  listSubscriptionCertificates,
  listSubscriptionOperations,
} from './subscription-queries.ts'

/** Who asks, and under which request ID. */
export interface Caller {
  readonly requestId: string
  readonly thumbprint: string
  readonly clientAddress: string
}

export interface PerformParts extends Sources {
  readonly readCertificate: ReadCertificate
  /** Called when the management certificates of a subscription have changed. */
  certificatesChanged(): void
}

type Translate = (call: Call, parts: PerformParts) => Result<Command>

const commands = {
  CreateHostedService: (call, { place }) => createService(call, place),
  UpdateHostedService: updateService,
  DeleteHostedService: deleteService,
  DeleteHostedServiceAndDeployments: deleteService,
  CreateDeployment: createDeployment,
  DeleteDeployment: deleteDeployment,
  UpdateDeploymentStatus: updateStatus,
  RebootRoleInstance: restart('rebootInstance'),
  ReimageRoleInstance: restart('reimageInstance'),
  RebuildRoleInstance: rebuild,
  AddSubscriptionCertificate: (call, { readCertificate }) => addManagementCertificate(call, readCertificate),
  DeleteSubscriptionCertificate: deleteManagementCertificate,
} satisfies Partial<Readonly<Record<OperationName, Translate>>>

const queries: Readonly<Record<Exclude<OperationName, keyof typeof commands | keyof typeof later>, Query>> = {
  ...emptyQueries,
  GetSubscription: getSubscription,
  GetOperationStatus: getOperationStatus,
  ListSubscriptionOperations: listSubscriptionOperations,
  ListSubscriptionCertificates: listSubscriptionCertificates,
  GetSubscriptionCertificate: getSubscriptionCertificate,
  ListLocations: listLocations,
  ListRoleSizes: listRoleSizes,
  ListOperatingSystems: listOperatingSystems,
  ListOperatingSystemFamilies: listOperatingSystemFamilies,
  ListStorageServices: listStorageServices,
  GetStorageKeys: getStorageKeys,
  ListHostedServices: listHostedServices,
  GetHostedService: getHostedService,
  CheckNameAvailability: checkNameAvailability,
  GetDeployment: getDeployment,
  ListEvents: listEvents,
  ListLogs: readLog,
  ReadLog: readLog,
  ListHosts: listHosts,
}

/** Carries an operation out: a query asks the fabric and answers, a command is translated and handed to it. */
export async function perform(call: Call, caller: Caller, parts: PerformParts): Promise<Result<Reply>> {
  const { operation } = call
  if (operation in later) return refusals.bad(later[operation as keyof typeof later])
  if (!(operation in commands)) return queries[operation as keyof typeof queries](call, parts)
  const translate: Translate = commands[operation as keyof typeof commands]
  const command = translate(call, parts)
  if (!command.ok) return command
  const accepted = await parts.fabric.command(envelopeOf(call, caller, command.value))
  if (!accepted.ok) return accepted
  if (command.value.kind.endsWith('ManagementCertificate')) parts.certificatesChanged()
  if (command.value.kind !== 'createService') return fine({})
  //
  return fine({
    headers: { location: `${call.base}/subscriptions/${call.subscriptionId}/compute/${command.value.service}` },
  })
}

function envelopeOf(call: Call, { requestId, thumbprint, clientAddress }: Caller, command: Command): CommandEnvelope {
  const { subscriptionId, params } = call
  const below = 'service' in command ? command.service : params['service']
  const path = [
    ...(below === undefined ? ['certificates'] : ['services', 'hostedservices', below]),
    ...(params['slot'] === undefined ? [] : ['deploymentslots', params['slot']]),
    ...(params['deployment'] === undefined ? [] : ['deployments', params['deployment']]),
    ...(params['instance'] === undefined ? [] : ['roleinstances', params['instance']]),
  ]
  return {
    requestId,
    subscriptionId,
    operationName: call.operation.replace(/AndDeployments$/, '') + formOf(call),
    objectId: `/${[subscriptionId, ...path].join('/')}`,
    caller: { thumbprint, clientAddress },
    command,
  }
}

/** `CreateDeploymentBySlot`, `DeleteDeploymentByName` (S-2). */
function formOf({ params }: Call): string {
  if (params['slot'] !== undefined) return 'BySlot'
  return params['deployment'] === undefined ? '' : 'ByName'
}
