import type { Difference } from './compare/difference.ts'
import { compareRoles } from './compare/roles.ts'
import { compareService } from './compare/service.ts'
import type { ServiceModel } from './service-model.ts'

export type { Difference } from './compare/difference.ts'

/**
 * Every difference between two service models in canonical form (U-5), classed by the rows of table 7.1. File contents, setting values,
 * instance counts, thumbprints, tool versions and build paths do not count, and of all orders only that of startup tasks does.
 */
export function differences(current: ServiceModel, next: ServiceModel): readonly Difference[] {
  return [...compareService(current.definition, next.definition), ...compareRoles(current, next)]
}

/** The first differing element in words, as the refusal of an in-place upgrade names it (U-5); undefined when the models are the same. */
export function firstDifference(current: ServiceModel, next: ServiceModel): string | undefined {
  return differences(current, next)[0]?.text
}
