import type { Result } from '../../kernel/fault.ts'
import type { Command } from '../contract/commands.ts'
import type { Accepted, CommandOf, Request } from './commands/accepted.ts'
import { addManagementCertificate } from './commands/add-management-certificate.ts'
import { createDeployment } from './commands/create-deployment.ts'
import { createService } from './commands/create-service.ts'
import { deleteDeployment } from './commands/delete-deployment.ts'
import { deleteManagementCertificate } from './commands/delete-management-certificate.ts'
import { deleteService } from './commands/delete-service.ts'
import { restartInstance } from './commands/restart-instance.ts'
import { updateDeploymentStatus } from './commands/update-deployment-status.ts'
import { updateService } from './commands/update-service.ts'
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
  addManagementCertificate,
  deleteManagementCertificate,
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
