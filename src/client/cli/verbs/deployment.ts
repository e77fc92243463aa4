import { operationEnds, readyAndAnswering, watching } from '../follow.ts'
import { updateEnds } from '../follow-update.ts'
import type { Progress } from '../service-management/updates.ts'
import { openServiceManagement } from '../service-management.ts'
import { needed, slotOf, type Verb } from '../verb.ts'

const inSlot = { service: { type: 'string' }, slot: { type: 'string' } } as const
const form = '--service NAME [--slot production|staging]'

export const suspend: Verb = {
  name: 'suspend',
  form,
  about: 'Stops the roles of a deployment, and waits until they have; its addresses stay.',
  options: inSlot,
  words: [0, 0],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const fabric = openServiceManagement(call.api())
    const operation = await fabric.updateDeploymentStatus(service, slot, 'Suspended')
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
  options: inSlot,
  words: [0, 0],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const fabric = openServiceManagement(call.api())
    const operation = await fabric.updateDeploymentStatus(service, slot, 'Running')
    const watch = watching(call, fabric, service)
    await operationEnds(watch, operation)
    await readyAndAnswering(watch, service, slot, { operation })
  },
}

/** Named so because `delete` is a word of the language. */
export const deleteDeployment: Verb = {
  name: 'delete',
  form,
  about: 'Deletes a deployment: its roles are stopped gracefully, and nothing of it is left. The cloud service stays.',
  options: inSlot,
  words: [0, 0],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const fabric = openServiceManagement(call.api())
    const operation = await fabric.deleteDeployment(service, slot)
    await operationEnds(watching(call, fabric, service), operation)
    call.terminal.line(`Deleted the deployment of ${service} in ${slot}.`)
    call.terminal.object({ operation })
  },
}
