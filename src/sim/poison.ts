import type { Action, Agent } from '../kernel/agent.ts'

/** Subjects for which an agent throws: a real defect hits any subject, this one the subjects that a storm chooses (F-27). */
export interface Poison {
  /** From now on, decisions of that party about the subject throw, or outcomes of its actions do. */
  give(party: string, subject: string, during: During): void
  /** They no longer throw. */
  end(party: string, subject: string): void
  endAll(): void
  /** What throws for the subject now. */
  of(party: string, subject: string): During | undefined
  /** True: its decisions throw, or have thrown. */
  isChosen(party: string, subject: string): boolean
  /** Subjects of the party for which something throws now. */
  subjects(party: string): readonly string[]
}

type During = 'decide' | 'settle'

export function noPoison(): Poison {
  const now = new Map<string, During>()
  const chosen = new Set<string>()
  const name = (party: string, subject: string) => `${party} ${subject}`
  return {
    give(party, subject, during) {
      now.set(name(party, subject), during)
      chosen.add(name(party, subject))
    },
    end: (party, subject) => void now.delete(name(party, subject)),
    endAll: () => now.clear(),
    of: (party, subject) => now.get(name(party, subject)),
    isChosen: (party, subject) => chosen.has(name(party, subject)),
    subjects: (party) =>
      [...now.keys()].flatMap((one) => (one.startsWith(`${party} `) ? [one.slice(party.length + 1)] : [])),
  }
}

/** The state with fields that throw when they are read: in an agent that asks its questions one by one, only questions that read them throw. */
export function withBadFields<State extends object>(state: State, ...fields: readonly (keyof State & string)[]): State {
  const throwing = (field: string) => ({
    get() {
      throw new Error(`${field} is poisoned`)
    },
  })
  return Object.defineProperties({ ...state }, Object.fromEntries(fields.map((field) => [field, throwing(field)])))
}

/** The agent with a defect: it throws where `throws` says so. */
export function poisoned<
  State,
  Message,
  Subject extends string,
  Acts extends Action,
  Outcome,
  Resolution extends Action = never,
>(
  agent: Agent<State, Message, Subject, Acts, Outcome, Resolution>,
  subjectOf: (action: Acts | Resolution) => Subject | undefined,
  throws: (state: State, subject: Subject) => During | undefined,
): Agent<State, Message, Subject, Acts, Outcome, Resolution> {
  function throwIfPoisoned(state: State, action: Acts | Resolution): void {
    const subject = subjectOf(action)
    if (subject !== undefined && throws(state, subject) === 'settle')
      throw new Error(`what comes of an action about ${subject} is poisoned`)
  }

  return {
    ...agent,
    decide(state, subject, now) {
      if (throws(state, subject) === 'decide') throw new Error(`the decision about ${subject} is poisoned`)
      return agent.decide(state, subject, now)
    },
    resolve(state, action, now) {
      throwIfPoisoned(state, action)
      return agent.resolve?.(state, action, now)
    },
    settle(state, action, outcome, now) {
      throwIfPoisoned(state, action)
      return agent.settle(state, action, outcome, now)
    },
  }
}
