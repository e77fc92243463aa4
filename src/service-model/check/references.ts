import type { RoleDefinition, ServiceDefinition } from '../definition.ts'
import { fault, type Notes, warn } from '../document/notes.ts'
import { spelledAmong } from '../spelling.ts'

/** Probes that endpoints name must exist, and certificates should (2.4). */
export function checkReferences(notes: Notes, definition: ServiceDefinition): void {
  const probes = definition.loadBalancerProbes.map((probe) => probe.name)
  for (const role of definition.roles) checkRole(notes, role, probes)
}

function checkRole(notes: Notes, role: RoleDefinition, probes: readonly string[]): void {
  const certificates = role.certificates.map(({ name }) => name)
  for (const endpoint of role.inputEndpoints) {
    const { certificate, loadBalancerProbe } = endpoint
    if (certificate && !certificates.includes(certificate))
      // 44 revisions of real definitions do, and ran.
      warn(
        notes,
        endpoint,
        `endpoint ${endpoint.name} names the certificate ${certificate}, which role ${role.name} does not define, so that no certificate comes with it.${spelledAmong(certificate, certificates)}`,
      )
    if (loadBalancerProbe && !probes.includes(loadBalancerProbe))
      fault(
        notes,
        endpoint,
        `endpoint ${endpoint.name} names the probe ${loadBalancerProbe}, which LoadBalancerProbes does not define.${spelledAmong(loadBalancerProbe, probes)}`,
      )
  }
}
