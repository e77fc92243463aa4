import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Slot } from '../../../service-management/answers.ts'
import type { Host } from '../../../service-management/service-management.ts'
import { useManagement } from '../connection/connection.tsx'
import { useServices } from '../connection/live.ts'
import { instancePath } from '../form/slot.ts'
import { partsOfKey } from './cores.ts'

/** An instance as a host runs it. */
export interface PlacedInstance {
  readonly key: string
  readonly name: string
  /** Whose it is, its page, and what its size is; undefined while its deployment is not known, and for another subscription's. */
  readonly owner: { readonly service: string; readonly slot: Slot } | undefined
  readonly path: string | undefined
  readonly size: string | undefined
}

/** The instances by their keys among the hosts. Deployments are asked for again whenever the hosts run others. */
export function usePlaced(hosts: readonly Host[]): (key: string) => PlacedInstance {
  const management = useManagement()
  const { value: services } = useServices()
  const standing = hosts
    .flatMap(({ instances }) => instances)
    .toSorted()
    .join(' ')
  const answers = useQueries({
    queries: (services ?? []).map(({ name }) => ({
      queryKey: ['placed', name, standing],
      queryFn: () => management.service(name).then((found) => found ?? null),
      gcTime: 0,
    })),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  })
  return useMemo(() => {
    const known = new Map<string, Pick<PlacedInstance, 'owner' | 'path' | 'size'>>(
      answers.flatMap((service) =>
        service.deployments.flatMap(({ id, slot, instances }) =>
          instances.map(
            ({ name, size }) =>
              [
                `${id}.${name}`,
                { owner: { service: service.name, slot }, path: instancePath(service.name, slot, name), size },
              ] as const,
          ),
        ),
      ),
    )
    return (key) => ({
      key,
      name: partsOfKey(key).instance,
      owner: undefined,
      path: undefined,
      size: undefined,
      ...known.get(key),
    })
  }, [answers])
}
