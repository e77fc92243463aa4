import type { Health } from '../guest/contract/health.ts'
import type { GuestGoal } from './guest-goal.ts'
import type { RoleRoots } from './role-roots.ts'

/** What the guest agent says of its role. */
export type Phase =
  | 'booting'
  | 'CreatingRole'
  | 'FailedStartingRole'
  | 'StartingRole'
  | 'BusyRole'
  | 'Ready'
  | 'CyclingRole'
  | 'StoppingRole'
  | 'RestartingRole'
  | 'Stopped'

interface Situation {
  readonly phase: Phase
  readonly goal: GuestGoal
  readonly accepted: GuestGoal | undefined
  /** Exits in a row, for the words. */
  readonly failures: number
  readonly roots: Pick<RoleRoots, 'stands' | 'faultOf'>
}

type Said = Omit<Health, 'containerId' | 'instanceId' | 'failures'>

/** Ready speaks of the goal that the role has accepted; anything else of the newest in hand (wire-server.md 9). */
export function healthOf({ phase, goal, accepted, failures, roots }: Situation): Said {
  const prepared = preparation(goal, roots)
  if (phase === 'Ready' && accepted) return { goalStateIncarnation: accepted.incarnation, state: 'Ready', ...prepared }
  const common = { goalStateIncarnation: goal.incarnation, ...prepared }
  if (phase === 'Stopped') return { ...common, state: 'Stopped' }
  const description = wordsOf(phase, failures, roots.faultOf(goal.root))
  return { ...common, state: 'NotReady', subStatus: phase, description }
}

function preparation(
  { root, next }: GuestGoal,
  { stands, faultOf }: Situation['roots'],
): Pick<Health, 'prepared' | 'prepareFault'> {
  if (next && stands(next)) return { prepared: next.sha256 }
  const prepareFault = faultOf(root) ?? (next && faultOf(next))
  return prepareFault === undefined ? {} : { prepareFault }
}

/** T-6, without the time. */
function wordsOf(phase: Phase, failures: number, fault = ''): string {
  const starts = phase === 'StartingRole' || phase === 'BusyRole'
  if (phase === 'FailedStartingRole') return `Preparing to start role... ${fault}`
  if (phase === 'CyclingRole') return 'Role has encountered an error and has stopped... System is initializing.'
  if (starts) return `${failures > 0 ? 'Recovering role' : 'Starting role'}... System is initializing.`
  return ''
}
