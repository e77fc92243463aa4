import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { put } from '../state/keep.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'
import { findChangeable } from './changeable.ts'

/** U-28, U-31 to U-33, D-16: the next domain of a manual update, in order; every other number changes nothing. */
export function walkUpgradeDomain(
  state: FabricState,
  { deployment: reference, domain }: CommandOf<'walkUpgradeDomain'>,
  { requestId, subscriptionId, now }: Request,
): Result<Accepted> {
  const found = findChangeable(state, subscriptionId, reference)
  if (!found.ok) return found
  const deployment = found.value
  const { update, name, id } = deployment
  if (update?.mode !== 'Manual')
    return refused(
      'ConflictError',
      `The upgrade domain ${domain} cannot be walked: no manual update of the deployment ${name} is active.`,
    )
  if (domain < 0 || domain >= update.domains)
    return refused(
      'BadRequest',
      `The upgrade domain ${domain} does not exist: the deployment ${name} has the domains 0 to ${update.domains - 1}.`,
    )
  if (update.released >= update.domain)
    return refused(
      'ConflictError',
      `The upgrade domain ${update.domain} is still being walked. Walk ${update.domain + 1} after it.`,
    )
  if (domain !== update.domain)
    return refused(
      'BadRequest',
      `The upgrade domain ${domain} is out of order: domains are walked one after the other, and ${update.domain} is next.`,
    )
  const waiting = [...deployment.waiting, { operation: requestId, until: 'walked' }] as const
  const released = { ...update, released: domain, since: now }
  return fine({
    changes: [put('deployment', id, { ...deployment, update: released, waiting, modifiedAt: now })],
    touched: [deploymentSubject(id)],
    ended: false,
  })
}
