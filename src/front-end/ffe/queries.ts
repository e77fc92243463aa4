import { refusals } from '../contract/errors.ts'
import type { OperationName } from '../contract/operations.ts'
import { getAffinityGroup, listAffinityGroups } from './affinity-group-queries.ts'
import type { commands } from './commands.ts'
import { getDeployment, getProgress, listDeploymentEvents, planUpgrade } from './deployment-queries.ts'
import { getExtension, listExtensionImages, listExtensions } from './extension-queries.ts'
import type { notOffered } from './not-offered.ts'
import {
  getStorageKeys,
  getStorageService,
  listLocations,
  listOperatingSystemFamilies,
  listOperatingSystems,
  listRoleSizes,
  listStorageServices,
} from './place-queries.ts'
import type { Query } from './query.ts'
import { listEvents, listHosts, listMachines, readLog } from './reddog-queries.ts'
import { getReservedAddress, listReservedAddresses } from './reserved-address-queries.ts'
import { getServiceCertificate, listServiceCertificates } from './service-certificate-queries.ts'
import { checkNameAvailability, getHostedService, listHostedServices } from './service-queries.ts'
import {
  getOperationStatus,
  getSubscription,
  getSubscriptionCertificate,
  listSubscriptionCertificates,
  listSubscriptionOperations,
} from './subscription-queries.ts'

/** Operations that only read: every one that is neither a command nor refused. */
export const queries: Readonly<Record<Exclude<OperationName, keyof typeof commands | keyof typeof notOffered>, Query>> =
  {
    GetSubscription: getSubscription,
    GetOperationStatus: getOperationStatus,
    ListSubscriptionOperations: listSubscriptionOperations,
    ListSubscriptionCertificates: listSubscriptionCertificates,
    GetSubscriptionCertificate: getSubscriptionCertificate,
    ListLocations: listLocations,
    ListRoleSizes: listRoleSizes,
    ListOperatingSystems: listOperatingSystems,
    ListOperatingSystemFamilies: listOperatingSystemFamilies,
    ListStorageServices: listStorageServices,
    GetStorageKeys: getStorageKeys,
    GetStorageService: getStorageService,
    ListHostedServices: listHostedServices,
    GetHostedService: getHostedService,
    CheckNameAvailability: checkNameAvailability,
    GetDeployment: getDeployment,
    ListDeploymentEvents: listDeploymentEvents,
    ListAffinityGroups: listAffinityGroups,
    GetAffinityGroup: getAffinityGroup,
    ListReservedIPs: listReservedAddresses,
    GetReservedIP: getReservedAddress,
    ListServiceCertificates: listServiceCertificates,
    GetServiceCertificate: getServiceCertificate,
    ListAvailableExtensions: listExtensionImages,
    ListPublisherExtensions: listExtensionImages,
    ListExtensionVersions: listExtensionImages,
    ListExtensions: listExtensions,
    GetExtension: getExtension,
    RegisterResourceProvider: async () => refusals.missing('The service name is unknown.'),
    PlanUpgrade: planUpgrade,
    GetProgress: getProgress,
    ListEvents: listEvents,
    ListHostEvents: listEvents,
    ListLogs: readLog,
    ReadLog: readLog,
    ListHosts: listHosts,
    ListMachines: listMachines,
  }
