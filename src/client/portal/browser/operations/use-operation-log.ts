import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useManagement } from '../connection/connection.tsx'
import { type LogFilter, newestBefore, objectOfService } from './operation-log.ts'

/** How often it is asked for new operations, in milliseconds. */
const pollMs = 5_000

/** What a page asks of the log. `until` undefined: up to now. */
export interface WantedLog {
  readonly from: number
  readonly until: number | undefined
  /** '' for all. */
  readonly service: string
  readonly result: LogFilter['result']
}

/** The operation log of the subscription, newest first, part by part. */
export function useOperationLog({ from, until, service, result }: WantedLog) {
  const management = useManagement()
  const { data: subscription } = useQuery({ queryKey: ['subscription'], queryFn: () => management.subscription() })
  return useInfiniteQuery({
    queryKey: ['operation-log', from, until, service, result],
    enabled: subscription !== undefined,
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) => {
      // What began a moment ago has a time of this second, which may be ahead of this computer's clock by a little.
      const end = until ?? Date.now() + aheadMs
      const object = objectOfService(subscription?.id ?? '', service)
      const filter = { from, until: end, object, result }
      return newestBefore((wanted) => management.subscriptionOperations(wanted), filter, pageParam ?? end)
    },
    getNextPageParam: ({ before }) => before,
    refetchInterval: pollMs,
  })
}

/** How far the fabric's clock may be ahead, in milliseconds. */
const aheadMs = 3_600_000
