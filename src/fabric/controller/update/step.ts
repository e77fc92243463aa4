import type { UpdatedDeployment } from '../state/records/deployment.ts'
import type { FabricState } from '../state/state.ts'

/** The deployment, if the step that was decided is still the one that its update is at; undefined when something has overtaken it. */
export function atStep(
  state: FabricState,
  step: {
    readonly deployment: string
    readonly update: string
    readonly domain: number
  },
): UpdatedDeployment | undefined {
  const deployment = state.stored.deployment.get(step.deployment)
  const update = deployment?.update
  if (!update || update.id !== step.update || update.domain !== step.domain) return undefined
  return { ...deployment, update }
}
