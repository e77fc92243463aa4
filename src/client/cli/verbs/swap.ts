import { Failure } from '../../failure.ts'
import { type Deployment, webAddress } from '../../service-management/answers.ts'
import { openServiceManagement } from '../../service-management/service-management.ts'
import { operationEnds, watching } from '../follow.ts'
import { table } from '../table.ts'
import { needed, type Verb } from '../verb.ts'

export const swap: Verb = {
  name: 'swap',
  form: '--service NAME',
  about: 'Exchanges the addresses of staging and production, all endpoints at once; again undoes it.',
  options: { service: { type: 'string' } },
  words: [0, 0],
  async run(call) {
    const { terminal } = call
    const service = needed(call, 'service')
    const fabric = openServiceManagement(call.api())
    const [production, staging] = await bothSlots()
    if (!staging)
      throw new Failure(
        `Staging of "${service}" is empty, so there is nothing to swap. Deploy the new version there first: reddog deploy PACKAGE CONFIGURATION --service ${service} --slot staging`,
      )
    const operation = await fabric.swap(service, { production: production?.name, source: staging.name })
    await operationEnds(watching(call, fabric, service), operation)
    const [inProduction, inStaging] = await bothSlots()
    for (const line of table([row('Production', inProduction), row('Staging', inStaging)])) terminal.line(line)
    terminal.object({ operation, production: inProduction?.name, staging: inStaging?.name })

    function bothSlots() {
      return Promise.all([fabric.deployment(service, 'Production'), fabric.deployment(service, 'Staging')])
    }
  },
}

function row(slot: string, deployment: Deployment | undefined): readonly string[] {
  if (!deployment) return [slot, 'empty']
  return [slot, deployment.name, `"${deployment.label}"`, webAddress(deployment) ?? '']
}
