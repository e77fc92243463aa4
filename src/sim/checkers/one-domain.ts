import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'
import { isOfRunning, movesIn } from './moves.ts'

interface Down {
  readonly deployment: string
  readonly update: string
  readonly domain: number
  readonly version: number
}

/**
 * Only instances of one domain are not Ready because of an update (U-8, U-10, U-15). A new update starts again (U-42), a simultaneous one interrupts
 * on purpose (U-36), and so does one whose caller chose to go on after a failure (U-29).
 */
export function oneDomain(world: World): Checker {
  const { controller, hosts } = world
  const moves = movesIn(world)
  const down = new Map<string, Down>()

  function isOver(key: string, { deployment: id, update, version }: Down): boolean {
    const stored = controller.state()?.stored
    if (!stored) return false
    const instance = stored.instance.get(key)
    const deployment = stored.deployment.get(id)
    if (!instance || instance.going || deployment?.update?.id !== update || deployment.wanted !== 'Running') return true
    const guest = hosts.get(instance.host)?.machine.guest(instance.containerId)
    return guest?.isReady() === true && guest.running()?.version === version
  }

  return {
    name: 'one-domain',
    check() {
      for (const [key, one] of down) if (isOver(key, one)) down.delete(key)
      const complaints: string[] = []
      for (const move of moves()) {
        const { instance, deployment } = move
        const { update, id } = deployment
        if (!update || update.mode === 'Simultaneous' || update.onFailure === 'continue' || !isOfRunning(move)) continue
        const isOther = update.role !== undefined && update.role !== instance.role
        const runsOn = instance.told.runRevision === move.before.told.runRevision
        if (instance.movedBy !== update.id || (isOther && runsOn && !instance.wasReady)) continue
        const { upgradeDomain: domain, key, version } = instance
        for (const [other, one] of down)
          if (one.deployment === id && one.domain !== domain)
            complaints.push(
              `${key} of domain ${domain} is stopped while ${other} of domain ${one.domain} is not back yet`,
            )
        down.set(key, { deployment: id, update: update.id, domain, version })
      }
      return complaints.length === 0 ? nothing : complaints
    },
  }
}
