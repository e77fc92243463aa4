import { refused } from '../../../kernel/fault.ts'
import type { HeldAnswer, HeldReport } from '../../contract/held-packages.ts'
import { candidatesOf } from '../packages/candidates.ts'
import { unknownOf } from '../packages/packages-held.ts'
import type { Next, Refusal, Sight } from './next.ts'
import { refusalOf } from './take-in.ts'

/** Another candidate says what it holds; the answer names what it is to drop. */
export function packagesHeld({ state }: Sight, { machine, held }: HeldReport): Next<HeldAnswer | Refusal> {
  if (!candidatesOf(state).some(({ name }) => name === machine)) {
    const { fault } = refused('ConflictError', `the machine ${machine} is none of those that may become master`)
    return { kind: 'say', answer: { refused: fault, status: 409 } }
  }
  return {
    kind: 'tell',
    message: { kind: 'packagesHeld', machine, held },
    goOn: (sight, fault) => ({
      kind: 'say',
      answer: fault ? refusalOf(fault) : { epoch: sight.state.facts.epoch, drop: unknownOf(sight.state, held) },
    }),
  }
}
