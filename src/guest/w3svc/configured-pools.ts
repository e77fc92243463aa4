import type { ApplicationHost } from '../../service-model/application-host/application-host.ts'
import type { ConfiguredPool } from './receive.ts'

/**
 * The pools of a configuration. The fingerprint of a pool covers all that its processes read: the pool, the sites in which it has an
 * application, and what applies to all sites. Only the listener reads bindings.
 */
export function configuredPools({ pools, sites, config }: ApplicationHost): readonly ConfiguredPool[] {
  return pools.map((settings) => {
    const name = settings.name.toLowerCase()
    const own = sites
      .filter(({ applications }) => applications.some(({ pool }) => pool.toLowerCase() === name))
      .map(({ bindings: _bindings, ...site }) => site)
    return { settings, fingerprint: JSON.stringify([settings, own, config], withMaps) }
  })
}

function withMaps(_name: string, value: unknown): unknown {
  if (value instanceof RegExp) return String(value)
  return value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value
}
