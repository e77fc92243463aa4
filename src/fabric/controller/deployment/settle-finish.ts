import type { Instant } from '../../../kernel/instant.ts'
import type { ActionOf } from '../action.ts'
import { noteDeployment } from '../history/events.ts'
import { succeeded } from '../history/operations.ts'
import { keep, put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'

/** Operations end Succeeded, together with the deployment that no longer waits for them. */
export function settleFinish(
  state: FabricState,
  { deployment: id, operations }: ActionOf<'finish'>,
  now: Instant,
): ControllerStep {
  const deployment = state.stored.deployment.get(id)
  if (!deployment) return { state, touched: [] }
  const waiting = deployment.waiting.filter(({ operation }) => !operations.includes(operation))
  const records = operations.flatMap((operation) => state.stored.operation.get(operation) ?? [])
  const open = records.filter(({ status }) => status === 'InProgress')
  const kept = keep(
    state,
    put('deployment', id, { ...deployment, waiting }),
    ...open.map((record) => put('operation', record.id, succeeded(record, now))),
  )
  const noted = open.reduce((before, { name }) => noteDeployment(before, now, deployment, name, 'succeeded'), kept)
  return { state: noted, touched: [deploymentSubject(id)] }
}
