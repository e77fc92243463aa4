import type { DeploymentReference, FailurePolicy, UpdateMode } from '../../fabric/contract/commands.ts'
import { sameName } from '../../fabric/controller/state/find.ts'
import { formNow } from '../form-now.ts'
import type { SimulatedService } from '../package.ts'
import type { World } from '../world.ts'

/** `staging of `, `deployment <name> of `, or nothing for production: which deployment of the service is meant. */
export function referenceOf(service: string, which?: string): DeploymentReference {
  const name = /^deployment (\S+) of $/.exec(which ?? '')?.[1]
  return name === undefined ? { service, slot: which ? 'Staging' : 'Production' } : { service, name }
}

/** Package and configuration of the deployment as they are now; for one that does not exist, any form of the service will do. */
export function formOf(world: World, reference: DeploymentReference): SimulatedService {
  const deployments = [...(world.controller.state()?.stored.deployment.values() ?? [])].filter(
    ({ service }) => service === reference.service,
  )
  const record = deployments.find((one) =>
    'slot' in reference ? one.slot === reference.slot : sameName(one.name, reference.name),
  )
  const form = [record, ...deployments].flatMap((one) => (one && formNow(world, one)) ?? [])[0]
  if (!form) throw new Error(`${reference.service} has no deployment whose package was read.`)
  return form
}

export function modeOf(options: string): UpdateMode {
  return options.includes('manual') ? 'Manual' : options.includes('simultaneous') ? 'Simultaneous' : 'Auto'
}

export function policyOf(options: string): FailurePolicy {
  return /(rollback|continue) on failure/.exec(options)?.[1] === 'rollback'
    ? 'rollback'
    : options.includes('continue on failure')
      ? 'continue'
      : 'hold'
}

/** The part of the options about the configuration outside its roles. */
export function settingsOf(options: string): Partial<SimulatedService> {
  const family = /os family (\d+)/.exec(options)?.[1]
  const osVersion = /os version (\S+)/.exec(options)?.[1]
  const address = /address (\w+)/.exec(options)?.[1]
  return {
    ...(family && { osFamily: Number(family) }),
    ...(osVersion && { osVersion }),
    ...(address && { address: address === 'none' ? undefined : address }),
  }
}
