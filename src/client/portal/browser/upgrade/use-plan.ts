import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { WantedUpgrade } from '../../../service-management/updates.ts'
import { useManagement } from '../connection/connection.tsx'
import type { Standing } from '../form/standing.ts'
import { useFormPlace } from '../form/use-form-place.ts'

/** What the upgrade would do, asked anew whenever the options or the deployment change; not for another label. */
export function usePlan(wanted: WantedUpgrade | undefined, standing: Standing) {
  const management = useManagement()
  const { service, slot } = useFormPlace()
  const text = wanted && new TextDecoder().decode(wanted.configuration)
  const { packageUrl, mode, role, force } = wanted ?? {}
  return useQuery({
    queryKey: ['plan', service, slot, packageUrl, text, mode, role, force, standing],
    queryFn: () => management.planUpgrade(service, slot, wanted as WantedUpgrade),
    enabled: wanted !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 0,
  })
}

export type PlanQuery = ReturnType<typeof usePlan>
