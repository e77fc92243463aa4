import type { Command } from '../../fabric/contract/commands.ts'
import { addCertificates } from '../package.ts'
import type { World } from '../world.ts'
import { addressNames, anyDeployment, type Deed, serviceForm, services } from './deed.ts'

/** Share of the deployments at a reserved address: some name one that does not exist or is in use. */
const reservedShare = 0.3

/** What users do with services and deployments as a whole. */
export const tenantDeeds: readonly Deed[] = [
  { weight: 8, run: createService },
  { weight: 14, run: deploy },
  { weight: 3, run: (world) => ofDeployment(world, (deployment) => ({ kind: 'deleteDeployment', deployment })) },
  { weight: 1, run: deleteService },
  { weight: 3, run: (world) => turn(world, 'Suspended') },
  { weight: 8, run: (world) => turn(world, 'Running') },
  { weight: 5, run: restartInstance },
]

function createService({ random, frontEnd }: World): string {
  const service = random.pick(services)
  frontEnd.send({ kind: 'createService', service, label: '', extendedProperties: {} })
  frontEnd.send(addCertificates(service, ['A', 'B']))
  return `create service ${service}`
}

function deploy(world: World): string {
  const { random, frontEnd } = world
  const service = random.pick(services)
  const slot = random.chance(0.75) ? 'Production' : 'Staging'
  const address = random.chance(reservedShare) ? random.pick(addressNames) : undefined
  const form = { ...serviceForm(world, service), address }
  frontEnd.send(world.upload(form, { service, slot, start: random.chance(0.85) }))
  return `deploy ${service} to ${slot}${address ? ` at address ${address}` : ''}: ${form.roles.map(({ name, instances, size }) => `${instances} ${name} of size ${size}`).join(', ')}`
}

function ofDeployment(
  world: World,
  command: (deployment: { service: string; name: string }) => Command,
): string | undefined {
  const record = anyDeployment(world)
  if (!record) return undefined
  const asked = command({ service: record.service, name: record.name })
  world.frontEnd.send(asked)
  return `${asked.kind} ${record.name}`
}

function deleteService({ random, frontEnd }: World): string {
  const service = random.pick(services)
  frontEnd.send({ kind: 'deleteService', service, withDeployments: random.chance(0.7) })
  return `delete service ${service}`
}

function turn(world: World, status: 'Running' | 'Suspended'): string | undefined {
  return ofDeployment(world, (deployment) => ({ kind: 'updateDeploymentStatus', deployment, status }))
}

function restartInstance(world: World): string | undefined {
  const { random, controller, frontEnd } = world
  const record = anyDeployment(world)
  const instances = [...(controller.state()?.stored.instance.values() ?? [])]
  const mine = instances.filter(({ deployment }) => deployment === record?.id)
  if (!record || mine.length === 0) return undefined
  const kind = random.pick(['rebootInstance', 'reimageInstance', 'rebuildInstance'] as const)
  const { name } = random.pick(mine)
  frontEnd.send({ kind, deployment: { service: record.service, name: record.name }, instance: name })
  return `${kind} ${name} of ${record.name}`
}
