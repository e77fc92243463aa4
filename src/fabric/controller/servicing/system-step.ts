import { alikeWords, releaseAlike } from '../blame/failing.ts'
import { isUnheard } from '../seen/status.ts'
import { instancesOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'
import { versionNumbered } from '../update/change.ts'
import { listed } from '../update/words.ts'
import { isOutdated, releaseOf } from './release.ts'
import type { ServicingProgress } from './servicing-progress.ts'
import { beginWords } from './words.ts'

/** A newer release of the guest OS, for the first domain that does not run it yet (H-22). A new master hears the hosts first. */
export function systemStep(state: FabricState, deployment: DeploymentRecord): ServicingProgress {
  const { facts } = state
  const { configuration } = versionNumbered(deployment, deployment.current)
  const outdated = instancesOf(state, deployment.id).filter(
    (one) => !one.going && isOutdated(facts, configuration, one),
  )
  if (outdated.length === 0) return { kind: 'idle' }
  const unheard = outdated.filter((one) => isUnheard(state, one))
  if (unheard.length > 0) {
    const hosts = [...new Set(unheard.map(({ host }) => host))]
    return { kind: 'wait', text: `waits until ${listed(hosts)} ${hosts.length === 1 ? 'has' : 'have'} reported` }
  }
  const release = releaseOf(facts, configuration)
  const alike = releaseAlike(state, release)
  if (alike)
    return {
      kind: 'wait',
      text: `${deployment.name} waits: the guest operating system ${release} is at fault, for ${alikeWords(alike)}`,
    }
  const domain = Math.min(...outdated.map(({ upgradeDomain }) => upgradeDomain))
  const concerned = outdated.filter(({ upgradeDomain }) => upgradeDomain === domain)
  const step = {
    domain,
    instances: concerned.map(({ key }) => key),
    cause: { release },
    stage: 'Back' as const,
  }
  return {
    kind: 'begin',
    step,
    text: beginWords(
      step,
      concerned.map(({ name }) => name),
    ),
  }
}
