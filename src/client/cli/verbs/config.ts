import { readFileSync } from 'node:fs'
import { conclude } from '../conclude.ts'
import { configurationFile } from '../package-file.ts'
import { openServiceManagement } from '../service-management.ts'
import { needed, oneOf, slotOf, type Verb } from '../verb.ts'
import { updateModes } from './update-modes.ts'

export const config: Verb = {
  name: 'config',
  form: 'CONFIGURATION --service NAME [--slot production|staging] [--mode auto|manual|simultaneous] [--no-wait]',
  about: 'Gives a deployment another configuration, domain by domain; roles go on unless they ask to be restarted.',
  options: {
    service: { type: 'string' },
    slot: { type: 'string' },
    mode: { type: 'string' },
    'no-wait': { type: 'boolean' },
  },
  words: [1, 1],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const mode = oneOf(call, 'mode', updateModes) ?? 'Auto'
    const configuration = readFileSync(configurationFile(call.words[0], ''))
    const fabric = openServiceManagement(call.api())
    const operation = await fabric.changeConfiguration(service, slot, configuration, mode)
    const done = `${service} has the new configuration in ${slot}.`
    await conclude(call, fabric, { service, slot, operation }, { isManual: mode === 'Manual', done })
  },
}
