import type { OperationName } from '../contract/operations.ts'

/** Operations of the original that this server does not offer, with what the caller is told. */
export const notOffered = {
  CreateVirtualMachineDeployment: 'Deployments of virtual machines are not offered by this server.',
} as const satisfies Partial<Readonly<Record<OperationName, string>>>
