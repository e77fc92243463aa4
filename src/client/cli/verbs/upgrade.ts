import { exitCodes, Failure } from '../../failure.ts'
import type { Slot } from '../../service-management/answers.ts'
import { ApiRefusal } from '../../service-management/api.ts'
import { openServiceManagement, type ServiceManagement } from '../../service-management/service-management.ts'
import type { WantedUpgrade } from '../../service-management/updates.ts'
import { conclude, isDoneIn } from '../conclude.ts'
import { swapAdvice } from '../follow-update.ts'
import { configurationFor } from '../package-file.ts'
import { planLines } from '../plan-lines.ts'
import { standingDeployment } from '../standing.ts'
import { packageOptions, withPackage, withUploadedPackage } from '../uploaded-package.ts'
import { type Call, flag, needed, oneOf, option, slotOf, type Verb } from '../verb.ts'
import { defaultLabel } from './deploy.ts'
import { modeWords } from './update-modes.ts'

export const upgrade: Verb = {
  name: 'upgrade',
  form: 'PACKAGE [CONFIGURATION] --service NAME [--slot production|staging] [--mode auto|manual|simultaneous] [--role NAME] [--force] [--label TEXT] [--overlay DIR|ZIP ...] [--ignore-findings] [--plan] [--on-failure hold|rollback|continue] [--no-wait]',
  about:
    'Brings a deployment to a new version in place, one upgrade domain after the other; --plan says what would happen and touches nothing.',
  options: {
    service: { type: 'string' },
    slot: { type: 'string' },
    mode: { type: 'string' },
    role: { type: 'string' },
    force: { type: 'boolean' },
    label: { type: 'string' },
    ...packageOptions,
    plan: { type: 'boolean' },
    'on-failure': { type: 'string' },
    'no-wait': { type: 'boolean' },
  },
  words: [1, 2],
  async run(call) {
    const [named = '', configurationNamed] = call.words
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const wanted = {
      mode: modeWords(call) ?? 'Auto',
      configuration: configurationFor(configurationNamed, named),
      label: option(call, 'label') ?? defaultLabel(service),
      role: option(call, 'role'),
      force: flag(call, 'force'),
      onFailure: oneOf(call, 'on-failure', { hold: 'hold', rollback: 'rollback', continue: 'continue' } as const),
    }
    const fabric = openServiceManagement(call.api())
    await standingDeployment(fabric, service, slot)
    await withPackage(call, named, (path) =>
      withUploadedPackage(call, fabric, path, async (packageUrl) => {
        const asked = { service, slot, wanted: { ...wanted, packageUrl } }
        if (flag(call, 'plan')) return plan(call, fabric, asked)
        const operation = await accepted(fabric, asked)
        const done = `${service} is upgraded in ${slot}: every instance is at the new version.`
        const change = { service, slot, operation, goesOnRegardless: wanted.onFailure === 'continue' }
        return conclude(call, fabric, change, { isDone: isDoneIn(wanted.mode), done })
      }),
    )
  },
}

interface Asked {
  readonly service: string
  readonly slot: Slot
  readonly wanted: WantedUpgrade
}

async function plan({ terminal }: Call, fabric: ServiceManagement, { service, slot, wanted }: Asked): Promise<void> {
  const found = await fabric.planUpgrade(service, slot, wanted)
  for (const line of planLines(found)) terminal.line(line)
  if (found.refusal)
    throw new Failure(withAdvice(`It would be refused: ${found.refusal.message}`, service), exitCodes.notDone, found)
  terminal.line('')
  terminal.line('Nothing was touched. The same command without --plan does it.')
  terminal.object({ ...found, warnings: [...new Set([...terminal.warned(), ...found.warnings])] })
}

async function accepted(fabric: ServiceManagement, { service, slot, wanted }: Asked): Promise<string> {
  try {
    return await fabric.upgradeDeployment(service, slot, wanted)
  } catch (error) {
    if (error instanceof ApiRefusal) error.message = withAdvice(error.message, service)
    throw error
  }
}

function withAdvice(message: string, service: string): string {
  return [message, swapAdvice(message, service)].filter(Boolean).join('\n')
}
