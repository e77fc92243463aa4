import type { Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import { together } from '../../kernel/together.ts'
import type { HostAction } from './action.ts'
import { answers } from './decide/answers.ts'
import { isolation } from './decide/isolation.ts'
import { listen } from './decide/listen.ts'
import { makeDisks } from './decide/make-disks.ts'
import { openPorts } from './decide/open-ports.ts'
import { overfull } from './decide/overfull.ts'
import { heldPackage } from './decide/package.ts'
import { prepare } from './decide/prepare.ts'
import { remove } from './decide/remove.ts'
import { report } from './decide/report.ts'
import { roads } from './decide/roads.ts'
import { runs, silence } from './decide/silence.ts'
import { start } from './decide/start.ts'
import { stop } from './decide/stop.ts'
import type { HostSubject } from './message.ts'
import type { Question } from './question.ts'
import type { HostState } from './state.ts'

/**
 * What is due for a container: the first question that has an answer. A wire server comes first, because a running guest needs it to hear anything.
 * Then the guest is stopped if it should not run, harms its neighbours or is silent. Steps that may fail again and again come later: opening its
 * ports and making its disks. Without processes it is removed, prepared, or started, in that order.
 */
const questions: readonly Question[] = [
  listen,
  stop,
  overfull,
  silence,
  openPorts,
  makeDisks,
  runs,
  remove,
  prepare,
  start,
]

export function decide(state: HostState, subject: HostSubject, now: Instant): Decision<HostAction> {
  if (subject === 'host') return together([() => isolation(state), () => report(state, now), () => answers(state)])
  if (subject === 'roads') return roads(state, now)
  const [, kind, id] = /^(package|container):(.*)$/.exec(subject) ?? []
  if (kind === 'package') return heldPackage(state, id as string, now)
  const container = state.containers.get(id as string)
  if (!container) return { actions: [] }
  const { trouble } = container
  if (trouble && now < trouble.retryAt) return { actions: [], wakeAt: trouble.retryAt }
  for (const question of questions) {
    const decision = question(state, container, now)
    if (decision) return decision
  }
  return { actions: [] }
}
