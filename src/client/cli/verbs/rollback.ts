import { openServiceManagement } from '../../service-management/service-management.ts'
import { conclude, isDoneIn } from '../conclude.ts'
import { standingDeployment } from '../standing.ts'
import { flag, needed, oneOf, slotOf, type Verb } from '../verb.ts'

export const rollback: Verb = {
  name: 'rollback',
  form: '--service NAME [--slot production|staging] [--mode auto|manual] [--force] [--no-wait]',
  about: 'Puts the instances that an update has moved back to the former version; it must not be complete yet.',
  options: {
    service: { type: 'string' },
    slot: { type: 'string' },
    mode: { type: 'string' },
    force: { type: 'boolean' },
    'no-wait': { type: 'boolean' },
  },
  words: [0, 0],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const mode = oneOf(call, 'mode', { auto: 'Auto', automatic: 'Auto', manual: 'Manual' } as const) ?? 'Auto'
    const fabric = openServiceManagement(call.api())
    await standingDeployment(fabric, service, slot)
    const operation = await fabric.rollback(service, slot, { mode, force: flag(call, 'force') })
    const done = `${service} is back at the former version in ${slot}.`
    await conclude(call, fabric, { service, slot, operation }, { isDone: isDoneIn(mode), done })
  },
}
