import type { HostReport } from '../../../host/contract/report.ts'
import type { RestorationRecord } from '../../contract/restoration.ts'
import { renewGoals } from '../state/goal-versions.ts'
import { keep, put } from '../state/keep.ts'
import { type FabricState, observe, type UnknownInstance } from '../state/state.ts'

/** That the store was brought back from a backup; undefined: it was not. */
export function restoration(state: FabricState): RestorationRecord | undefined {
  return state.stored.restoration.get('fabric')
}

/** Whether a host keeps what a restored store does not know of it: nobody has said yet that it may go. */
export function isRestored(state: FabricState, host: string): boolean {
  const record = restoration(state)
  return record !== undefined && !record.cleared.includes(host)
}

/**
 * The state with what a host reports that a restored store does not know of it. A host that has an instance which the store knows elsewhere
 * is told to end it: its goal is renewed.
 */
export function noteUnknown(state: FabricState, host: string, report: HostReport): FabricState {
  if (!isRestored(state, host)) return state
  const before = state.observed.unknown.get(host, [])
  const told = new Set(report.instances.map(({ key }) => key))
  const stays = ({ key }: UnknownInstance) => !report.complete && !told.has(key) && !report.gone.includes(key)
  const found = report.instances
    .filter(({ key }) => state.stored.instance.get(key)?.host !== host)
    .map(({ key, address }) => ({ key, ...(address !== undefined && { address }) }))
  const unknown = [...before.filter(stays), ...found]
  const noted = observe(state, {
    unknown: unknown.length === 0 ? state.observed.unknown.delete(host) : state.observed.unknown.set(host, unknown),
  })
  // A host that has told all, and nothing strange, is as any other from then on.
  if (report.complete && unknown.length === 0) return renewGoals(cleared(noted, host), [host])
  return knownElsewhere(noted, host).join() === knownElsewhere(state, host).join() ? noted : renewGoals(noted, [host])
}

/** The state in which a host keeps nothing any more that the store does not know. */
function cleared(state: FabricState, host: string): FabricState {
  const record = restoration(state)
  return record ? keep(state, put('restoration', 'fabric', { ...record, cleared: [...record.cleared, host] })) : state
}

/** Keys of instances that a host has, although the store knows them on another. */
export function knownElsewhere(state: FabricState, host: string): readonly string[] {
  return state.observed.unknown
    .get(host, [])
    .map(({ key }) => key)
    .filter((key) => state.stored.instance.has(key))
    .sort()
}

/** Those that the store does not know at all: they are shown, and run on until an operator has them cleared. */
export function unknownOn(state: FabricState, host: string): readonly UnknownInstance[] {
  if (!isRestored(state, host)) return []
  return state.observed.unknown.get(host, []).filter(({ key }) => !state.stored.instance.has(key))
}

/** Addresses that such instances have: nobody else may get them. */
export function unknownAddresses(state: FabricState): readonly string[] {
  return [...state.observed.unknown.keys()].flatMap((host) =>
    unknownOn(state, host).flatMap(({ address }) => address ?? []),
  )
}
