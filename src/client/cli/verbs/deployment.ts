import type { Slot } from '../../service-management/answers.ts'
import { openServiceManagement, type ServiceManagement } from '../../service-management/service-management.ts'
import type { Progress } from '../../service-management/updates.ts'
import { goesOnUnwatched } from '../conclude.ts'
import { operationEnds, readyAndAnswering, watching } from '../follow.ts'
import { updateEnds } from '../follow-update.ts'
import { standingDeployment } from '../standing.ts'
import { needed, slotOf, type Verb } from '../verb.ts'

const options = { service: { type: 'string' }, slot: { type: 'string' }, 'no-wait': { type: 'boolean' } } as const
const form = '--service NAME [--slot production|staging] [--no-wait]'

export const suspend: Verb = {
  name: 'suspend',
  form,
  about: 'Stops the roles of a deployment, and waits until they have; its addresses stay.',
  options,
  words: [0, 0],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const fabric = openServiceManagement(call.api())
    await standingDeployment(fabric, service, slot)
    const operation = await fabric.updateDeploymentStatus(service, slot, 'Suspended')
    if (goesOnUnwatched(call, service, operation)) return
    const hasStopped = ({ instances }: Progress) => instances.every(({ status }) => status === 'StoppedVM')
    await updateEnds(watching(call, fabric, service), { service, slot, operation }, hasStopped)
    call.terminal.line(`${service} is suspended in ${slot}.`)
    call.terminal.object({ operation })
  },
}

export const resume: Verb = {
  name: 'resume',
  form,
  about: 'Starts a suspended deployment again, and waits until its instances are Ready.',
  options,
  words: [0, 0],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const fabric = openServiceManagement(call.api())
    await standingDeployment(fabric, service, slot)
    const operation = await fabric.updateDeploymentStatus(service, slot, 'Running')
    if (goesOnUnwatched(call, service, operation)) return
    const watch = watching(call, fabric, service)
    await operationEnds(watch, operation, () => inSlot(fabric, service, slot))
    await readyAndAnswering(watch, service, slot, { operation })
  },
}

/** Named so because `delete` is a word of the language. */
export const deleteDeployment: Verb = {
  name: 'delete',
  form,
  about: 'Deletes a deployment: its roles are stopped gracefully, and nothing of it is left. The cloud service stays.',
  options,
  words: [0, 0],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const fabric = openServiceManagement(call.api())
    await standingDeployment(fabric, service, slot)
    const operation = await fabric.deleteDeployment(service, slot)
    if (goesOnUnwatched(call, service, operation)) return
    await operationEnds(watching(call, fabric, service), operation, () => inSlot(fabric, service, slot))
    call.terminal.line(`Deleted the deployment of ${service} in ${slot}.`)
    call.terminal.object({ operation })
  },
}

/** What is left of it. */
async function inSlot(fabric: ServiceManagement, service: string, slot: Slot) {
  const found = await fabric.deployment(service, slot)
  return found ? [found] : []
}
