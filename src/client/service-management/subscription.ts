import { canonicalBase64 } from '../../front-end/contract/base64.ts'
import {
  subscriptionCertificateDocument,
  subscriptionCertificatesDocument,
  subscriptionDocument,
} from '../../front-end/contract/wire/subscription.ts'
import { subscriptionOperationsDocument } from '../../front-end/contract/wire/subscription-operations.ts'
import { type Instant, isoSeconds } from '../../kernel/instant.ts'
import type { Api } from './api.ts'
import { type Read, read } from './asking.ts'

/** Operations on the subscription itself. */
export interface Subscription {
  subscription(): Promise<Read<typeof subscriptionDocument>>
  /** Operations that began in a period, oldest first, at most 1,000 at once; the rest after `continuationToken` (S-2). */
  subscriptionOperations(wanted: WantedOperations): Promise<SubscriptionOperations>
  managementCertificates(): Promise<readonly ManagementCertificate[]>
  /** `der`: the certificate, without its key; `thumbprint`: its SHA-1 (S-7). The request ID. */
  addManagementCertificate(thumbprint: string, der: Uint8Array): Promise<string>
  deleteManagementCertificate(thumbprint: string): Promise<string>
}

export interface WantedOperations {
  readonly from: Instant
  readonly until: Instant
  /** The path of an object: only operations on it and what is below; '' for all. */
  readonly object: string
  /** '' for all. */
  readonly result: OperationResult | ''
  /** Of the answer before; '' at first. */
  readonly continuationToken: string
}

export type OperationResult = 'InProgress' | 'Succeeded' | 'Failed'
type SubscriptionOperations = Read<typeof subscriptionOperationsDocument>
export type SubscriptionOperation = SubscriptionOperations['operations'][number]
type ManagementCertificate = Read<typeof subscriptionCertificatesDocument>[number]

export function openSubscription(api: Api): Subscription {
  return {
    subscription: async () => read(await api.send('GetSubscription'), subscriptionDocument),
    async subscriptionOperations({ from, until, object, result, continuationToken }) {
      const query = {
        StartTime: isoSeconds(from),
        EndTime: isoSeconds(until),
        ObjectIdFilter: object,
        OperationResultFilter: result,
        ContinuationToken: continuationToken,
      }
      return read(await api.send('ListSubscriptionOperations', {}, { query }), subscriptionOperationsDocument)
    },
    managementCertificates: async () =>
      read(await api.send('ListSubscriptionCertificates'), subscriptionCertificatesDocument),
    async addManagementCertificate(thumbprint, der) {
      const body = subscriptionCertificateDocument.write({ thumbprint, data: canonicalBase64(der) })
      return (await api.send('AddSubscriptionCertificate', {}, { body })).requestId
    },
    deleteManagementCertificate: async (thumbprint) =>
      (await api.send('DeleteSubscriptionCertificate', { thumbprint })).requestId,
  }
}
