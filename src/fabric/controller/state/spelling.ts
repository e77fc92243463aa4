import type { CommandEnvelope, OperationRecord } from '../../contract/commands.ts'
import { type GivenName, type NameKind, spelledOut } from '../../contract/given-text.ts'
import { groupKey } from '../belongings/affinity-groups.ts'
import { extensionKey } from '../belongings/extensions.ts'
import { reservedKey } from '../belongings/reserved-addresses.ts'
import { deploymentsOf, findDeployment, findService, instancesOf, spelledAs, versionOf } from './find.ts'
import type { FabricState } from './state.ts'

type Named = readonly { readonly name: string }[]

/** What the record of a request shows of it: existing names in their stored spelling (R-7, S-2). */
export function spelledAsStored(
  state: FabricState,
  { subscriptionId, command, objectId, parameters }: CommandEnvelope,
): Pick<OperationRecord, 'objectId' | 'parameters'> {
  const given = 'deployment' in command ? command.deployment.service : 'service' in command ? command.service : ''
  const service = findService(state, subscriptionId, given)
  const key = given.toLowerCase()
  const named = 'deployment' in command ? findDeployment(state, subscriptionId, command.deployment) : undefined
  const deployments = named?.ok ? [named.value] : service.ok ? deploymentsOf(state, key) : []
  const one = (found: { readonly name: string } | undefined): Named => (found ? [found] : [])
  const known: Readonly<Record<NameKind, (name: string) => Named>> = {
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
    host: () => [...state.stored.host.values()],
    reservedAddress: (name) => one(state.stored.reservedAddress.get(reservedKey(subscriptionId, name))),
  }
  const spell = ({ of, name }: GivenName) => spelledAs(known[of](name), name)
  const told = parameters && Object.entries(parameters).map(([name, text]) => [name, spelledOut(text, spell)] as const)
  return { objectId: spelledOut(objectId, spell), ...(told && { parameters: Object.fromEntries(told) }) }
}
