import type { Instant } from '../../../kernel/instant.ts'
import { asStored } from '../state/measured.ts'
import type { HostRecord } from '../state/records/host.ts'
import type { FabricState } from '../state/state.ts'
import { listed } from '../update/words.ts'

/** Key of the one record. */
export const brakeKey = 'pool'

/** So many hosts, or this share of all if it is more, may fall silent within brakeWindow (H-39). */
const hostsAtOnce = { least: 2, share: 0.05 } as const

/**
 * More hosts fall silent at once than break by themselves: a switch, a certificate, a new version, or this controller's own network. Healing would then
 * move everything to the rest, and a rollout would go on blindly. So both wait (H-39).
 */
export function isBraked({ stored }: FabricState): boolean {
  return stored.brake.has(brakeKey)
}

/** How many may be silent without it. */
export function mostAtOnce({ stored }: FabricState): number {
  return Math.max(hostsAtOnce.least, Math.floor(stored.host.size * hostsAtOnce.share))
}

/** Hosts that fell silent within brakeWindow, and were not expected to: neither serviced nor removed, nor away when the operator last released the brake. */
export function fellSilent(state: FabricState, now: Instant): readonly string[] {
  const { brakeWindow } = state.facts.timers
  const counts = ({ name, lost, drain, removed }: HostRecord) =>
    lost !== undefined &&
    !lost.excused &&
    !drain &&
    !removed &&
    now < asStored(state, `host/${name}/lost.at`, lost.at) + brakeWindow
  return [...state.stored.host.values()].filter(counts).map(({ name }) => name)
}

/** Hosts for which it was pulled and which are not back. */
export function stillAway({ stored }: FabricState): readonly string[] {
  const hosts = stored.brake.get(brakeKey)?.hosts ?? []
  return hosts.filter((name) => {
    const { lost, removed } = stored.host.get(name) ?? {}
    return lost !== undefined && !removed
  })
}

/** Why nothing is healed and no rollout goes on, as a clause. */
export function brakeWords(state: FabricState): string {
  const many = stillAway(state)
  if (many.length <= mostAtOnce(state)) {
    const lost = [...state.stored.host.values()].filter((host) => host.lost && !host.lost.excused && !host.removed)
    return `the brake is on, since half of all machines or more, ${listed(lost.map(({ name }) => name))} among them, may run on without this controller: healing and rollouts go on when they are back, or, once you know that they are off, after: reddog host brake --release`
  }
  const within = `within ${state.facts.timers.brakeWindow / 60_000} min`
  return `the brake is on, since ${listed(many)} fell silent ${within}: healing and rollouts go on when they are back, or after: reddog host brake --release`
}
