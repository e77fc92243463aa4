import { openServiceManagement } from '../../service-management/service-management.ts'
import { conclude, isDoneIn } from '../conclude.ts'
import { standingDeployment } from '../standing.ts'
import { readConfiguration } from '../user-file.ts'
import { flag, needed, slotOf, type Verb } from '../verb.ts'
import { modeOfChange, modeWords } from './update-modes.ts'

export const config: Verb = {
  name: 'config',
  form: 'CONFIGURATION --service NAME [--slot production|staging] [--mode auto|manual|simultaneous] [--warnings-as-errors] [--no-wait]',
  about: 'Gives a deployment another configuration, domain by domain; roles go on unless they ask to be restarted.',
  options: {
    service: { type: 'string' },
    slot: { type: 'string' },
    mode: { type: 'string' },
    'warnings-as-errors': { type: 'boolean' },
    'no-wait': { type: 'boolean' },
  },
  words: [1, 1],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    modeWords(call)
    const configuration = readConfiguration(call.words[0] ?? '')
    const fabric = openServiceManagement(call.api())
    const mode = modeOfChange(call, await standingDeployment(fabric, service, slot))
    const wanted = { configuration, mode, treatWarningsAsError: flag(call, 'warnings-as-errors') }
    const operation = await fabric.changeConfiguration(service, slot, wanted)
    const done = `${service} has the new configuration in ${slot}.`
    await conclude(call, fabric, { service, slot, operation }, { isDone: isDoneIn(mode), done })
  },
}
