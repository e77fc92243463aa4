/**
 * One operation of the API. In `path`, which follows `/<subscription>/`, literal segments stand in lower case, `{x}` is any
 * segment, and `{deployment}` is either form of addressing one: `deploymentslots/<slot>` or `deployments/<name>`.
 */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** Version of the API in which it came. */
  readonly since: string
  /** Status of success. A changing operation is tracked whether or not it is asynchronous (O-4). */
  readonly success: 200 | 201 | 202
  /** Where it differs for a deployment that is addressed by its name. */
  readonly successByName?: 200
  /** Value of the query parameter `comp`; an operation without it is meant when there is none. */
  readonly comp?: string
}

/** Earliest version of the API. */
export const firstVersion = '2009-10-01'

const services = 'services/hostedservices'
const service = `${services}/{service}`
const deployment = `${service}/{deployment}`
const instance = `${deployment}/roleinstances/{instance}`
const reserved = 'services/networking/reservedips'
const logs = 'reddog/hostedservices/{service}/deploymentslots/{slot}/roleinstances/{instance}/logs'

/** Answered with 202 by slot and 200 by name, as clients check for exactly these (section 14). */
const rollback: Operation = { ...change('POST', deployment, 202, '2011-10-01', 'rollback'), successByName: 200 }

/** It has a body, and so is a POST; it changes nothing and is not tracked. */
const plan: Operation = { ...read('reddog/hostedservices/{service}/{deployment}/plan'), method: 'POST' }

/** Every operation by the name that List Subscription Operations shows, without its ending `BySlot` or `ByName` (S-2). */
export const operations = {
  GetSubscription: read(''),
  ListSubscriptionOperations: read('operations'),
  GetOperationStatus: read('operations/{operation}'),
  ListLocations: read('locations'),
  ListRoleSizes: read('rolesizes'),
  ListOperatingSystems: read('operatingsystems'),
  ListOperatingSystemFamilies: read('operatingsystemfamilies'),
  RegisterResourceProvider: change('PUT', 'services', 200),

  ListSubscriptionCertificates: read('certificates'),
  AddSubscriptionCertificate: change('POST', 'certificates', 200),
  GetSubscriptionCertificate: read('certificates/{thumbprint}'),
  DeleteSubscriptionCertificate: change('DELETE', 'certificates/{thumbprint}', 200),

  ListAffinityGroups: read('affinitygroups'),
  CreateAffinityGroup: change('POST', 'affinitygroups', 201),
  GetAffinityGroup: read('affinitygroups/{group}'),
  UpdateAffinityGroup: change('PUT', 'affinitygroups/{group}', 200),
  DeleteAffinityGroup: change('DELETE', 'affinitygroups/{group}', 200),

  ListReservedIPs: read(reserved, '2014-05-01'),
  CreateReservedIP: change('POST', reserved, 202, '2014-05-01'),
  GetReservedIP: read(`${reserved}/{reserved}`, '2014-05-01'),
  DeleteReservedIP: change('DELETE', `${reserved}/{reserved}`, 202, '2014-05-01'),
  AssociateReservedIP: change('POST', `${reserved}/{reserved}/operations/associate`, 202, '2015-02-01'),
  DisassociateReservedIP: change('POST', `${reserved}/{reserved}/operations/disassociate`, 202, '2015-02-01'),

  ListStorageServices: read('services/storageservices'),
  GetStorageService: read('services/storageservices/{account}'),
  GetStorageKeys: read('services/storageservices/{account}/keys'),

  ListHostedServices: read(services),
  CreateHostedService: change('POST', services, 201, '2010-10-28'),
  CheckNameAvailability: read(`${services}/operations/isavailable/{service}`, '2012-03-01'),
  GetHostedService: read(service),
  UpdateHostedService: change('PUT', service, 200, '2010-10-28'),
  DeleteHostedService: change('DELETE', service, 200, '2010-10-28'),
  DeleteHostedServiceAndDeployments: change('DELETE', service, 202, '2013-08-01', 'media'),
  SwapDeployment: change('POST', service, 202),
  CreateVirtualMachineDeployment: change('POST', `${service}/deployments`, 202),

  CreateDeployment: change('POST', `${service}/deploymentslots/{slot}`, 202),
  GetDeployment: read(deployment),
  DeleteDeployment: change('DELETE', deployment, 202),
  UpdateDeploymentStatus: change('POST', deployment, 202, firstVersion, 'status'),
  ChangeDeploymentConfiguration: change('POST', deployment, 202, firstVersion, 'config'),
  UpgradeDeployment: change('POST', deployment, 202, firstVersion, 'upgrade'),
  WalkUpgradeDomain: change('POST', deployment, 202, firstVersion, 'walkupgradedomain'),
  RollbackUpdateOrUpgrade: rollback,
  GetPackage: change('POST', `${deployment}/package`, 202, '2012-03-01'),
  ListDeploymentEvents: read(`${deployment}/events`, '2014-06-01'),

  RebootRoleInstance: change('POST', instance, 202, '2010-10-28', 'reboot'),
  ReimageRoleInstance: change('POST', instance, 202, '2010-10-28', 'reimage'),
  RebuildRoleInstance: change('POST', instance, 202, '2013-06-01', 'rebuild'),
  DeleteRoleInstances: change('POST', `${deployment}/roleinstances`, 202, '2013-08-01', 'delete'),

  ListServiceCertificates: read(`${service}/certificates`),
  AddServiceCertificate: change('POST', `${service}/certificates`, 202),
  GetServiceCertificate: read(`${service}/certificates/{certificate}`),
  DeleteServiceCertificate: change('DELETE', `${service}/certificates/{certificate}`, 202),

  ListAvailableExtensions: read('services/extensions', '2013-03-01'),
  ListPublisherExtensions: read('services/publisherextensions', '2013-03-01'),
  ListExtensionVersions: read('services/extensions/{namespace}/{type}', '2013-03-01'),
  ListExtensions: read(`${service}/extensions`, '2013-03-01'),
  AddExtension: change('POST', `${service}/extensions`, 202, '2013-03-01'),
  GetExtension: read(`${service}/extensions/{extension}`, '2013-03-01'),
  DeleteExtension: change('DELETE', `${service}/extensions/{extension}`, 202, '2013-03-01'),

  /** Section 16. Query `after`: number of the last event already seen. */
  ListEvents: read('reddog/hostedservices/{service}/events'),
  /** Of the hosts; the same query. */
  ListHostEvents: read('reddog/events'),
  /** Names of the logs of an instance. */
  ListLogs: read(logs),
  /** Query `offset`: where to begin, in bytes. */
  ReadLog: read(`${logs}/{log}`),
  ListHosts: read('reddog/hosts'),
  /** H-21: the operation ends when nothing runs on the host any more. */
  DrainHost: change('POST', 'reddog/hosts/{host}', 202, firstVersion, 'drain'),
  /** Gives a host back that was drained, or is being. */
  EndDrainHost: change('POST', 'reddog/hosts/{host}', 200, firstVersion, 'enddrain'),
  ReleaseBrake: change('POST', 'reddog/hosts', 200, firstVersion, 'releasebrake'),
  /** Its machine leaves the fabric. Query `force=true`: although role instances run there. */
  RemoveHost: change('DELETE', 'reddog/hosts/{host}', 200),
  /** Of a fabric of several; none in a fabric of one. */
  ListMachines: read('reddog/machines'),
  /** By which one machine can join. */
  AddJoinToken: change('POST', 'reddog/jointokens', 200),
  /** After a restore: what the host runs and the fabric does not know ends. */
  ClearHost: change('POST', 'reddog/hosts/{host}', 200, firstVersion, 'clear'),
  /** What an Upgrade Deployment with the same body would do; changes nothing. */
  PlanUpgrade: plan,
  /** What Get Deployment has no elements for: the walk of an update, instance by instance. */
  GetProgress: read('reddog/hostedservices/{service}/{deployment}/progress'),
}

export type OperationName = keyof typeof operations

function read(path: string, since: string = firstVersion): Operation {
  return { method: 'GET', path, since, success: 200 }
}

function change(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  success: Operation['success'],
  since: string = firstVersion,
  comp?: string,
): Operation {
  return comp === undefined ? { method, path, since, success } : { method, path, since, success, comp }
}
