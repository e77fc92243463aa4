import type { Instant } from '../../../kernel/instant.ts'
import { reportedDomainCount } from '../../../service-model/domains.ts'
import { publicEndpoints } from '../../../service-model/endpoints.ts'
import type { ServiceModel } from '../../../service-model/service-model.ts'
import type { DeploymentView, RoleView } from '../../contract/views.ts'
import { reservedAddressOf } from '../belongings/reserved-addresses.ts'
import { warningsOf } from '../deployment/warnings.ts'
import { missingPackages } from '../packages/missing-packages.ts'
import { deploymentStatusOf } from '../seen/status.ts'
import { isOutdated, releaseOf, releaseRun } from '../servicing/release.ts'
import { instancesOf, versionOf } from '../state/find.ts'
import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { DeploymentVersion } from '../state/records/version.ts'
import type { FabricState } from '../state/state.ts'
import { lockOf } from '../update/lock.ts'
import { rollbackFault } from '../update/rollback.ts'
import { boundPort } from './bound-port.ts'
import { instanceView } from './instance.ts'
import { updateView } from './update.ts'

/** D-6; while the package has not been read yet, D-10. */
export function deploymentView(state: FabricState, deployment: DeploymentRecord, now: Instant): DeploymentView {
  const { name, slot, id, label, createdAt, modifiedAt, extendedProperties, vip } = deployment
  return {
    name,
    slot,
    id,
    status: deploymentStatusOf(state, deployment, now),
    label,
    url: urlOf(state, deployment),
    vip,
    reservedAddress: reservedAddressOf(state, vip)?.name,
    warnings: [...missingPackages(state, deployment), ...warningsOf(deployment)],
    timers: state.facts.timers,
    locked: lockOf(deployment) !== undefined,
    rollbackAllowed: !deployment.upgrading && rollbackFault(state, deployment) === undefined,
    upgrade: deployment.update && updateView(state, deployment, deployment.update, now),
    createdAt,
    modifiedAt,
    extendedProperties,
    ...(deployment.request ? undeployed(deployment.request.configuration) : deployed(state, deployment, now)),
  }
}

type Contents = Pick<
  DeploymentView,
  | 'deploying'
  | 'configuration'
  | 'definitionName'
  | 'instances'
  | 'upgradeDomainCount'
  | 'roles'
  | 'sdkVersion'
  | 'extensions'
>

function undeployed(configuration: string): Contents {
  return {
    deploying: true,
    configuration,
    definitionName: '',
    instances: [],
    upgradeDomainCount: 0,
    roles: [],
    sdkVersion: '',
  }
}

function deployed(state: FabricState, deployment: DeploymentRecord, now: Instant): Contents {
  const { version, package: found } = versionOf(state, deployment, deployment.current)
  const { definition, sdkVersion } = found.model
  const order = new Map(definition.roles.map(({ name }, ordinal) => [name, ordinal]))
  const instances = instancesOf(state, deployment.id).toSorted(
    (a, b) => (order.get(a.role) ?? 0) - (order.get(b.role) ?? 0) || a.index - b.index,
  )
  const counts = Object.fromEntries(version.configuration.roles.map((role) => [role.name, role.instances]))
  return {
    deploying: false,
    configuration: version.configurationText,
    definitionName: definition.name,
    instances: instances.map((instance) => instanceView(state, deployment, instance, now)),
    upgradeDomainCount: reportedDomainCount(definition, counts),
    roles: rolesOf(state, deployment, version, definition),
    sdkVersion,
    extensions: version.extensions,
  }
}

function rolesOf(
  state: FabricState,
  deployment: DeploymentRecord,
  { configuration }: DeploymentVersion,
  definition: ServiceModel['definition'],
): readonly RoleView[] {
  return definition.roles.map(({ name }) => ({
    name,
    osVersion: guestOsVersion(state, deployment, configuration, name),
    inputEndpoints: publicEndpoints(definition).flatMap((found) =>
      found.roleName === name && found.kind === 'input'
        ? [
            {
              name: found.name,
              port: boundPort(state, `${deployment.id}/${name}/${found.name}`, found.ports.min),
              protocol: found.endpoint.protocol,
            },
          ]
        : [],
    ),
  }))
}

/** The release of the guest OS that a role runs (D-9); while a newer one goes through its domains, the former (H-22). */
function guestOsVersion(
  state: FabricState,
  { id }: DeploymentRecord,
  configuration: DeploymentVersion['configuration'],
  role: string,
): string {
  const outdated = instancesOf(state, id).find(
    (one) => one.role === role && isOutdated(state.facts, configuration, one),
  )
  return outdated ? releaseRun(state.facts, configuration, outdated) : releaseOf(state.facts, configuration)
}

/** The port that a browser uses when an http address has none. */
const webPort = 80

/** L-15. An address that works: it has a port if no http endpoint, as declared or as bound, answers at the browser's default (design.md 5). */
function urlOf(state: FabricState, deployment: DeploymentRecord): string {
  const service = state.stored.service.get(deployment.service)?.name ?? deployment.service
  const host = deployment.slot === 'Production' ? service : deployment.id
  const endpoints = state.observed.rotation.endpoints.get(deployment.id) ?? []
  const http = endpoints.filter(({ protocol }) => protocol === 'http')
  const web = http.find(({ port }) => port === webPort) ?? http[0]
  const port = web ? boundPort(state, web.id, web.port) : webPort
  return `http://${host.toLowerCase()}.${state.facts.dnsSuffix}${port === webPort ? '' : `:${port}`}/`
}
