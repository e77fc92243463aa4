import type { WitnessSaid } from '../../host/agent/witness-said.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Clock } from '../clock.ts'
import type { Machine } from '../machine.ts'

/** Another machine of the fabric, as one may ask it. */
export interface OtherMachine {
  readonly name: string
  readonly machine: Pick<Machine, 'hasPower'>
  /** Answers when it last heard a master. */
  witness(answer: (said: WitnessSaid) => void): void
}

/** When the machine last heard a master, by the time that nobody sets; kept over runs of the agent (machine/host/hearing.ts). */
export interface SimulatedHearing {
  /** A master has answered what was sent then. */
  heard(sentAt: Instant): void
  sentNow(): Instant
  agoMs(): number | undefined
  unansweredMs(): number
}

export function simulatedHearing(clock: Clock): SimulatedHearing {
  const opened = clock.now()
  let heardAt: Instant | undefined
  return {
    heard(sentAt) {
      heardAt = Math.max(heardAt ?? sentAt, sentAt)
    },
    sentNow: clock.now,
    agoMs: () => (heardAt === undefined ? undefined : clock.now() - heardAt),
    unansweredMs: () => clock.now() - (heardAt ?? opened),
  }
}
