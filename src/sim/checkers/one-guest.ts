import type { Instant } from '../../kernel/instant.ts'
import type { SimulatedHost } from '../host.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'

/** How often all guests are looked at. */
const lookEveryMs = 1_000

/** How long an agent that begins to run, or goes on, may take to stop what runs elsewhere by then (H-38). */
const wakingMs = 20_000

/**
 * Where the fabric has several machines, no instance runs on two of them (H-38). Only a host whose agent does not run, or has not done so for long,
 * cannot stop what was started elsewhere.
 */
export function oneGuest({ clock, hosts }: World): Checker {
  let nextLook = clock.now()
  const deafUntil = new Map<string, Instant>()

  function isExcused({ name, machine, agent, isAgentPaused }: SimulatedHost, now: Instant): boolean {
    const wasDeaf = now < (deafUntil.get(name) ?? 0) + wakingMs
    // A master that answers, and cannot store that the host is back, gives it no goal.
    const isDeaf = !agent() || isAgentPaused() || !machine.hasPower() || (wasDeaf && agent()?.contact !== undefined)
    if (isDeaf) deafUntil.set(name, now)
    return isDeaf || wasDeaf
  }

  return {
    name: 'one-guest',
    check() {
      const now = clock.now()
      if (now < nextLook) return nothing
      nextLook = now + lookEveryMs
      const places = new Map<string, string>()
      const complaints: string[] = []
      for (const host of hosts.values()) {
        if (host.others().length === 0) return nothing
        if (isExcused(host, now)) continue
        for (const { key } of host.machine.guests()) {
          const elsewhere = places.get(key)
          if (elsewhere !== undefined) complaints.push(`${key} runs on ${elsewhere} and on ${host.name}`)
          places.set(key, host.name)
        }
      }
      return complaints
    },
  }
}
