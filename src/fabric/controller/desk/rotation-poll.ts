import type { RotationTable } from '../../contract/rotation.ts'
import type { Message } from '../message.ts'
import { goneAfterMs } from '../rotation/balancers.ts'
import { rotationOf } from '../rotation/rotation.ts'
import { type Desk, noPolls } from './desk.ts'
import { hear } from './hear.ts'
import type { HoldEnd, Next, Sight } from './next.ts'

/**
 * A load balancer's long poll: the table as soon as it is newer than `after`; undefined when none came in time. `balancer` is the name in its
 * certificate. While it polls, stops wait for its acknowledgement; between two polls it counts as present for the time of `goneAfterMs`.
 */
export function rotationPoll(
  sight: Sight,
  balancer: string,
  { after, waitMs }: { readonly after: number; readonly waitMs: number },
): Next<RotationTable | undefined> {
  const came = [{ kind: 'pollOpened', party: balancer }] as const
  const ended = (now: Sight, end: HoldEnd) => endOf(now, balancer, end)
  const goOn = (now: Sight) =>
    hear<RotationTable | undefined>(now, balancer, after, () => ({
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
  if (!observed.balancers.get(balancer)?.polling)
    return {
      kind: 'tell',
      notes: came,
      message: { kind: 'balancerPoll', balancer, open: true },
      goOn: (now, fault) => (fault ? brief : goOn(now)),
    }
  const next = goOn(sight)
  return { ...next, notes: [...came, ...(next.notes ?? [])] }
}

function endOf({ state, desk }: Sight, balancer: string, end: HoldEnd): Next<RotationTable | undefined> {
  const { begun } = desk.polls.get(balancer, noPolls)
  const table = end === 'so' ? rotationOf(state) : undefined
  return {
    kind: 'say',
    notes: [
      { kind: 'pollEnded', party: balancer },
      ...(table ? [{ kind: 'given', party: balancer, version: table.version } as const] : []),
    ],
    answer: table,
    later: {
      afterMs: goneAfterMs(state.facts, balancer, end === 'gone'),
      messages: (later) => goneUnlessBack(later.desk, balancer, begun),
    },
  }
}

/** Gone, unless it has asked again since `begun` polls had begun. */
function goneUnlessBack({ polls }: Desk, balancer: string, begun: number): readonly Message[] {
  const now = polls.get(balancer, noPolls)
  return now.open > 0 || now.begun > begun ? [] : [{ kind: 'balancerPoll', balancer, open: false }]
}
