import { Failure } from '../failure.ts'
import type { Deployment, Slot } from '../service-management/answers.ts'
import type { ServiceManagement } from '../service-management/service-management.ts'

/** The deployment that a verb is about. Throws a Failure that names the slot and the next step when it is empty, or when there is no such service. */
export async function standingDeployment(fabric: ServiceManagement, service: string, slot: Slot): Promise<Deployment> {
  const found = await fabric.deployment(service, slot)
  if (found) return found
  if (!(await fabric.service(service)))
    throw new Failure(`No cloud service is called "${service}". See: reddog service list`)
  throw new Failure(
    `There is no deployment in ${slot} of "${service}". Make one with: reddog deploy PACKAGE CONFIGURATION ${whereWords(service, slot)}`,
  )
}

/** The options that name a deployment, as one writes them after a verb. */
export function whereWords(service: string, slot: Slot): string {
  return `--service ${service}${slot === 'Staging' ? ' --slot staging' : ''}`
}
