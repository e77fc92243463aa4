import { xml } from '../../kernel/xml.ts'
import { writeDocument } from './document.ts'
import { deploymentElement, incarnationElement, roleElement } from './elements/identity.ts'
import { instances, outputEndpoints } from './elements/topology.ts'
import type { GuestConfiguration } from './guest-configuration.ts'

/** As seen for a platform role (wire-server.md 6.2). */
const loadBalancer = { timeoutSeconds: 32, waitLoadBalancerProbeCount: 8 }

/** The topology of the deployment (wire-server.md 6.2, H-35). */
export function writeSharedConfig({ goalStateIncarnation, specification }: GuestConfiguration): string {
  return writeDocument(
    xml('SharedConfig', { version: '1.0.0.0', goalStateIncarnation }, [
      deploymentElement(specification, true),
      incarnationElement(specification),
      roleElement(specification, { settleTimeSeconds: 0 }),
      xml('LoadBalancerSettings', loadBalancer, xml('Probes', {}, xml('Probe', { name: specification.role }))),
      outputEndpoints(specification),
      instances(specification),
    ]),
  )
}
