import type { AffinityGroupView } from '../../fabric/contract/affinity-group.ts'
import { refusals } from '../contract/errors.ts'
import { affinityGroupDocument, affinityGroupsDocument } from '../contract/wire/affinity-groups.ts'
import { type Query, reply } from './query.ts'
import { allSizes } from './views/hosted-service.ts'

/** S-6. */
export const listAffinityGroups: Query = async ({ subscriptionId }, { fabric }) => {
  const groups = await fabric.view('affinityGroups', { subscriptionId })
  return groups.ok ? reply(affinityGroupsDocument, groups.value.map(described)) : groups
}

/** S-6. */
export const getAffinityGroup: Query = async (call, { fabric }) => {
  const groups = await fabric.view('affinityGroups', { subscriptionId: call.subscriptionId })
  if (!groups.ok) return groups
  const asked = call.params['group']?.toLowerCase()
  const found = groups.value.find(({ name }) => name.toLowerCase() === asked)
  if (!found) return refusals.missing('The affinity group does not exist.')
  const root = `${call.base}/${call.subscriptionId}/services/hostedservices`
  const hostedServices = found.services.map((serviceName) => ({ url: `${root}/${serviceName}`, serviceName }))
  return reply(affinityGroupDocument, { ...described(found), hostedServices, storageServices: [] })
}

function described({ name, label, description, location, createdAt }: AffinityGroupView) {
  return {
    name,
    label,
    description: description ?? '',
    location,
    capabilities: [],
    createdTime: createdAt,
    computeCapabilities: allSizes,
  }
}
