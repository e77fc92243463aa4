import { keep, put } from '../state/keep.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { Places } from './allocate.ts'

/** Stores placed instances, one by one. The deployment's intent, stored after them, makes them count. */
export function keepPlaces(state: FabricState, { instances, cursor }: Places): FabricState {
  let next = state
  for (const name of new Set(instances.map(({ host }) => host))) {
    const host = state.stored.host.get(name)
    if (host && !host.inService) next = keep(next, put('host', name, { ...host, inService: true }))
  }
  for (const instance of instances) next = keep(next, put('instance', instance.key, instance))
  return observe(next, { addressCursor: cursor })
}
