import type { DeploymentRecord } from '../../fabric/controller/state/records/deployment.ts'
import type { InstanceRecord } from '../../fabric/controller/state/records/instance.ts'
import type { FabricState } from '../../fabric/controller/state/state.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Fact } from '../fact.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'
import { isOfRunning, movesIn } from './moves.ts'

/** An instance that the platform has taken down. */
interface Down {
  readonly deployment: string
  readonly domain: number
  /** The guest that ran then: another one is to be Ready. */
  readonly guest: unknown
  /** When it was first seen with a goal to run after that. */
  readonly toldAt?: Instant | undefined
  /** When the guest of the run last sent was first heard at its startup tasks, and which run that is. */
  readonly tasks?: { readonly run: number; readonly at: Instant } | undefined
  /** The fabric has lost its host meanwhile, and may not know its progress. */
  readonly wasLost?: true | undefined
}

/**
 * The platform's servicing takes down instances of one upgrade domain of a deployment at a time (H-21), goes on after roleReadyTimeout and not before
 * (H-23), and never meets an update of the same deployment that moves (U-55). Times are the world's: another master may have another clock (H-41).
 */
export function servicing(world: World): Checker {
  const { clock, controller, hosts, timers } = world
  const moves = movesIn(world)
  const down = new Map<string, Down>()
  let seen: FabricState['stored']['instance'] | undefined
  // The clock of an instance that never comes to its startup tasks runs from the step's beginning, before it has left the rotation.
  const patienceMs = timers.roleReadyTimeout - timers.rotationOutLimit - timers.drainLimit

  const guestOf = ({ host, containerId }: InstanceRecord) => hosts.get(host)?.machine.guest(containerId)

  /** When its time is over: roleReadyTimeout from its startup tasks, or, where the fabric may not have heard of those, from the step's beginning. */
  function until({ toldAt = clock.now(), tasks, wasLost }: Down): Instant {
    const anyway = toldAt + patienceMs
    const isHeard = tasks && !wasLost && tasks.at < anyway - timers.hostLostAfter
    return isHeard ? tasks.at + timers.roleReadyTimeout : anyway
  }

  function isOver(stored: FabricState['stored'], key: string, one: Down): boolean {
    const { deployment, guest } = one
    const instance = stored.instance.get(key)
    if (!instance || instance.going || stored.deployment.get(deployment)?.wanted !== 'Running') return true
    if (clock.now() >= until(one)) return true
    const now = guestOf(instance)
    return now !== undefined && now !== guest && now.isReady()
  }

  /** What is known of an instance now, after the latest facts. */
  function followed({ stored, observed }: FabricState, key: string, one: Down, facts: readonly Fact[]): Down {
    const instance = stored.instance.get(key)
    if (!instance || (one.toldAt === undefined && instance.told.run !== 'Started')) return one
    const run = instance.told.runRevision
    const guest = guestOf(instance)
    const isAtTasks = facts.some(
      (fact) => fact.kind === 'guestHeard' && fact.atTasks && fact.containerId === instance.containerId,
    )
    const begun = isAtTasks && guest !== undefined && guest !== one.guest ? { run, at: clock.now() } : undefined
    const { toldAt = clock.now(), tasks } = one
    const wasLost = one.wasLost ?? (observed.lost.has(instance.host) || undefined)
    return { ...one, toldAt, tasks: tasks?.run === run ? tasks : begun, wasLost }
  }

  function stops({ stored }: FabricState): readonly (readonly [InstanceRecord, DeploymentRecord])[] {
    const former = seen
    seen = stored.instance
    if (!former || former === stored.instance) return []
    return [...stored.instance.values()].flatMap((instance) => {
      const before = former.get(instance.key)
      const deployment = stored.deployment.get(instance.deployment)
      return before && deployment && isTakenDown(before, instance, deployment) ? [[instance, deployment] as const] : []
    })
  }

  return {
    name: 'servicing',
    check(facts) {
      const state = controller.state()
      if (!state) return nothing
      for (const [key, one] of down) {
        const now = followed(state, key, one, facts)
        if (isOver(state.stored, key, now)) down.delete(key)
        else down.set(key, now)
      }
      const complaints: string[] = []
      for (const [instance, { id, name, update }] of stops(state)) {
        const { key, upgradeDomain: domain } = instance
        // An update that came after the step had begun waits before its first domain.
        const moves = update && (update.state === 'During' || update.domain > 0)
        if (moves) complaints.push(`${key} is serviced while an update of ${name} is on its way`)
        for (const [other, one] of down)
          if (one.deployment === id && one.domain !== domain)
            complaints.push(
              `${key} of domain ${domain} is serviced while ${other} of domain ${one.domain} is not back yet`,
            )
        down.set(key, { deployment: id, domain, guest: guestOf(instance) })
      }
      for (const move of moves()) {
        const { before, instance, deployment } = move
        if (!isOfRunning(move) || instance.told.runRevision === before.told.runRevision) continue
        const other = [...down].find(([, one]) => one.deployment === deployment.id)
        if (other) complaints.push(`an update stops ${instance.key} while ${other[0]} is being serviced`)
      }
      return complaints.length === 0 ? nothing : complaints
    },
  }
}

/** Only the platform's servicing stops an instance of a running deployment, or gives it a new guest OS without a new version. */
function isTakenDown(before: InstanceRecord, instance: InstanceRecord, { wanted }: DeploymentRecord): boolean {
  if (wanted !== 'Running' || instance.going || before.told.run !== 'Started') return false
  if (instance.told.run === 'Stopped') return true
  const isElsewhere = before.placement !== instance.placement || before.version !== instance.version
  return instance.told.run === 'Started' && !isElsewhere && before.release !== instance.release
}
