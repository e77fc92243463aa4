import type { HostGoal } from '../../../host/contract/goal.ts'
import { goalAndDefects } from '../deployment/goals.ts'
import { isNews } from '../seen/goal-given.ts'
import { goalVersionOf } from '../state/goal-versions.ts'
import { hear } from './hear.ts'
import type { Next, Sight } from './next.ts'

/** A host's long poll: its goal as soon as one is newer than `after`; undefined when none came in time. */
export function goalPoll(
  sight: Sight,
  host: string,
  { after, waitMs }: { readonly after: number; readonly waitMs: number },
): Next<HostGoal | undefined> {
  return hear(sight, host, after, () => ({
    kind: 'hold',
    until: (state) => goalVersionOf(state, host) > after,
    limitMs: waitMs,
    goOn: ({ state }, end) => (end === 'so' ? give(state, host) : { kind: 'say', answer: undefined }),
  }))
}

function give(state: Sight['state'], host: string): Next<HostGoal> {
  const { goal, threw } = goalAndDefects(state, host)
  return {
    kind: 'say',
    notes: [{ kind: 'given', party: host, version: goal.version }],
    messages: isNews(state, { host, threw }) ? [{ kind: 'goalGiven', host, threw }] : [],
    answer: goal,
  }
}
