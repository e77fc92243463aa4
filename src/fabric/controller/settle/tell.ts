import type { Instant } from '../../../kernel/instant.ts'
import type { ActionOf } from '../action.ts'
import { noteInstance } from '../events.ts'
import { renewGoals } from '../goals.ts'
import { keep, put } from '../keep.ts'
import type { ControllerStep } from '../receive.ts'
import { type FabricState, observe } from '../state.ts'
import { deploymentSubject } from '../subject.ts'
import { isTold, nextTold, targetOf } from '../target.ts'

/** The goals of the hosts now say what is wanted of these instances. */
export function settleTell(
  state: FabricState,
  { deployment: id, instances, reason }: ActionOf<'tell'>,
  now: Instant,
): ControllerStep {
  const deployment = state.stored.deployment.get(id)
  if (!deployment) return { state, touched: [] }
  let next = observe(state, { leaving: state.observed.leaving.deleteAll(instances) })
  const hosts = new Set<string>()
  for (const key of instances) {
    const instance = state.stored.instance.get(key)
    const target = instance && targetOf(deployment, instance)
    if (!instance || !target || isTold(instance, target)) continue
    const told = nextTold(instance, target)
    hosts.add(instance.host)
    const record = { ...instance, told, epochs: told.epochs, inRotation: false, readyOnce: false }
    next = noteInstance(keep(next, put('instance', key, record)), now, record, `Told${told.run}`, reason)
  }
  return { state: renewGoals(next, hosts), touched: [deploymentSubject(id)] }
}
