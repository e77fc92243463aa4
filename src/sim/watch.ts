import type { Instant } from '../kernel/instant.ts'
import type { Defect } from '../kernel/loop/troubles.ts'
import { type Checker, InvariantBroken, lookEveryMs } from './checkers/checker.ts'
import type { VirtualClock } from './clock.ts'
import type { Fact } from './fact.ts'
import { firstMoment } from './world.ts'

/** Lets time pass, and has the checkers look at the results. */
export interface Watch {
  witness(fact: Fact): void
  /** Witnesses the defects of a party. */
  defectOf(party: string): (defect: Defect<string>) => void
  /** These checkers look from now on. */
  setCheckers(checkers: readonly Checker[]): void
  checkers(): readonly Checker[]
  /** Runs one event, at most until that moment; false when there is none before it. Throws InvariantBroken. */
  step(until: Instant): boolean
  /** Events so far. */
  events(): number
}

/** `visible` are the things that checkers look at: each is another object when it has changed. */
export function watch(clock: VirtualClock, visible: () => readonly unknown[]): Watch {
  const facts: Fact[] = []
  let seen: readonly unknown[] = []
  let nextLook = firstMoment
  let checkers: readonly Checker[] = []
  let events = 0

  /** Most events change nothing that a checker sees: checkers are asked after a visible change, and else at regular intervals. */
  function isWorthALook(): boolean {
    const now = visible()
    const isSame = now.every((thing, at) => thing === seen[at])
    if (facts.length === 0 && isSame && clock.now() < nextLook) return false
    seen = now
    nextLook = clock.now() + lookEveryMs
    return true
  }

  return {
    witness: (fact) => void facts.push(fact),
    defectOf(party) {
      return ({ subject, during, thrown }) => {
        facts.push({ kind: 'defect', party, subject, during, threw: (thrown as Error).stack ?? String(thrown) })
      }
    },
    setCheckers(wanted) {
      checkers = wanted
    },
    checkers: () => checkers,
    step(until) {
      const more = clock.step(until)
      events++
      if (isWorthALook()) {
        for (const checker of checkers)
          for (const complaint of checker.check(facts)) throw new InvariantBroken(checker.name, complaint, clock.now())
        facts.length = 0
      }
      return more
    },
    events: () => events,
  }
}
