import type { ServiceView } from '../../../fabric/contract/views.ts'
import { knownSizes } from '../../../service-model/sizes.ts'
import type { HostedService } from '../../contract/wire/hosted-service.ts'
import type { Call } from '../call.ts'
import { deploymentOfView } from './deployment.ts'

/** What an answer shows besides the service itself. */
interface Detail {
  readonly deployments?: boolean
  readonly capabilities?: boolean
}

/** A cloud service as an answer shows it (C-3). */
export function hostedServiceOfView(view: ServiceView, call: Call, detail: Detail): HostedService {
  return {
    url: `${call.base}/${call.subscriptionId}/services/hostedservices/${view.name}`,
    serviceName: view.name,
    properties: {
      description: view.description,
      affinityGroup: view.affinityGroup,
      location: view.affinityGroup === undefined ? view.location : undefined,
      label: view.label,
      status: view.status,
      dateCreated: view.createdAt,
      dateLastModified: view.modifiedAt,
      extendedProperties: Object.entries(view.extendedProperties).map(([name, value]) => ({ name, value })),
      reverseDnsFqdn: view.reverseDnsFqdn,
    },
    deployments: detail.deployments
      ? view.deployments.map((deployment) => deploymentOfView(deployment, call.version))
      : undefined,
    computeCapabilities: detail.capabilities ? allSizes : undefined,
  }
}

/** Every size fits every place; virtual machines are not offered. */
export const allSizes = { webWorkerRoleSizes: knownSizes.map((size) => size.id), virtualMachinesRoleSizes: [] }
