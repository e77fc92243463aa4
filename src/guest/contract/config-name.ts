import type { GuestSpecification } from './guest-specification.ts'

/** Name of the service instance: `<deployment>.<n>` (wire-server.md 6.1). A deployment has one, from its birth. */
export function serviceInstanceName(deploymentId: string): string {
  return `${deploymentId}.0`
}

/** `<deployment>.<deployment incarnation>.<service instance>.<role instance>.<number>.xml`: the file under `C:\Config`; the number is that of `Incarnation` in the documents, which counts containers, not goals (S-9, wire-server.md 14.2). */
export function configName(specification: GuestSpecification): string {
  return `${stem(specification)}.${specification.placement}.xml`
}

/** Name of the role environment document that lies next to it (role-runtime.md 5): `<n>` counts by itself, from 1. */
export function roleEnvironmentName(specification: GuestSpecification, n: number): string {
  return `${stem(specification)}.RoleEnvironment.${n}.xml`
}

function stem({ deploymentId, deploymentIncarnation, instance }: GuestSpecification): string {
  return `${deploymentId}.${deploymentIncarnation}.${serviceInstanceName(deploymentId)}.${instance}`
}
