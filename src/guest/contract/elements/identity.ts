import { attribute, group, saidAttribute, saidElement } from '../../../kernel/document/parts.ts'
import { count, flag, text } from '../../../kernel/document/scalars.ts'
import { xml } from '../../../kernel/xml.ts'
import { serviceInstanceName } from '../config-name.ts'
import type { GuestSpecification } from '../guest-specification.ts'
import { guidOf } from '../guid.ts'

type Named<Key extends keyof GuestSpecification> = Pick<GuestSpecification, 'deploymentId' | Key>

const names = {
  deploymentId: attribute(text('name')),
  deploymentGuid: saidAttribute('guid', ({ deploymentId }: Named<never>) => guidOf(deploymentId, 'Deployment')),
  deploymentIncarnation: attribute(count('incarnation')),
}

/** `Service` and `ServiceInstance`, which the agents of 2012 ask for. */
const services = {
  service: group('Service', {
    serviceName: attribute(text('name')),
    serviceGuid: saidAttribute('guid', '{00000000-0000-0000-0000-000000000000}'),
  }),
  serviceInstance: saidElement(({ deploymentId }: Named<never>) => {
    const name = serviceInstanceName(deploymentId)
    return xml('ServiceInstance', { name, guid: guidOf(deploymentId, name) })
  }),
}

export const deployment = group('Deployment', { ...names, ...services })

/** `virtualAddress` is Reddog's own attribute. */
export const deploymentWithTopology = group('Deployment', {
  ...names,
  blast: attribute(flag('isNonCancellableTopologyChangeEnabled')),
  vip: attribute(text('virtualAddress')),
  ...services,
})

export const incarnation = group('Incarnation', {
  placement: attribute(count('number')),
  instance: attribute(text('instance')),
  incarnationGuid: saidAttribute('guid', ({ deploymentId, instance, placement }: Named<'instance' | 'placement'>) =>
    guidOf(deploymentId, `${instance}.${placement}`),
  ),
})

/** What `Role` begins with in every document. */
export const roleNames = {
  roleGuid: saidAttribute('guid', ({ deploymentId, role }: Named<'role'>) => guidOf(deploymentId, role)),
  role: attribute(text('name')),
}
