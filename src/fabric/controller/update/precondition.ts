import { type Fault, refused } from '../../../kernel/fault.ts'
import { type Difference, differences } from '../../../service-model/compare.ts'
import type { ServiceModel } from '../../../service-model/service-model.ts'
import type { UpgradePolicy } from '../../contract/plan.ts'

/** Rows of table 7.1 that no in-place upgrade may change. */
const never: ReadonlySet<Difference['kind']> = new Set([
  'name',
  'upgradeDomainCount',
  'roleType',
  'localResourceDecrease',
])

/** Rows that lose local data, and so need Force. */
const losing: ReadonlySet<Difference['kind']> = new Set(['size', 'roleRemoved'])

interface Asked {
  readonly policy: UpgradePolicy
  /** The single role to be upgraded. */
  readonly role?: string | undefined
  readonly force: boolean
}

/** Why a service model must not replace another one in place (U-2 to U-6, table 7.1); undefined when it may. */
export function modelFault(current: ServiceModel, next: ServiceModel, asked: Asked): Fault | undefined {
  const { role } = asked
  if (role !== undefined && !next.definition.roles.some(({ name }) => name === role))
    return unknownRole(role, next).fault
  const found = differences(current, next)
  if (asked.policy === 'sameModel') return found[0] && refusal(found[0], asked.policy)
  const forbidden = found.find(({ kind, role: of }) => never.has(kind) || (role !== undefined && of !== role))
  if (forbidden) return refusal(forbidden, asked.policy)
  const lost = asked.force ? undefined : found.find(({ kind }) => losing.has(kind))
  return (
    lost &&
    refused(
      'BadRequest',
      `An in-place upgrade would lose local data: ${lost.text}. Set Force to true if that is wanted, or deploy the new version to staging and swap.`,
    ).fault
  )
}

/** U-25. */
export function unknownRole(role: string, { definition }: ServiceModel) {
  const names = definition.roles.map(({ name }) => name).join(', ')
  return refused('BadRequest', `The role '${role}' to upgrade does not exist. The service has the roles ${names}.`)
}

/** U-4: the refusal names the first difference, the policy, and what the caller can still do. */
function refusal({ text }: Difference, policy: UpgradePolicy): Fault {
  const rule =
    policy === 'sameModel'
      ? 'an in-place upgrade needs the same service model as the deployment has'
      : 'an in-place upgrade cannot make this change'
  return refused(
    'BadRequest',
    `The deployment cannot be upgraded in place: ${text}. By the policy ${policy} ${rule}. Deploy the new version to the staging slot and swap the virtual addresses (Swap Deployment) instead.`,
  ).fault
}
