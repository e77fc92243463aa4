import type { OperationName } from '../contract/operations.ts'
import type { commands } from './commands.ts'
import { emptyQueries } from './empty-queries.ts'
import type { later } from './later.ts'
import {
  getStorageKeys,
  listLocations,
  listOperatingSystemFamilies,
  listOperatingSystems,
  listRoleSizes,
  listStorageServices,
} from './place-queries.ts'
import type { Query } from './query.ts'
import { listEvents, listHosts, readLog } from './reddog-queries.ts'
import { checkNameAvailability, getDeployment, getHostedService, listHostedServices } from './service-queries.ts'
import {
  getOperationStatus,
  getSubscription,
  getSubscriptionCertificate,
  listSubscriptionCertificates,
  listSubscriptionOperations,
} from './subscription-queries.ts'

/** Operations that only read: every one that is neither a command nor comes later. */
export const queries: Readonly<Record<Exclude<OperationName, keyof typeof commands | keyof typeof later>, Query>> = {
  ...emptyQueries,
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
  ListHostedServices: listHostedServices,
  GetHostedService: getHostedService,
  CheckNameAvailability: checkNameAvailability,
  GetDeployment: getDeployment,
  ListEvents: listEvents,
  ListLogs: readLog,
  ReadLog: readLog,
  ListHosts: listHosts,
}
