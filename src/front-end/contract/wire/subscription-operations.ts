import { record } from '../../../kernel/document/record.ts'
import { flag, text, time } from '../../../kernel/document/scalars.ts'
import { inNamespace, list, optional, orNil } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'
import { operationStatusTag } from './operation.ts'

/** The children of OperationParameter come from another assembly of the original (S-2). */
const parameterNamespace = 'http://schemas.datacontract.org/2004/07/Microsoft.WindowsAzure.ServiceManagement'

const operation = record('SubscriptionOperation', {
  id: text('OperationId'),
  /** `/<subscription>/services/hostedservices/<name>…` */
  objectId: text('OperationObjectId'),
  name: text('OperationName'),
  parameters: list(
    'OperationParameters',
    record('OperationParameter', {
      name: inNamespace(text('Name'), parameterNamespace),
      value: inNamespace(text('Value'), parameterNamespace),
    }),
  ),
  caller: record('OperationCaller', {
    usedServiceManagementApi: flag('UsedServiceManagementApi'),
    userEmailAddress: orNil(text('UserEmailAddress')),
    certificateThumbprint: text('SubscriptionCertificateThumbprint'),
    clientIP: text('ClientIP'),
  }),
  status: operationStatusTag,
  startedTime: time('OperationStartedTime'),
  /** Only when it has ended. */
  completedTime: optional(time('OperationCompletedTime')),
})

/** Answer of List Subscription Operations (S-2). */
export const subscriptionOperationsDocument = document(
  record('SubscriptionOperationCollection', {
    continuationToken: optional(text('ContinuationToken')),
    operations: list('SubscriptionOperations', operation),
  }),
)
