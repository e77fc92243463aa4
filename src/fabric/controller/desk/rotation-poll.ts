import { party } from '../../contract/paths.ts'
import type { RotationTable } from '../../contract/rotation.ts'
import type { Message } from '../message.ts'
import { rotationOf } from '../rotation/rotation.ts'
import { hear } from './hear.ts'
import type { HoldEnd, Next, Sight } from './next.ts'

/**
 * The load balancer's long poll: the table as soon as it is newer than `after`; undefined when none came in time. While it polls, stops wait for its
 * acknowledgement. Between two polls it counts as present for rotationOutLimit, the time that it may take to ask again.
 */
export function rotationPoll(
  sight: Sight,
  { after, waitMs }: { readonly after: number; readonly waitMs: number },
): Next<RotationTable | undefined> {
  const came = [{ kind: 'pollOpened' }] as const
  const goOn = (now: Sight) =>
    hear<RotationTable | undefined>(now, party.loadBalancer, after, () => ({
      kind: 'hold',
      until: ({ observed }) => observed.rotation.version > after,
      limitMs: waitMs,
      goOn: ended,
    }))
  const { observed, facts } = sight.state
  /** The balancer has to ask again soon, because stops wait for it. */
  const brief: Next<RotationTable | undefined> = {
    kind: 'hold',
    until: () => false,
    limitMs: Math.min(waitMs, facts.timers.rotationOutLimit),
    goOn: ended,
  }
  if (!observed.balancer.polling)
    return {
      kind: 'tell',
      notes: came,
      message: { kind: 'balancerPoll', open: true },
      goOn: (now, fault) => (fault ? brief : goOn(now)),
    }
  const next = goOn(sight)
  return { ...next, notes: [...came, ...(next.notes ?? [])] }
}

function ended({ state }: Sight, end: HoldEnd): Next<RotationTable | undefined> {
  const table = end === 'so' ? rotationOf(state) : undefined
  return {
    kind: 'say',
    notes: [
      { kind: 'pollEnded' },
      ...(table ? [{ kind: 'given', party: party.loadBalancer, version: table.version } as const] : []),
    ],
    answer: table,
    later: { afterMs: end === 'gone' ? 0 : state.facts.timers.rotationOutLimit, messages: goneUnlessBack },
  }
}

function goneUnlessBack({ desk }: Sight): readonly Message[] {
  return desk.polls === 0 ? [{ kind: 'balancerPoll', open: false }] : []
}
