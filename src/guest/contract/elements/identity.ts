import type { Markup } from '../../../kernel/xml.ts'
import { xml } from '../../../kernel/xml.ts'
import { serviceInstanceName } from '../config-name.ts'
import type { GuestSpecification } from '../guest-specification.ts'
import { guidOf } from '../guid.ts'

/**
 * `Deployment` with `Service` and `ServiceInstance`, which the agents of 2012 ask for.
 * `isNonCancellableTopologyChangeEnabled` and `virtualAddress` stand only where a topology does; the second is Reddog's own.
 */
export function deploymentElement(specification: GuestSpecification, withTopology: boolean): Markup {
  const { deploymentId, serviceName, deploymentIncarnation, blast, vip } = specification
  const attributes = {
    name: deploymentId,
    guid: guidOf(deploymentId, 'Deployment'),
    incarnation: deploymentIncarnation,
    ...(withTopology ? { isNonCancellableTopologyChangeEnabled: blast, virtualAddress: vip } : {}),
  }
  const instance = serviceInstanceName(deploymentId)
  return xml('Deployment', attributes, [
    xml('Service', { name: serviceName, guid: '{00000000-0000-0000-0000-000000000000}' }),
    xml('ServiceInstance', { name: instance, guid: guidOf(deploymentId, instance) }),
  ])
}

export function incarnationElement({ deploymentId, placement, instance }: GuestSpecification): Markup {
  return xml('Incarnation', { number: placement, instance, guid: guidOf(deploymentId, `${instance}.${placement}`) })
}

/** `Role` with its guid and name, and what the document at hand adds. */
export function roleElement(
  { deploymentId, role }: GuestSpecification,
  more: Readonly<Record<string, string | number | boolean | undefined>>,
): Markup {
  return xml('Role', { guid: guidOf(deploymentId, role), name: role, ...more })
}
