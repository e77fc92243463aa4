import type { DeploymentView } from '../../../fabric/contract/views.ts'

/** How far a deployment is, instance by instance (section 16). */
export function progressOfView({ name, slot, status, upgrade, instances, warnings, timers }: DeploymentView) {
  return {
    name,
    slot,
    status,
    update: upgrade && { ...upgrade, mode: upgrade.type },
    instances: instances.map((instance) => ({
      name: instance.name,
      role: instance.role,
      domain: instance.upgradeDomain,
      version: instance.version,
      status: instance.status,
      hasSettled: instance.hasSettled,
      details: instance.details,
      inRotation: instance.inRotation,
      host: instance.host,
    })),
    warnings,
    timers,
  }
}
