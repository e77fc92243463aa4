import { Failure } from '../../failure.ts'
import type { Deployment } from '../../service-management/answers.ts'
import type { UpdateMode } from '../../service-management/updates.ts'
import { type Call, needed, oneOf } from '../verb.ts'

/** Modes of an update by the words of the command line (U-22). */
const updateModes = { auto: 'Auto', automatic: 'Auto', manual: 'Manual', simultaneous: 'Simultaneous' } as const

/** The mode that was asked for; undefined when none was. */
export function modeWords(call: Call): UpdateMode | undefined {
  return oneOf(call, 'mode', updateModes)
}

/**
 * The mode of a change of configuration, automatic unless given. It takes over the active update (U-42), and an automatic one
 * would walk all domains that an operator holds back by hand: then the mode must be given. Throws a Failure when it is not.
 */
export function modeOfChange(call: Call, { upgrade, slot }: Deployment): UpdateMode {
  const asked = modeWords(call)
  if (asked === undefined && upgrade?.type === 'Manual')
    throw new Failure(
      `A manual update of ${needed(call, 'service')} is active in ${slot}, and this change would take it over and walk every domain by itself. Say which is meant: --mode manual goes on by hand, --mode auto walks all.`,
    )
  return asked ?? 'Auto'
}
