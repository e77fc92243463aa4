import type { RecordOf } from '../../../kernel/document/parts.ts'
import { record } from '../../../kernel/document/record.ts'
import { count, flag, oneOf, text, time } from '../../../kernel/document/scalars.ts'
import { list, optional, type ValueOf } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'
import { extendedProperties } from './extended-properties.ts'
import { extensionConfiguration } from './extension-configuration.ts'
import { roleInstance } from './role-instance.ts'

const upgradeStatus = record('UpgradeStatus', {
  upgradeType: oneOf('UpgradeType', ['Auto', 'Manual', 'Simultaneous']),
  domainState: oneOf('CurrentUpgradeDomainState', ['Before', 'During']),
  domain: count('CurrentUpgradeDomain'),
})

const networkConfiguration = record(
  'ConfigurationSet',
  {
    type: text('ConfigurationSetType'),
    inputEndpoints: optional(
      list(
        'InputEndpoints',
        record('InputEndpoint', {
          port: count('Port'),
          protocol: text('Protocol'),
          vip: text('Vip'),
          virtualIPName: text('VirtualIPName'),
        }),
      ),
    ),
    subnetNames: list('SubnetNames', text('SubnetName')),
  },
  { 'i:type': 'NetworkConfigurationSet' },
)

/** A role of a deployment (D-9). */
const role = record('Role', {
  roleName: text('RoleName'),
  osVersion: text('OsVersion'),
  configurationSets: list('ConfigurationSets', networkConfiguration),
})

/** Only for versions before 2012-03-01 (D-12). */
const inputEndpointList = list(
  'InputEndpointList',
  record('InputEndpoint', { roleName: text('RoleName'), vip: text('Vip'), port: count('Port') }),
)

const virtualIP = record('VirtualIP', {
  address: text('Address'),
  isDnsProgrammed: flag('IsDnsProgrammed'),
  name: text('Name'),
  isReserved: optional(flag('IsReserved')),
  reservedIPName: optional(text('ReservedIPName')),
})

const shape = {
  name: text('Name'),
  slot: oneOf('DeploymentSlot', ['Production', 'Staging']),
  privateId: text('PrivateID'),
  status: text('Status'),
  /** Base64. */
  label: text('Label'),
  url: optional(text('Url')),
  /** Base64 of the .cscfg in force. */
  configuration: optional(text('Configuration')),
  roleInstances: list('RoleInstanceList', roleInstance),
  upgradeStatus: optional(upgradeStatus),
  upgradeDomainCount: optional(count('UpgradeDomainCount')),
  roles: list('RoleList', role),
  inputEndpointList: optional({ ...inputEndpointList, absent: undefined }),
  sdkVersion: text('SdkVersion'),
  locked: optional(flag('Locked')),
  rollbackAllowed: optional(flag('RollbackAllowed')),
  createdTime: time('CreatedTime'),
  lastModifiedTime: time('LastModifiedTime'),
  extendedProperties,
  extensionConfiguration,
  virtualIPs: list('VirtualIPs', virtualIP),
  reservedIPName: optional(text('ReservedIPName')),
  loadBalancers: list('LoadBalancers', text('LoadBalancer')),
}

/** Order of the elements: D-6. */
export const deployment = record('Deployment', shape)
export type Deployment = RecordOf<typeof shape>
export type DeploymentRole = ValueOf<typeof role>

/** Answer of Get Deployment. */
export const deploymentDocument = document(deployment)
