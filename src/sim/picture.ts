import { planLines } from '../client/cli/plan-lines.ts'
import type { Upgrade } from '../fabric/contract/commands.ts'
import type { DeploymentView, HostView, InstanceView } from '../fabric/contract/views.ts'
import { instancesOf } from '../fabric/controller/state/find.ts'
import type { InstanceRecord } from '../fabric/controller/state/records/instance.ts'
import { answerView } from '../fabric/controller/views/answer.ts'
import { planView } from '../fabric/controller/views/plan.ts'
import type { StoredPackage } from '../fabric/package-store/package-store.ts'
import { rootLetter } from '../guest/contract/guest-paths.ts'
import { fine } from '../kernel/fault.ts'
import { subscriptionId } from './controller/process.ts'
import { listed, readable } from './narrator.ts'
import type { World } from './world.ts'

/** The deployments of a service as the API would show them now; empty while no controller runs or there is no such service. */
export function deploymentsNow({ controller }: World, service: string): readonly DeploymentView[] {
  const state = controller.state()
  return (state && answerView(state, 'service', { subscriptionId, service }, controller.now())?.deployments) ?? []
}

/** A service as `reddog status` shows it. */
export function pictureOfService(world: World, service: string): readonly string[] {
  if (!world.controller.state()) return ['no fabric controller answers']
  const deployments = deploymentsNow(world, service)
  if (deployments.length === 0) return [`${service} has no deployment`]
  return deployments.flatMap(pictureOfDeployment)
}

/** The hosts of the pool as the API would show them now; empty while no controller runs. */
export function hostsNow({ controller }: World): readonly HostView[] {
  const state = controller.state()
  return state ? answerView(state, 'hosts', {}, controller.now()) : []
}

/** The hosts of the pool. */
export function pictureOfHosts(world: World): readonly string[] {
  if (!world.controller.state()) return ['no fabric controller answers']
  return hostsNow(world).flatMap((host) => [
    pictureOfHost(host),
    ...host.waitsFor.map((wait) => `  ${readable(world, wait)}`),
  ])
}

/** Which release of the guest OS was sent to the instances of a service, and the API's name for their roles' release (D-9). */
export function pictureOfSystems(world: World, service: string): readonly string[] {
  const state = world.controller.state()
  const deployments = deploymentsNow(world, service)
  const instances = deployments.flatMap(({ id }) => (state ? instancesOf(state, id) : []))
  return [
    ...[...Map.groupBy(instances, ({ release = 'none' }) => release)].map(
      ([release, alike]) => `${listed(alike.map(({ name }) => name))}: ${release}`,
    ),
    ...deployments.flatMap(({ roles }) => roles.map(({ name, osVersion }) => `the API says of ${name}: ${osVersion}`)),
  ]
}

/** Progress of the updates of a service (U-34). */
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

/** The flags of each deployment as Get Deployment shows them (U-40, U-41). */
export function pictureOfFlags(world: World, service: string): readonly string[] {
  return deploymentsNow(world, service).map(
    ({ name, status, locked, rollbackAllowed }) =>
      `${name} is ${status}, Locked ${locked}, RollbackAllowed ${rollbackAllowed}`,
  )
}

/** What `reddog upgrade --plan` prints. */
export function pictureOfPlan(world: World, upgrade: Upgrade, wanted: StoredPackage): readonly string[] {
  const state = world.controller.state()
  if (!state) return ['no fabric controller answers']
  const plan = planView(state, { subscriptionId, ...upgrade }, fine(wanted), world.controller.now())
  const end = plan.refusal ? `It would be refused: ${plan.refusal.message}` : 'Nothing was touched.'
  return [...planLines(plan), '', end].map((line) => readable(world, line))
}

/** The reserved addresses of the subscription, and who has them. */
export function pictureOfAddresses({ controller }: World): readonly string[] {
  const state = controller.state()
  if (!state) return ['no fabric controller answers']
  const all = answerView(state, 'reservedAddresses', { subscriptionId }, controller.now())
  if (all.length === 0) return ['no address is reserved']
  return all.map(
    ({ name, address, user }) => `${name} is ${address}, ${user ? `in use by ${user.deployment}` : 'free'}`,
  )
}

/** What really runs in the guests of a service, whatever the fabric believes; of several deployments each says its name. */
export function pictureOfPrograms(world: World, service: string): readonly string[] {
  const state = world.controller.state()
  const deployments = [...(state?.stored.deployment.values() ?? [])].filter((one) => one.service === service)
  return deployments.flatMap(({ id, name }) => {
    const lines = state ? programsOf(world, instancesOf(state, id)) : []
    return deployments.length > 1 ? lines.map((line) => `${name}  ${line}`) : lines
  })
}

function programsOf({ hosts, contentOf }: World, instances: readonly InstanceRecord[]): readonly string[] {
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
  const { name, status, vip, reservedAddress, upgradeDomainCount, instances, warnings, locked } = deployment
  const kept = reservedAddress === undefined ? '' : ` (reserved as ${reservedAddress})`
  const address = vip === '' ? '' : `, VIP ${vip}${kept}`
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
