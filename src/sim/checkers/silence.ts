import type { HostState } from '../../host/agent/state.ts'
import { containerSubject } from '../../host/agent/subject.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Fact } from '../fact.ts'
import type { World } from '../world.ts'
import { type Checker, lookSeldomMs, nothing } from './checker.ts'

interface Silence {
  readonly host: string
  readonly from: Instant
  /** The host has decided to end the guest. */
  readonly decided: boolean
}

/**
 * A guest that is to run is restarted after ten minutes without a heartbeat, and not before (F-10, H-5). The clock starts at
 * the last heartbeat, at the start of the guest, or at that of the Host Agent (wire-server.md 10.4).
 */
export function silence({ clock, hosts, poison, timers }: World): Checker {
  const silences = new Map<string, Silence>()
  let nextLook = clock.now()
  const limitMs = timers.heartbeatRestartAfter
  // Other faults of the container are retried first, above all a wire server that cannot listen.
  const patienceMs = limitMs + Math.max(...timers.recycleDelays) + lookSeldomMs

  function take(fact: Fact): readonly string[] {
    const now = clock.now()
    switch (fact.kind) {
      case 'agentStarted':
        for (const [id, { host }] of silences)
          if (host === fact.host) silences.set(id, { host, from: now, decided: false })
        return nothing
      case 'agentGoesOn':
        for (const [id, one] of silences)
          if (one.host === fact.host) silences.set(id, { ...one, from: Math.min(now, one.from + fact.stoppedMs) })
        return nothing
      case 'guestStarted':
      case 'guestHeard':
        silences.set(fact.containerId, { host: fact.host, from: now, decided: false })
        return nothing
      case 'guestEnded':
        silences.delete(fact.containerId)
        return nothing
      case 'stopDecided': {
        const found = silences.get(fact.containerId)
        if (!found) return nothing
        silences.set(fact.containerId, { ...found, decided: true })
        const early = now - found.from < limitMs && isToRun(hosts.get(fact.host)?.agent(), fact.containerId)
        return early ? [`the guest of ${fact.key} was restarted after ${now - found.from} ms of silence`] : nothing
      }
      case 'agentCommitted':
      case 'controllerActs':
      case 'controllerHears':
      case 'answered':
      case 'wrote':
      case 'hostHeard':
      case 'defect':
      case 'roleStopping':
        return nothing
    }
  }

  function look(now: Instant): readonly string[] {
    // A host with a full disk restarts no guest, and gets the same time afterwards (F-28). Where a new agent cannot store either that it listens, it
    // hears the guest only afterwards.
    for (const [id, one] of silences) {
      const host = hosts.get(one.host)
      const listens = host?.agent()?.containers.get(id)?.listening
      // The time in which it is stopped is added when it goes on.
      if (host?.disk.isFull() && !host.isAgentPaused())
        silences.set(id, { ...one, from: Math.max(one.from, listens ? now - limitMs : now) })
    }
    return [...silences].flatMap(([containerId, { host, from, decided }]) => {
      // A host decides nothing about a guest while it is set aside (F-27).
      if (decided || now - from <= patienceMs || hosts.get(host)?.isAgentPaused()) return []
      if (poison.isChosen(host, containerSubject(containerId))) return []
      const late = isToRun(hosts.get(host)?.agent(), containerId)
      return late ? [`the guest ${containerId} has been silent for ${now - from} ms and was not restarted`] : []
    })
  }

  return {
    name: 'silence',
    check(facts) {
      const taken = facts.length === 0 ? nothing : facts.flatMap(take)
      const now = clock.now()
      if (now < nextLook) return taken
      nextLook = now + lookSeldomMs
      return [...taken, ...look(now)]
    },
  }
}

/** True when the guest runs as the host's own goal says, and the host is not isolated (H-38). */
function isToRun(state: HostState | undefined, containerId: string): boolean {
  const container = state?.containers.get(containerId)
  const goal = container?.goal
  if (state?.contact?.isolated !== undefined) return false
  if (!container || !goal || goal.deleting || goal.machine === 'Stopped' || container.ended) return false
  const { guest, c, d, e } = container.record.epochs
  return goal.epochs.guest === guest && goal.epochs.c === c && goal.epochs.d === d && goal.epochs.e === e
}
