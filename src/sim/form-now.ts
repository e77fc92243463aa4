import type { DeploymentRecord } from '../fabric/controller/state/records/deployment.ts'
import { versionNumbered } from '../fabric/controller/update/change.ts'
import type { SimulatedService } from './package.ts'
import type { World } from './world.ts'

/** Package and configuration in force of a deployment; undefined until its own package is read. */
export function formNow({ contentOf }: World, { request, ...record }: DeploymentRecord): SimulatedService | undefined {
  if (request) return undefined
  const { packageSha256, numbers, configuration } = versionNumbered(record, record.current)
  const content = contentOf(packageSha256)
  if (!content) return undefined
  const roles = content.roles.map((role) => {
    const configured = configuration.roles.find(({ name }) => name === role.name)
    return {
      ...role,
      instances: numbers[role.name]?.length ?? role.instances,
      colour: configured?.settings['Colour'],
      certificate: configured?.certificates[0]?.thumbprint[0],
    }
  })
  const { osFamily, osVersion, network } = configuration
  return { ...content, roles, osFamily, osVersion, address: network.reservedIPs[0] }
}
