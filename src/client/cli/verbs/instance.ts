import { instancesReady, operationEnds } from '../follow.ts'
import { openServiceManagement } from '../service-management.ts'
import { flag, needed, slotOf, type Verb } from '../verb.ts'

export const instanceReboot: Verb = {
  name: 'instance reboot',
  form: 'INSTANCE --service NAME [--slot production|staging] [--no-wait]',
  about: 'Restarts the guest of an instance, and waits until it is Ready again.',
  options: { service: { type: 'string' }, slot: { type: 'string' }, 'no-wait': { type: 'boolean' } },
  words: [1, 1],
  async run(call) {
    const [service, slot, instance = ''] = [needed(call, 'service'), slotOf(call), call.words[0]]
    const fabric = openServiceManagement(call.api())
    const watch = { ...call, fabric }
    const operation = await fabric.rebootInstance(service, slot, instance)
    // The operation ends when the instance has left its former run (section 7 of service-management-api.md), so Ready afterwards means Ready again.
    await operationEnds(watch, operation)
    if (!flag(call, 'no-wait')) await instancesReady(watch, service, slot)
    call.terminal.line(`${instance} of ${service} was rebooted.`)
    call.terminal.object({ operation, instance })
  },
}
