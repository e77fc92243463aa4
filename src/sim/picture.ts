import type { DeploymentView, HostView, InstanceView } from '../fabric/contract/views.ts'
import { answerView } from '../fabric/controller/views/answer.ts'
import { subscriptionId } from './controller.ts'
import type { World } from './world.ts'

/** The deployments of a service as the API would show them now; empty while no controller runs or there is no such service. */
export function deploymentsNow({ controller, clock }: World, service: string): readonly DeploymentView[] {
  const state = controller.state()
  return (state && answerView(state, 'service', { subscriptionId, service }, clock.now())?.deployments) ?? []
}

/** A service as `reddog status` shows it. */
export function pictureOfService(world: World, service: string): readonly string[] {
  if (!world.controller.state()) return ['no fabric controller answers']
  const deployments = deploymentsNow(world, service)
  if (deployments.length === 0) return [`${service} has no deployment`]
  return deployments.flatMap(pictureOfDeployment)
}

/** The hosts of the pool. */
export function pictureOfHosts({ controller, clock }: World): readonly string[] {
  const state = controller.state()
  if (!state) return ['no fabric controller answers']
  return answerView(state, 'hosts', {}, clock.now()).map(pictureOfHost)
}

function pictureOfDeployment(deployment: DeploymentView): readonly string[] {
  const { name, status, vip, upgradeDomainCount, instances, warnings, locked } = deployment
  const address = vip === '' ? '' : `, VIP ${vip}`
  const domains = instances.length === 0 ? '' : `, ${upgradeDomainCount} upgrade domains`
  return [
    `${name} is ${status}${address}${domains}${locked ? ', locked' : ''}`,
    ...warnings.map((warning) => `  warning: ${warning}`),
    ...instances.map(pictureOfInstance),
  ]
}

function pictureOfInstance(instance: InstanceView): string {
  const { name, status, upgradeDomain, faultDomain, host, address, inRotation, details } = instance
  const rotation = inRotation ? '  in rotation' : ''
  const words = details === '' ? '' : `  ${details}`
  return `  ${name}  ${status}  UD ${upgradeDomain}  FD ${faultDomain}  ${host}  ${address}${rotation}${words}`
}

function pictureOfHost({ name, state, freeCores, cores, faultDomain, instances }: HostView): string {
  const runs = instances.map((key) => `  ${key.slice(key.indexOf('.') + 1)}`).join('')
  return `${name}  ${state}  fault domain ${faultDomain}  ${freeCores} of ${cores} cores free${runs}`
}
