import type { Instant } from '../../../kernel/instant.ts'
import { withThrown as noteThrown, thrownAbout } from '../../../kernel/thrown.ts'
import { type FabricState, observe } from '../state/state.ts'
import { deploymentOf, type Subject } from '../subject.ts'
import { note, noteDeployment } from './events.ts'

/** The state after this part of a subject has thrown: a decision about it, or what is derived from its records and reports together with others'. */
export function withThrown(
  state: FabricState,
  subject: Subject,
  thought: 'decision' | 'rotation' | 'record' | 'report' | 'healing' | `goal of ${string}`,
  threw: string | undefined,
): FabricState {
  const thrown = noteThrown(state.observed.thrown, subject, thought, threw)
  return thrown === state.observed.thrown ? state : observe(state, { thrown })
}

/** Why a subject is set aside, in one sentence (F-27); undefined: it is not. */
export function asideWords({ observed }: FabricState, subject: Subject): string | undefined {
  const what = thrownAbout(observed.thrown, subject)
  if (what === undefined) return undefined
  const remedy = deploymentOf(subject) === undefined ? '' : ' It can be deleted.'
  return `Set aside because of a defect in the fabric: ${what}. It is tried again, later and later; everything else goes on.${remedy}`
}

/** Records which subjects were set aside between two states, and which are no longer (F-27, T-2). */
export function noteSetAside(before: FabricState, after: FabricState, now: Instant): FabricState {
  const [former, present] = [before.observed.thrown, after.observed.thrown]
  const changed = [...new Set([...former.keys(), ...present.keys()])].filter(
    (one) => former.get(one) !== present.get(one),
  )
  return changed.reduce((state, subject) => noteOne(state, subject, now), after)
}

function noteOne(state: FabricState, subject: Subject, now: Instant): FabricState {
  const words = asideWords(state, subject)
  const kind = words === undefined ? 'TakenUpAgain' : 'SetAside'
  const reason = words ?? 'what was set aside has been thought through'
  const deployment = state.stored.deployment.get(deploymentOf(subject) ?? '')
  return deployment
    ? noteDeployment(state, now, deployment, kind, reason)
    : note(state, now, { subject: subject.slice(subject.indexOf('/') + 1), kind, reason })
}
