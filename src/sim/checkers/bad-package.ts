import { versionNumbered } from '../../fabric/controller/update/change.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'
import { isOfRunning, movesIn } from './moves.ts'

/** A package whose roles never start takes down only one domain, unless the user chose total interruption or going on (U-29, U-36). */
export function badPackage(world: World): Checker {
  const { programs, contentOf } = world
  const moves = movesIn(world)
  /** The domain that an update has taken down with a bad package. */
  const taken = new Map<string, number>()
  return {
    name: 'bad-package',
    check() {
      const complaints: string[] = []
      for (const move of moves()) {
        const { before, instance, deployment } = move
        const { update, name } = deployment
        if (!update || update.mode === 'Simultaneous' || update.onFailure === 'continue' || !isOfRunning(move)) continue
        const { role, upgradeDomain, version, told } = instance
        if (told.root === before.told.root) continue
        const program = contentOf(versionNumbered(deployment, version).roots[role]?.packageSha256 ?? '')?.program ?? ''
        if (programs.get(program)?.failsOnStart !== true) continue
        const domain = taken.get(update.id) ?? upgradeDomain
        taken.set(update.id, domain)
        if (domain !== upgradeDomain)
          complaints.push(
            `the bad package ${program} took down domain ${upgradeDomain} of ${name} after domain ${domain}`,
          )
      }
      return complaints.length === 0 ? nothing : complaints
    },
  }
}
