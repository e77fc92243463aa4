import { attribute, group, saidAttribute, saidElement } from '../../kernel/document/parts.ts'
import { record } from '../../kernel/document/record.ts'
import { count } from '../../kernel/document/scalars.ts'
import { xml } from '../../kernel/xml.ts'
import { writeDocument } from './document.ts'
import { flatOf } from './elements/flat-configuration.ts'
import { deploymentWithTopology, incarnation, roleNames } from './elements/identity.ts'
import { instances, outputEndpoints } from './elements/topology.ts'
import type { GuestConfiguration } from './guest-configuration.ts'

/** As seen for a platform role (wire-server.md 6.2). */
const loadBalancer = { timeoutSeconds: 32, waitLoadBalancerProbeCount: 8 }

/** The topology of the deployment (wire-server.md 6.2, H-35). */
const sharedConfig = record('SharedConfig', {
  version: saidAttribute('version', '1.0.0.0'),
  goalStateIncarnation: attribute(count('goalStateIncarnation')),
  deployment: deploymentWithTopology,
  incarnation,
  roleElement: group('Role', { ...roleNames, settleTimeSeconds: saidAttribute('settleTimeSeconds', 0) }),
  loadBalancerSettings: saidElement(({ role }: { readonly role: string }) =>
    xml('LoadBalancerSettings', loadBalancer, xml('Probes', {}, xml('Probe', { name: role }))),
  ),
  outputEndpoints,
  instances,
})

export function writeSharedConfig(configuration: GuestConfiguration): string {
  return writeDocument(sharedConfig, flatOf(configuration))
}
