import { withInstanceCounts } from '../../../service-model/write-configuration.ts'
import { exitCodes, Failure } from '../../failure.ts'
import { openServiceManagement } from '../../service-management/service-management.ts'
import type { Progress } from '../../service-management/updates.ts'
import { conclude } from '../conclude.ts'
import { isAtRest } from '../follow-update.ts'
import { standingDeployment } from '../standing.ts'
import { needed, slotOf, type Verb } from '../verb.ts'
import { modeOfChange, modeWords } from './update-modes.ts'

type Counts = Readonly<Record<string, number>>

export const scale: Verb = {
  name: 'scale',
  form: 'ROLE=COUNT ... --service NAME [--slot production|staging] [--mode auto|manual|simultaneous] [--no-wait]',
  about: 'Changes how many instances roles have, and waits until the new ones are Ready and the others gone.',
  options: {
    service: { type: 'string' },
    slot: { type: 'string' },
    mode: { type: 'string' },
    'no-wait': { type: 'boolean' },
  },
  words: [1, Number.POSITIVE_INFINITY],
  async run(call) {
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const counts = countsOf(call.words)
    modeWords(call)
    const fabric = openServiceManagement(call.api())
    const mode = modeOfChange(call, await standingDeployment(fabric, service, slot))
    const configuration = await fabric.configuration(service, slot)
    if (configuration === undefined)
      throw new Failure(
        `The package of ${service} in ${slot} has not been read yet, so nothing can be scaled. Look with: reddog status --service ${service}`,
      )
    const change = { configuration: scaled(configuration, counts), mode, treatWarningsAsError: false }
    const operation = await fabric.changeConfiguration(service, slot, change)
    const isDone = (progress: Progress) => mode === 'Manual' || (isAtRest(progress) && hasCounts(progress, counts))
    const wanted = Object.entries(counts).map(([role, count]) => `${count} of ${role}`)
    const done = `${service} has ${wanted.join(', ')} in ${slot}.`
    await conclude(call, fabric, { service, slot, operation }, { isDone, done, facts: { counts } })
  },
}

function countsOf(words: readonly string[]): Counts {
  const counts = words.map((word) => {
    const [, role = '', count] = /^([^=]+)=(\d{1,6})$/.exec(word) ?? []
    if (count === undefined)
      throw new Failure(
        `"${word}" does not say how many of what. Write ROLE=COUNT, for example Web=4.`,
        exitCodes.wrongUse,
      )
    return [role, Number(count)] as const
  })
  const [twice] = counts.map(([role]) => role).filter((role, at, roles) => roles.indexOf(role) !== at)
  if (twice !== undefined)
    throw new Failure(`"${twice}" is given several counts: ${words.join(' ')}. Write one.`, exitCodes.wrongUse)
  return Object.fromEntries(counts)
}

/** The configuration in force with other counts; everything else in it stays as it is. */
function scaled(configuration: string, counts: Counts): Uint8Array {
  try {
    return Buffer.from(withInstanceCounts(configuration, counts))
  } catch (error) {
    throw new Failure(`${(error as Error).message} Roles are written as the configuration spells them.`)
  }
}

function hasCounts({ instances }: Progress, counts: Counts): boolean {
  return Object.entries(counts).every(([name, count]) => instances.filter(({ role }) => role === name).length === count)
}
