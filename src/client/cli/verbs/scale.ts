import { withInstanceCounts } from '../../../service-model/write-configuration.ts'
import { exitCodes, Failure } from '../failure.ts'
import { watching } from '../follow.ts'
import { isAtRest, updateEnds } from '../follow-update.ts'
import type { Progress } from '../service-management/updates.ts'
import { openServiceManagement } from '../service-management.ts'
import { flag, needed, slotOf, type Verb } from '../verb.ts'

type Counts = Readonly<Record<string, number>>

export const scale: Verb = {
  name: 'scale',
  form: 'ROLE=COUNT ... --service NAME [--slot production|staging] [--no-wait]',
  about: 'Changes how many instances roles have, and waits until the new ones are Ready and the others gone.',
  options: { service: { type: 'string' }, slot: { type: 'string' }, 'no-wait': { type: 'boolean' } },
  words: [1, Number.POSITIVE_INFINITY],
  async run(call) {
    const { terminal } = call
    const [service, slot] = [needed(call, 'service'), slotOf(call)]
    const counts = countsOf(call.words)
    const fabric = openServiceManagement(call.api())
    const configuration = await fabric.configuration(service, slot)
    if (configuration === undefined)
      throw new Failure(
        `There is no deployment in ${slot} of "${service}" to scale. See: reddog status --service ${service}`,
      )
    const operation = await fabric.changeConfiguration(service, slot, scaled(configuration, counts), 'Auto')
    if (!flag(call, 'no-wait')) {
      const isDone = (progress: Progress) => isAtRest(progress) && hasCounts(progress, counts)
      await updateEnds(watching(call, fabric, service), { service, slot, operation }, isDone)
      const wanted = Object.entries(counts).map(([role, count]) => `${count} of ${role}`)
      terminal.line(`${service} has ${wanted.join(', ')} in ${slot}.`)
    }
    terminal.object({ operation, counts })
  },
}

function countsOf(words: readonly string[]): Counts {
  return Object.fromEntries(
    words.map((word) => {
      const [, role = '', count] = /^([^=]+)=(\d{1,6})$/.exec(word) ?? []
      if (count === undefined)
        throw new Failure(
          `"${word}" does not say how many of what. Write ROLE=COUNT, for example Web=4.`,
          exitCodes.wrongUse,
        )
      return [role, Number(count)]
    }),
  )
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
