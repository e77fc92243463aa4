import type { Instant } from '../../../kernel/instant.ts'
import type { ViewName, Views } from '../../contract/views.ts'
import { deploymentsOf, findService } from '../state/find.ts'
import type { FabricState } from '../state/state.ts'
import { affinityGroupsView } from './affinity-groups.ts'
import { eventsView } from './events.ts'
import { extensionsView } from './extensions.ts'
import { hostsView } from './hosts.ts'
import { fabricMachinesView } from './machines.ts'
import { operationsView, operationView } from './operations.ts'
import { reservedAddressesView } from './reserved-addresses.ts'
import { restartsView } from './restarts.ts'
import { serviceView } from './service.ts'
import { serviceCertificatesView } from './service-certificates.ts'
import { subscriptionViews } from './subscription.ts'

/** Views that follow from the state alone; `log` is fetched from a host, and `plan` reads a package. */
export type StateViewName = Exclude<ViewName, 'log' | 'plan'>

type Answerers = {
  readonly [Name in StateViewName]: (state: FabricState, ask: Views[Name]['ask'], now: Instant) => Views[Name]['answer']
}

const answerers: Answerers = {
  subscriptions: subscriptionViews,
  services: (state, { subscriptionId }, now) =>
    [...state.stored.service.values()]
      .filter((service) => service.subscriptionId === subscriptionId)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((service) => serviceView(state, service, now)),
  service(state, { subscriptionId, service }, now) {
    const found = findService(state, subscriptionId, service)
    return found.ok ? serviceView(state, found.value, now) : null
  },
  nameTaken: (state, { service }) => state.stored.service.has(service.toLowerCase()),
  operation: operationView,
  operations: operationsView,
  events: eventsView,
  restarts: restartsView,
  affinityGroups: affinityGroupsView,
  reservedAddresses: reservedAddressesView,
  serviceCertificates: serviceCertificatesView,
  extensions: extensionsView,
  hosts: (state, _ask, now) => hostsView(state, now),
  machines: fabricMachinesView,
}

/** The answer to a question of FFE, from the state alone. */
export function answerView<Name extends StateViewName>(
  state: FabricState,
  name: Name,
  ask: Views[Name]['ask'],
  now: Instant,
): Views[Name]['answer'] {
  return answerers[name](state, ask, now)
}

/** The instance whose log is requested (G-1): where it is, and its key. */
export function locateInstance(
  state: FabricState,
  ask: Views['log']['ask'],
): { readonly host: string; readonly key: string } | undefined {
  const service = findService(state, ask.subscriptionId, ask.service)
  if (!service.ok) return undefined
  const deployment = deploymentsOf(state, ask.service.toLowerCase()).find(({ slot }) => slot === ask.slot)
  const keys = [...(state.derived.instancesOf.get(deployment?.id ?? '') ?? [])]
  const wanted = `${deployment?.id}.${ask.instance}`.toLowerCase()
  const instance = state.stored.instance.get(keys.find((key) => key.toLowerCase() === wanted) ?? '')
  return instance && { host: instance.host, key: instance.key }
}
