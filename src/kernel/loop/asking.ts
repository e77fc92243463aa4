import type { Action, Agent } from '../agent.ts'
import type { Instant } from '../instant.ts'
import type { Agenda } from './agenda.ts'
import type { Effects } from './effects.ts'
import type { Folding } from './folding.ts'
import { earliest, partOf, type Troubles } from './troubles.ts'

/** What is needed to ask what is due for a subject. */
interface World<State, Subject extends string, Acts extends Action, Resolution extends Action> {
  readonly agent: Pick<Agent<State, never, Subject, Acts, never, Resolution>, 'decide' | 'resolve' | 'speaks'>
  readonly folding: Folding<State, Subject>
  /** Subjects that were touched since they were asked. */
  readonly pending: Set<Subject>
  readonly agenda: Agenda<Subject>
  readonly troubles: Troubles<Subject>
  readonly effects: Effects<Subject, Acts>
  now(): Instant
}

/**
 * Asks what is due for all subjects that were touched or whose time has come, and does it. Answers whether something was folded: it is then to be
 * committed, and they are asked again. In a rest only subjects that store nothing are asked.
 */
export function asking<State, Subject extends string, Acts extends Action, Resolution extends Action>(
  world: World<State, Subject, Acts, Resolution>,
): (asOf: Instant, isResting: boolean) => boolean {
  const { agent, folding, pending, agenda, troubles, effects } = world

  function ask(subject: Subject, asOf: Instant): void {
    const decided = troubles.attempt(subject, 'decide', () => agent.decide(folding.next(), subject, asOf))
    const now = world.now()
    if ('threw' in decided) return agenda.put(subject, troubles.restsUntil(subject, 'decide', now))
    const { actions, wakeAt, thrown } = decided.value
    if (thrown) troubles.put(subject, 'decide', thrown.error)
    else troubles.clear(subject, 'decide')
    troubles.clearForgone(subject, actions)
    const rest = (action: Action) => troubles.restsUntil(subject, partOf(action), now)
    const resting = actions.flatMap((action) => rest(action) ?? [])
    agenda.put(subject, earliest([...resting, wakeAt, thrown && troubles.restsUntil(subject, 'decide', now)]))
    for (const action of actions)
      if (!effects.isInFlight(action.key) && rest(action) === undefined) carryOut(action, subject, asOf)
  }

  /** Folds actions without effect at once. Effects wait until all that is folded is committed: their subject is asked again then. */
  function carryOut(action: Acts | Resolution, subject: Subject, asOf: Instant): void {
    const resolved = troubles.attempt(subject, partOf(action), () => agent.resolve?.(folding.next(), action, asOf))
    if ('threw' in resolved) return
    if (resolved.value) {
      folding.add({ ...resolved.value, touched: [...resolved.value.touched, subject] })
      troubles.clear(subject, partOf(action))
    } else if (pending.size > 0) pending.add(subject)
    else effects.begin(action as Acts, subject)
  }

  return (asOf, isResting) => {
    if (isResting && !agent.speaks) return false
    for (const subject of agenda.takeDue(asOf)) pending.add(subject)
    const waits = (subject: Subject) => isResting && !agent.speaks?.(subject)
    const waiting = [...pending].filter(waits)
    const asked = [...pending].filter((subject) => !waits(subject))
    pending.clear()
    for (const subject of asked) ask(subject, asOf)
    const isFolded = pending.size > 0
    for (const subject of waiting) pending.add(subject)
    return isFolded
  }
}
