import type { Result } from '../../kernel/fault.ts'
import type { Command } from '../contract/commands.ts'
import type { Accepted, CommandOf, Request } from './commands/accepted.ts'
import { addExtension } from './commands/add-extension.ts'
import { addManagementCertificate } from './commands/add-management-certificate.ts'
import { addServiceCertificates } from './commands/add-service-certificates.ts'
import { changeConfiguration } from './commands/change-configuration.ts'
import { createAffinityGroup } from './commands/create-affinity-group.ts'
import { createDeployment } from './commands/create-deployment.ts'
import { createService } from './commands/create-service.ts'
import { deleteAffinityGroup } from './commands/delete-affinity-group.ts'
import { deleteDeployment } from './commands/delete-deployment.ts'
import { deleteExtension } from './commands/delete-extension.ts'
import { deleteInstances } from './commands/delete-instances.ts'
import { deleteManagementCertificate } from './commands/delete-management-certificate.ts'
import { deleteService } from './commands/delete-service.ts'
import { deleteServiceCertificate } from './commands/delete-service-certificate.ts'
import { drainHost } from './commands/drain-host.ts'
import { endDrain } from './commands/end-drain.ts'
import { getPackage } from './commands/get-package.ts'
import { releaseAddress } from './commands/release-address.ts'
import { reserveAddress } from './commands/reserve-address.ts'
import { restartInstance } from './commands/restart-instance.ts'
import { rollBack } from './commands/roll-back.ts'
import { swap } from './commands/swap.ts'
import { updateAffinityGroup } from './commands/update-affinity-group.ts'
import { updateDeploymentStatus } from './commands/update-deployment-status.ts'
import { updateService } from './commands/update-service.ts'
import { upgradeDeployment } from './commands/upgrade-deployment.ts'
import { walkUpgradeDomain } from './commands/walk-upgrade-domain.ts'
import type { FabricState } from './state.ts'

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
