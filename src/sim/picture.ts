import type { DeploymentView, HostView, InstanceView } from '../fabric/contract/views.ts'
import { instancesOf } from '../fabric/controller/find.ts'
import { answerView } from '../fabric/controller/views/answer.ts'
import { rootLetter } from '../guest/contract/guest-paths.ts'
import { subscriptionId } from './controller.ts'
import { listed, readable } from './narrator.ts'
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

/** How far the updates of a service are (U-34). */
export function pictureOfUpdate(world: World, service: string): readonly string[] {
  return deploymentsNow(world, service).map(({ name, upgrade, rollbackAllowed, status }) => {
    if (!upgrade) return `no update of ${name} is active`
    const { kind, type, domainState, domain, domains, waitsFor, held } = upgrade
    const words = [
      `${kind} of ${name} (${status}): ${type}, domain ${domain} of ${domains}, ${domainState}`,
      ...(held ? ['held'] : []),
      rollbackAllowed ? 'may be rolled back' : 'may not be rolled back',
    ]
    return `${words.join(', ')}; ${readable(world, waitsFor)}`
  })
}

/** What really runs in the guests of a service, whatever the fabric believes. */
export function pictureOfPrograms({ hosts, controller, contentOf }: World, service: string): readonly string[] {
  const state = controller.state()
  const deployments = [...(state?.stored.deployment.values() ?? [])].filter((one) => one.service === service)
  const instances = deployments.flatMap(({ id }) => (state ? instancesOf(state, id) : []))
  const lines = instances.map(({ name, host, containerId }) => {
    const running = hosts.get(host)?.machine.guest(containerId)?.running()
    if (!running) return { name, words: 'nothing' }
    const { root, environment } = running
    const known = environment.roles.reduce((sum, { instances }) => sum + instances.length, 0)
    const words = `${contentOf(root.softwareSha256)?.program ?? 'v1'} from ${rootLetter(root.number)}:, Colour ${environment.currentInstance.settings['Colour']}, ${known} instances known`
    return { name, words }
  })
  return [...Map.groupBy(lines, ({ words }) => words)].map(
    ([words, alike]) => `${listed(alike.map(({ name }) => name))}: ${words}`,
  )
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
