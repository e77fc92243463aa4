import type { OperationName } from '../contract/operations.ts'

/** V-6. */
const reservedAtCreation =
  'The reserved IP of a running deployment cannot be changed by this server. Name it in the service configuration with which the deployment is created.'

/** Operations of the original that this server does not offer, with the answer for the caller. */
export const notOffered = {
  AssociateReservedIP: reservedAtCreation,
  DisassociateReservedIP: reservedAtCreation,
  CreateVirtualMachineDeployment: 'Deployments of virtual machines are not offered by this server.',
} as const satisfies Partial<Readonly<Record<OperationName, string>>>
