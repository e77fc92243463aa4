import { type Fault, refused } from '../../../kernel/fault.ts'
import { own } from '../../../kernel/own.ts'
import type { ServiceDefinition } from '../../../service-model/definition.ts'
import { knownSize } from '../state/load.ts'
import type { FabricState } from '../state/state.ts'
import type { Numbers } from './allocate.ts'
import { quotaText } from './quota.ts'

/** why the subscription may not have these further instances; cores of all its deployments count, suspended ones included. */
export function coreQuotaFault(
  state: FabricState,
  subscriptionId: string,
  definition: ServiceDefinition,
  numbers: Numbers,
): Fault | undefined {
  const asked = definition.roles.reduce(
    (sum, { name, vmSize }) => sum + (own(numbers, name)?.length ?? 0) * knownSize(vmSize).cores,
    0,
  )
  const limit = state.stored.subscription.get(subscriptionId)?.maxCores ?? 0
  const current = state.derived.cores.get(subscriptionId, 0)
  if (asked === 0 || current + asked <= limit) return undefined
  return refused('BadRequest', quotaText('cores count', limit, current, asked)).fault
}
