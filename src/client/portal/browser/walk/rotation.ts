import type { Progress } from '../../../service-management/updates.ts'
import type { InputEndpoint } from '../summary/input-endpoints.ts'

/** Who serves at an endpoint now. */
export interface Rotation extends InputEndpoint {
  /** How many of its instances get connections. */
  readonly serving: number
}

export function rotationOf(endpoints: readonly InputEndpoint[], instances: Progress['instances']): readonly Rotation[] {
  const serving = new Set(instances.filter(({ inRotation }) => inRotation).map(({ name }) => name))
  return endpoints.map((endpoint) => ({
    ...endpoint,
    serving: endpoint.instances.filter((name) => serving.has(name)).length,
  }))
}
