import { record } from '../../../kernel/document/record.ts'
import { text, time } from '../../../kernel/document/scalars.ts'
import { list } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'

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
