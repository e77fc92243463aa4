import { useState } from 'react'
import { hostedServiceDocument } from '../../../../front-end/contract/wire/hosted-service.ts'
import { subscriptionOperationsDocument } from '../../../../front-end/contract/wire/subscription-operations.ts'
import { isoSeconds } from '../../../../kernel/instant.ts'
import type { SubscriptionOperation } from '../../../service-management/subscription.ts'
import { type Live, useLive } from './live.ts'

/** How far back operations are shown, in milliseconds. */
const dayMs = 86_400_000

/** Operations on a cloud service that began within a day before this page was opened, newest first; after some 1,000 the oldest only (S-2). */
export function useRecentOperations(service: string): Live<readonly SubscriptionOperation[]> {
  const [period] = useState(() => ({ StartTime: isoSeconds(Date.now() - dayMs), EndTime: '9999-12-31T00:00:00Z' }))
  const { value: found } = useLive(hostedServiceDocument, 'GetHostedService', { service }, { 'embed-detail': 'true' })
  // Operations name what they are about by its path.
  const object = found ? new URL(found.url).pathname : '/'
  const { value, ...rest } = useLive(
    subscriptionOperationsDocument,
    'ListSubscriptionOperations',
    {},
    { ...period, ObjectIdFilter: object },
  )
  return { ...rest, value: value?.operations.toReversed() }
}
