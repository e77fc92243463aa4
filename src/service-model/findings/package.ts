import { own } from '../../kernel/own.ts'
import type { RoleDefinition } from '../definition.ts'
import { planTasks } from '../role-plan.ts'
import type { ServiceModel } from '../service-model.ts'
import type { Finding } from './finding.ts'
import { passedOver } from './passed-over.ts'

/** What will happen to everything that a package asks for besides its command lines, role by role. */
export function packageFindings(model: ServiceModel): readonly Finding[] {
  const objections = passedOver(model)
  const isMet = ({ role, subject, name }: Finding) =>
    !objections.some((other) => other.role === role && other.subject === subject && other.name === name)
  return [
    ...objections,
    ...model.definition.roles
      .flatMap((role) => [...provided(role), ...pluginsOf(role, model), ...sitesOf(role, model)])
      .filter(isMet),
  ]
}

/** Plug-ins that bring programs of their own, or have agents of ours. */
function pluginsOf({ name: role }: RoleDefinition, { roleModels }: ServiceModel): readonly Finding[] {
  const roleModel = own(roleModels, role)
  const tasks = roleModel ? planTasks(roleModel) : []
  const reasons = tasks.flatMap((planned): readonly (readonly [name: string, reason: string])[] => {
    if (planned.kind === 'agent') return [[planned.module, `Our ${planned.agent.program} stands for its programs.`]]
    return planned.kind === 'command' && planned.module
      ? [[planned.module, `Its startup tasks run in plugins/${planned.module}.`]]
      : []
  })
  return [...new Map(reasons)].map(([name, reason]) => ({ role, subject: 'plugin', name, verdict: 'asIs', reason }))
}

function sitesOf({ name: role, sites }: RoleDefinition, { roleModels }: ServiceModel): readonly Finding[] {
  const all = own(roleModels, role)?.sites ?? sites ?? []
  return all.map(({ name, physicalDirectory = 'approot' }) => ({
    role,
    subject: 'site',
    name,
    verdict: 'asIs',
    reason: `Served from ${physicalDirectory.replaceAll('\\', '/')}.`,
  }))
}

/** What a fabric gives a role. */
function provided(role: RoleDefinition): readonly Finding[] {
  const { name, kind, vmSize, localResources, inputEndpoints, internalEndpoints, instanceInputEndpoints } = role
  const found = (subject: Finding['subject'], what: string, reason: string): Finding => ({
    role: name,
    subject,
    name: what,
    verdict: 'asIs',
    reason,
  })
  return [
    found('role', name, `A ${kind === 'WebRole' ? 'web role' : 'worker role'} of size ${vmSize}.`),
    ...inputEndpoints.map((endpoint) =>
      found('endpoint', endpoint.name, `Public, ${endpoint.protocol}, port ${endpoint.port}.`),
    ),
    ...instanceInputEndpoints.map(({ name: endpoint, protocol, publicPorts: { min, max } }) =>
      found('endpoint', endpoint, `Public, ${protocol}, a port of ${min} to ${max} for each instance.`),
    ),
    ...internalEndpoints.map(({ name: endpoint, protocol }) =>
      found('endpoint', endpoint, `Inside the service, ${protocol}.`),
    ),
    ...localResources.map(({ name: resource, sizeInMB }) => found('localStorage', resource, `${sizeInMB} MB.`)),
  ]
}
