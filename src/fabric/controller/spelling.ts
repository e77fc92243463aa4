import type { CommandEnvelope } from '../contract/commands.ts'
import { groupKey } from './affinity-groups.ts'
import { extensionKey } from './extensions.ts'
import { deploymentsOf, findDeployment, findService, instancesOf, spelledAs, versionOf } from './find.ts'
import type { FabricState } from './state.ts'

/** Whose name the segment of an object ID after this one is. */
const kindOfSegment: Readonly<Record<string, Kind>> = {
  hostedservices: 'service',
  deployments: 'deployment',
  roleinstances: 'instance',
  affinitygroups: 'group',
}

/** Whose name a parameter is (front-end/ffe/parameters.ts). */
const kindOfParameter: Readonly<Record<string, Kind>> = {
  serviceName: 'service',
  deploymentName: 'deployment',
  production: 'deployment',
  sourceDeployment: 'deployment',
  roleInstanceName: 'instance',
  roleInstances: 'instance',
  roleToUpgrade: 'role',
  affinityGroupName: 'group',
  extensionId: 'extension',
}

type Kind = 'service' | 'deployment' | 'instance' | 'role' | 'group' | 'extension'
type Named = readonly { readonly name: string }[]

/** A request with every name that exists already in its stored spelling: what its record says later (R-7, S-2). */
export function spelledAsStored(state: FabricState, envelope: CommandEnvelope): CommandEnvelope {
  const { subscriptionId, command, objectId, parameters = {} } = envelope
  const given = 'deployment' in command ? command.deployment.service : 'service' in command ? command.service : ''
  const service = findService(state, subscriptionId, given)
  const key = given.toLowerCase()
  const named = 'deployment' in command ? findDeployment(state, subscriptionId, command.deployment) : undefined
  const deployments = named?.ok ? [named.value] : service.ok ? deploymentsOf(state, key) : []
  const one = (found: { readonly name: string } | undefined): Named => (found ? [found] : [])
  const known: Readonly<Record<Kind, (name: string) => Named>> = {
    service: () => (service.ok ? [service.value] : []),
    deployment: () => deployments,
    instance: () => deployments.flatMap(({ id }) => instancesOf(state, id)),
    role: () =>
      deployments.flatMap((deployment) =>
        deployment.versions[deployment.current]
          ? versionOf(state, deployment, deployment.current).package.model.definition.roles
          : [],
      ),
    group: (name) => one(state.stored.affinityGroup.get(groupKey(subscriptionId, name))),
    extension(name) {
      const found = state.stored.extension.get(extensionKey(key, name))
      return one(found && { name: found.id })
    },
  }
  const spelled = (kind: Kind | undefined, name: string) => (kind ? spelledAs(known[kind](name), name) : name)
  const segments = objectId.split('/')
  const path = segments.map((segment, at) => spelled(kindOfSegment[segments[at - 1] ?? ''], segment))
  const told = Object.entries(parameters).map(([name, value]): [string, string] => {
    const names = name === 'roleInstances' ? value.split(' ') : [value]
    return [name, names.map((each) => spelled(kindOfParameter[name], each)).join(' ')]
  })
  return {
    ...envelope,
    objectId: path.join('/'),
    ...(envelope.parameters && { parameters: Object.fromEntries(told) }),
  }
}
