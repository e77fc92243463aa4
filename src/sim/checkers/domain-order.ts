import type { DeploymentRecord } from '../../fabric/controller/state/records/deployment.ts'
import type { UpdateRecord } from '../../fabric/controller/state/records/update.ts'
import type { World } from '../world.ts'
import { type Checker, nothing } from './checker.ts'
import { movesIn } from './moves.ts'

/**
 * An update goes through its domains in ascending order, each Before and then During, and moves no instance before its turn (U-7, U-15, U-27, U-31).
 * A rollback may move one domain before all others (U-43).
 */
export function domainOrder(world: World): Checker {
  const { controller } = world
  const moves = movesIn(world)
  let seen: unknown
  let former: ReadonlyMap<string, DeploymentRecord> = new Map()

  function steps(): readonly string[] {
    const table = controller.state()?.stored.deployment
    if (!table || table === seen) return nothing
    seen = table
    const before = former
    former = new Map(table)
    return [...table.values()].flatMap(({ id, name, update }) => {
      const last = before.get(id)?.update
      const wrong = update && last?.id === update.id ? wrongStep(last, update) : undefined
      return wrong === undefined ? [] : [`the ${update?.kind} of ${name} ${wrong}`]
    })
  }

  return {
    name: 'domain-order',
    check() {
      const earlier = former
      const found = [...steps()]
      for (const { instance, deployment } of moves()) {
        const { update } = deployment
        const { upgradeDomain, key } = instance
        if (isOfFormer(earlier.get(deployment.id)?.update, update, instance.version)) continue
        if (!update) found.push(`${key} was moved although no update is active`)
        else if (instance.version !== update.target)
          found.push(`${key} was moved to version ${instance.version} by an update to ${update.target}`)
        else if (!isItsTurn(update, upgradeDomain))
          found.push(`${key} of domain ${upgradeDomain} was moved while domain ${update.domain} is ${update.state}`)
      }
      return found
    },
  }
}

/** One commit of a slow store can hold the moves of an update and its end, or the next one, which takes its place. */
function isOfFormer(former: UpdateRecord | undefined, update: UpdateRecord | undefined, version: number): boolean {
  return former !== undefined && former.id !== update?.id && former.target === version
}

function wrongStep(last: UpdateRecord, update: UpdateRecord): string | undefined {
  for (const what of ['kind', 'from', 'target', 'mode', 'domains'] as const)
    if (last[what] !== update[what]) return `changed its ${what} from ${last[what]} to ${update[what]}`
  const position = ({ domain, state }: UpdateRecord) => 2 * domain + (state === 'During' ? 1 : 0)
  const [from, to] = [position(last), position(update)]
  if (to < from) return `went back from domain ${last.domain} (${last.state}) to ${update.domain} (${update.state})`
  // An empty domain is skipped without having been During (U-18).
  if (update.domain > last.domain + 1) return `went from domain ${last.domain} to ${update.domain}`
  if (update.mode === 'Manual' && update.state === 'During' && update.domain > update.released)
    return `walks domain ${update.domain}, which nobody has called for`
  return undefined
}

function isItsTurn({ mode, domain, state, first }: UpdateRecord, upgradeDomain: number): boolean {
  if (upgradeDomain === first) return true
  if (mode === 'Simultaneous') return state === 'During' || domain > 0
  return upgradeDomain < domain || (upgradeDomain === domain && state === 'During')
}
