import { record } from '../../../kernel/document/record.ts'
import { count, text } from '../../../kernel/document/scalars.ts'
import { list, optional } from '../../../kernel/document/tag.ts'

const instanceEndpoint = record('InstanceEndpoint', {
  name: text('Name'),
  vip: optional(text('Vip')),
  publicPort: optional(count('PublicPort')),
  localPort: count('LocalPort'),
  protocol: text('Protocol'),
})

/** A role instance of a deployment (D-7). */
export const roleInstance = record('RoleInstance', {
  roleName: text('RoleName'),
  instanceName: text('InstanceName'),
  instanceStatus: text('InstanceStatus'),
  upgradeDomain: count('InstanceUpgradeDomain'),
  faultDomain: count('InstanceFaultDomain'),
  instanceSize: text('InstanceSize'),
  /** '' when there is no message. */
  stateDetails: text('InstanceStateDetails'),
  errorCode: optional(text('InstanceErrorCode')),
  ipAddress: optional(text('IpAddress')),
  /** Left out when the role has none. */
  endpoints: optional(list('InstanceEndpoints', instanceEndpoint)),
  powerState: text('PowerState'),
})
