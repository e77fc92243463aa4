import type { DeploymentRecord } from '../../fabric/controller/state/records/deployment.ts'
import type { SimulatedRole, SimulatedService } from '../package.ts'
import type { World } from '../world.ts'

/** Something that a user or fate may do in a storm. */
export interface Deed {
  /** How often, relative to the others. */
  readonly weight: number
  /** Where it can be done; absent: everywhere. */
  readonly on?: 'one machine' | 'several machines' | undefined
  /** Returns what was done; undefined when it found no object. */
  run(world: World): string | undefined
}

/** Names that addresses are reserved under. */
export const addressNames = ['one', 'two', 'three', 'four'] as const

/** Names of the cloud services of a storm. */
export const services = ['shop', 'blog', 'mail'] as const

/** What runs next to the role in the workers of each service. */
const besides: Readonly<Record<string, SimulatedRole['beside']>> = { blog: 'background', mail: 'foreground' }

/** The service whose web role has a site: a web server runs beside the role. */
const sitesService = 'blog'

/** Most services are small; in a large building they are large. */
export function serviceForm({ random, hosts }: World, name: string): SimulatedService {
  const most = hosts.size > 8 ? 100 : 5
  const size = () => random.pick(['ExtraSmall', 'Small', 'Small', 'Medium'])
  const web = {
    name: 'Web',
    instances: random.between(1, most),
    size: size(),
    httpPort: 80,
    ...(random.chance(0.2) && { certificate: 'A' }),
    hasSite: name === sitesService,
  }
  const worker = {
    name: 'Worker',
    instances: random.between(1, most),
    size: size(),
    beside: besides[name],
  }
  return {
    name,
    roles: random.pick([[web], [worker], [web, worker]]),
    upgradeDomains: random.chance(0.8) ? random.between(1, 5) : random.between(6, 20),
    blast: random.chance(0.2),
  }
}

/** One of them; undefined when there is none. */
export function anyDeployment({ random, controller }: World): DeploymentRecord | undefined {
  const deployments = [...(controller.state()?.stored.deployment.values() ?? [])]
  return deployments.length === 0 ? undefined : random.pick(deployments)
}
