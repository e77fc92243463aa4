import { document } from './document.ts'
import { record } from './record.ts'
import { text, time } from './scalars.ts'
import { list } from './tag.ts'

/** Answer of List Deployment Events (D-21). */
export const deploymentEventsDocument = document(
  record('DeploymentEventCollection', {
    rebootEvents: list(
      'RebootEvents',
      record('RebootEvent', {
        roleName: text('RoleName'),
        instanceName: text('InstanceName'),
        rebootReason: text('RebootReason'),
        rebootStartTime: time('RebootStartTime'),
      }),
    ),
  }),
)
