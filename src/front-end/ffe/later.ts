import type { OperationName } from '../contract/operations.ts'

/** Operations that have their path already and nothing behind it yet, with what the caller is told. */
export const later = {
  CreateVirtualMachineDeployment: 'Deployments of virtual machines are not offered by this server.',
  SwapDeployment: notYet('Swapping deployments'),
  ChangeDeploymentConfiguration: notYet('Changing the configuration of a deployment'),
  UpgradeDeployment: notYet('Upgrading a deployment'),
  WalkUpgradeDomain: notYet('Walking upgrade domains'),
  RollbackUpdateOrUpgrade: notYet('Rolling back an update'),
  GetPackage: notYet('Writing packages back to Blob storage'),
  ListDeploymentEvents: notYet('Listing deployment events'),
  DeleteRoleInstances: notYet('Deleting single role instances'),
  CreateAffinityGroup: notYet('Creating affinity groups'),
  UpdateAffinityGroup: notYet('Changing affinity groups'),
  DeleteAffinityGroup: notYet('Deleting affinity groups'),
  AddServiceCertificate: notYet('Adding service certificates'),
  DeleteServiceCertificate: notYet('Deleting service certificates'),
  AddExtension: notYet('Adding extensions'),
  DeleteExtension: notYet('Deleting extensions'),
} as const satisfies Partial<Readonly<Record<OperationName, string>>>

function notYet(what: string): string {
  return `${what} is not built into this version of Reddog yet.`
}
