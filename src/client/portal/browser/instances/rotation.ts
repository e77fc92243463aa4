import type { Endpoint } from '../../../service-management/answers.ts'

/** Whether the load balancer sends connections to an instance; an instance without a public endpoint is in no rotation (L-17). */
export function rotationOf(
  endpoints: readonly Endpoint[],
  progress: { readonly inRotation: boolean } | undefined,
): 'in' | 'out' | 'noEndpoint' | 'unknown' {
  if (!endpoints.some(({ publicPort }) => publicPort !== undefined)) return 'noEndpoint'
  if (!progress) return 'unknown'
  return progress.inRotation ? 'in' : 'out'
}
