import type { NetworkConfiguration } from '../configuration.ts'
import type { RoleDefinition } from '../definition.ts'
import { spelledAmong } from '../spelling.ts'

/** Roles, endpoints, access controls and load balancers that the network configuration and endpoints name must exist (3.4). */
export function matchNetwork(roles: readonly RoleDefinition[], network: NetworkConfiguration): readonly string[] {
  return [
    ...network.endpointAcls.flatMap((acl) => matchAcl(roles, network, acl)),
    ...network.instanceAddresses
      .filter(({ roleName }) => !roles.some(({ name }) => name === roleName))
      .map(
        ({ roleName }) =>
          `The instance address names the role '${roleName}', which is not declared in the service definition file.${spelledAmong(roleName, namesOf(roles))}`,
      ),
    ...roles.flatMap((role) => matchLoadBalancers(role, network)),
    ...matchReservedIPs(roles, network),
  ]
}

/** An address is reserved for its clients. The text is that of the real service. */
function matchReservedIPs(roles: readonly RoleDefinition[], { reservedIPs }: NetworkConfiguration): readonly string[] {
  if (roles.some(({ inputEndpoints, instanceInputEndpoints }) => inputEndpoints.length + instanceInputEndpoints.length))
    return []
  return reservedIPs.map(
    (name) =>
      `ReservedIP '${name}' was not mapped to an endpoint.  The service definition must contain atleast one endpoint that maps to the ReservedIP.`,
  )
}

function matchAcl(
  roles: readonly RoleDefinition[],
  { accessControls }: NetworkConfiguration,
  { role, endPoint, accessControl }: NetworkConfiguration['endpointAcls'][number],
): readonly string[] {
  const found = roles.find(({ name }) => name === role)
  const endpoints = [...(found?.inputEndpoints ?? []), ...(found?.instanceInputEndpoints ?? [])]
  const errors: string[] = []
  if (!namesOf(endpoints).includes(endPoint))
    errors.push(
      `The endpoint ACL names the endpoint '${endPoint}' of role '${role}', which is no public endpoint of the service definition file.${found ? spelledAmong(endPoint, namesOf(endpoints)) : spelledAmong(role, namesOf(roles))}`,
    )
  if (!namesOf(accessControls).includes(accessControl))
    errors.push(
      `The endpoint ACL of '${endPoint}' of role '${role}' names the access control '${accessControl}', which does not exist.${spelledAmong(accessControl, namesOf(accessControls))}`,
    )
  return errors
}

function matchLoadBalancers(role: RoleDefinition, { loadBalancers }: NetworkConfiguration): readonly string[] {
  return role.inputEndpoints
    .filter(({ loadBalancer }) => loadBalancer && !loadBalancers.includes(loadBalancer))
    .map(
      ({ name, loadBalancer }) =>
        `The endpoint '${name}' of role '${role.name}' names the load balancer '${loadBalancer}', which the service configuration file does not define.${spelledAmong(loadBalancer ?? '', loadBalancers)}`,
    )
}

function namesOf(named: readonly { readonly name: string }[]): readonly string[] {
  return named.map(({ name }) => name)
}
