import { openServiceManagement, type Restart } from '../../service-management/service-management.ts'
import { goesOnUnwatched } from '../conclude.ts'
import { instancesReady, operationEnds, watching } from '../follow.ts'
import { needed, slotOf, type Verb } from '../verb.ts'

export const instanceReboot = restart('reboot', 'Restarts the guest of an instance; its local resources stay.')
export const instanceReimage = restart('reimage', 'Makes the guest OS of an instance anew; its local resources stay.')
export const instanceRebuild = restart('rebuild', 'Makes an instance anew with empty drives, local resources included.')

/** Delete Role Instances (D-23). */
export const instanceDelete: Verb = {
  name: 'instance delete',
  form: 'INSTANCE ... --service NAME [--slot production|staging] [--no-wait]',
  about:
    'Deletes instances, which lowers the count of their roles; the others keep their names. Waits until they are gone.',
  options: { service: { type: 'string' }, slot: { type: 'string' }, 'no-wait': { type: 'boolean' } },
  words: [1, Number.POSITIVE_INFINITY],
  async run(call) {
    const [service, slot, instances] = [needed(call, 'service'), slotOf(call), call.words]
    const fabric = openServiceManagement(call.api())
    const operation = await fabric.deleteInstances(service, slot, instances)
    if (goesOnUnwatched(call, service, operation, { instances })) return
    await operationEnds(watching(call, fabric, service), operation)
    call.terminal.line(`Gone from ${service} in ${slot}: ${instances.join(', ')}.`)
    call.terminal.object({ operation, instances })
  },
}

function restart(how: Restart, about: string): Verb {
  return {
    name: `instance ${how}`,
    form: 'INSTANCE --service NAME [--slot production|staging] [--no-wait]',
    about: `${about} Waits until it is Ready again.`,
    options: { service: { type: 'string' }, slot: { type: 'string' }, 'no-wait': { type: 'boolean' } },
    words: [1, 1],
    async run(call) {
      const [service, slot, instance = ''] = [needed(call, 'service'), slotOf(call), call.words[0]]
      const fabric = openServiceManagement(call.api())
      const operation = await fabric.restartInstance(how, service, slot, instance)
      if (goesOnUnwatched(call, service, operation, { instance })) return
      const watch = watching(call, fabric, service)
      // The operation ends when the instance has left its former run, so Ready afterwards means Ready again.
      await operationEnds(watch, operation)
      await instancesReady(watch, service, slot)
      call.terminal.line(`${instance} of ${service} is Ready again.`)
      call.terminal.object({ operation, instance })
    },
  }
}
