import type { Decision } from '../../kernel/agent.ts'
import type { Instant } from '../../kernel/instant.ts'
import { together } from '../../kernel/together.ts'
import type { PoolQuestion, W3svcAction } from './action.ts'
import { kill } from './decide/kill.ts'
import { look } from './decide/look.ts'
import { retire } from './decide/retire.ts'
import { start } from './decide/start.ts'
import { tell } from './decide/tell.ts'
import type { W3svcSubject } from './receive.ts'
import type { W3svcState } from './state.ts'

const questions: readonly PoolQuestion[] = [tell, kill, retire, start, look]

export function decide(state: W3svcState, subject: W3svcSubject, now: Instant): Decision<W3svcAction> {
  const pool = state.pools.get(subject)
  return pool ? together(questions.map((question) => () => question(pool, now))) : { actions: [] }
}
