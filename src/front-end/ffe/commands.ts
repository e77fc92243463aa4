import type { Command } from '../../fabric/contract/commands.ts'
import { fine, type Result } from '../../kernel/fault.ts'
import type { OperationName } from '../contract/operations.ts'
import { createAffinityGroup, deleteAffinityGroup, updateAffinityGroup } from './affinity-group-commands.ts'
import type { Call } from './call.ts'
import { addManagementCertificate, deleteManagementCertificate } from './certificate-commands.ts'
import { createDeployment, deleteDeployment, rebuild, restart, updateStatus } from './deployment-commands.ts'
import { addExtension, deleteExtension } from './extension-commands.ts'
import { addJoinToken, ofHost, removeHost } from './host-commands.ts'
import { getPackage } from './package-commands.ts'
import type { Place } from './place.ts'
import { releaseAddress, reserveAddress } from './reserved-address-commands.ts'
import {
  addServiceCertificate,
  type CertificateReaders,
  deleteServiceCertificate,
} from './service-certificate-commands.ts'
import { createService, deleteService, updateService } from './service-commands.ts'
import {
  changeConfiguration,
  deleteInstances,
  rollback,
  swap,
  upgradeDeployment,
  walkDomain,
} from './update-commands.ts'

/** Turns a call into the fabric's command, or says why that is impossible. */
export type Translate = (call: Call, from: CertificateReaders & { readonly place: Place }) => Result<Command>

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
  SwapDeployment: swap,
  ChangeDeploymentConfiguration: changeConfiguration,
  UpgradeDeployment: upgradeDeployment,
  WalkUpgradeDomain: walkDomain,
  RollbackUpdateOrUpgrade: rollback,
  GetPackage: getPackage,
  DeleteRoleInstances: deleteInstances,
  CreateAffinityGroup: (call, { place }) => createAffinityGroup(call, place),
  UpdateAffinityGroup: updateAffinityGroup,
  DeleteAffinityGroup: deleteAffinityGroup,
  CreateReservedIP: (call, { place }) => reserveAddress(call, place),
  DeleteReservedIP: releaseAddress,
  AddServiceCertificate: addServiceCertificate,
  DeleteServiceCertificate: deleteServiceCertificate,
  AddExtension: (call, { seal }) => addExtension(call, seal),
  DeleteExtension: deleteExtension,
  DrainHost: ofHost('drainHost'),
  EndDrainHost: ofHost('endDrain'),
  ReleaseBrake: () => fine({ kind: 'releaseBrake' }),
  RemoveHost: removeHost,
  AddJoinToken: addJoinToken,
  ClearHost: ofHost('clearHost'),
} satisfies Partial<Readonly<Record<OperationName, Translate>>>
