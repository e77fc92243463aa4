import type { InstanceRecord } from '../../fabric/controller/state/records/instance.ts'
import { sizeOf } from '../../service-model/sizes.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** No core is handed out twice: the instances on a host never need more dedicated cores than it has. */
export function cores({ controller }: World): Checker {
  let seen: unknown
  return {
    name: 'cores',
    check() {
      const stored = controller.state()?.stored
      if (!stored || stored.instance === seen) return nothing
      seen = stored.instance
      const used = new Map<string, number>()
      for (const instance of stored.instance.values())
        used.set(instance.host, (used.get(instance.host) ?? 0) + dedicatedCores(instance))
      return [...used].flatMap(([host, needed]) => {
        const has = stored.host.get(host)?.cores ?? 0
        return needed > has ? [`${needed} cores of ${host} are handed out, which has ${has}`] : []
      })
    },
  }
}

function dedicatedCores({ size }: InstanceRecord): number {
  const found = sizeOf(size)
  return !found || found.shared ? 0 : found.cores
}
