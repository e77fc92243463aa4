import type { Command } from '../../fabric/contract/commands.ts'
import type { Result } from '../../kernel/fault.ts'
import type { OperationName } from '../contract/operations.ts'
import type { Call } from './call.ts'
import { addManagementCertificate, deleteManagementCertificate, type ReadCertificate } from './certificate-commands.ts'
import { createDeployment, deleteDeployment, rebuild, restart, updateStatus } from './deployment-commands.ts'
import type { Place } from './place.ts'
import { createService, deleteService, updateService } from './service-commands.ts'

/** Says in the fabric's words what a call asks for, or why it asks for nothing that can be. */
export type Translate = (
  call: Call,
  from: { readonly place: Place; readonly readCertificate: ReadCertificate },
) => Result<Command>

/** Operations that change something. */
export const commands = {
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
