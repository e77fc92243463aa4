import type { Result } from '../../kernel/fault.ts'
import type { Command } from '../contract/commands.ts'
import { addExtension } from './belongings/add-extension.ts'
import { addManagementCertificate } from './belongings/add-management-certificate.ts'
import { addServiceCertificates } from './belongings/add-service-certificates.ts'
import { createAffinityGroup } from './belongings/create-affinity-group.ts'
import { createService } from './belongings/create-service.ts'
import { deleteAffinityGroup } from './belongings/delete-affinity-group.ts'
import { deleteExtension } from './belongings/delete-extension.ts'
import { deleteManagementCertificate } from './belongings/delete-management-certificate.ts'
import { deleteService } from './belongings/delete-service.ts'
import { deleteServiceCertificate } from './belongings/delete-service-certificate.ts'
import { releaseAddress } from './belongings/release-address.ts'
import { reserveAddress } from './belongings/reserve-address.ts'
import { updateAffinityGroup } from './belongings/update-affinity-group.ts'
import { updateService } from './belongings/update-service.ts'
import { releaseBrake } from './brake/release-brake.ts'
import type { Accepted, CommandOf, Request } from './commands/accepted.ts'
import { createDeployment } from './deployment/create-deployment.ts'
import { deleteDeployment } from './deployment/delete-deployment.ts'
import { deleteInstances } from './deployment/delete-instances.ts'
import { restartInstance } from './deployment/restart-instance.ts'
import { swap } from './deployment/swap.ts'
import { updateDeploymentStatus } from './deployment/update-deployment-status.ts'
import { addJoinToken } from './machines/add-join-token.ts'
import { removeHost } from './machines/remove-host.ts'
import { getPackage } from './packages/get-package.ts'
import { clearHost } from './places/clear-host.ts'
import { drainHost } from './servicing/drain-host.ts'
import { endDrain } from './servicing/end-drain.ts'
import type { FabricState } from './state/state.ts'
import { changeConfiguration } from './update/change-configuration.ts'
import { rollBack } from './update/roll-back.ts'
import { upgradeDeployment } from './update/upgrade-deployment.ts'
import { walkUpgradeDomain } from './update/walk-upgrade-domain.ts'

type Considering = {
  readonly [Kind in Command['kind']]: (
    state: FabricState,
    command: CommandOf<Kind>,
    request: Request,
  ) => Result<Accepted>
}

const commands: Considering = {
  createService,
  updateService,
  deleteService,
  createDeployment,
  deleteDeployment,
  updateDeploymentStatus,
  rebootInstance: restartInstance,
  reimageInstance: restartInstance,
  rebuildInstance: restartInstance,
  upgradeDeployment,
  walkUpgradeDomain,
  rollback: rollBack,
  changeConfiguration,
  swap,
  deleteInstances,
  addManagementCertificate,
  deleteManagementCertificate,
  createAffinityGroup,
  updateAffinityGroup,
  deleteAffinityGroup,
  addServiceCertificates,
  deleteServiceCertificate,
  addExtension,
  deleteExtension,
  getPackage,
  drainHost,
  endDrain,
  releaseBrake,
  removeHost,
  addJoinToken,
  clearHost,
  reserveAddress,
  releaseAddress,
}

/** What a command changes, or why it is refused; one file a command. A refused command changes nothing (E-2). */
export function consider<Kind extends Command['kind']>(
  state: FabricState,
  command: CommandOf<Kind>,
  request: Request,
): Result<Accepted> {
  const about: Considering[Kind] = commands[command.kind]
  return about(state, command, request)
}
