import type { HostGoal } from '../../host/contract/goal.ts'
import type { Fault } from '../../kernel/fault.ts'
import type { Poll } from '../controller/answers.ts'
import type { AgentRun } from '../wire.ts'
import { answerLimitMs } from './facilities-of.ts'
import type { HostSite } from './site.ts'

const goalPollMs = 30_000

/** Asks for the goal again and again, as long as this run of the agent lives. */
export function pollGoal(site: HostSite, run: AgentRun): void {
  const { name, clock, parts } = site
  const { controllers, timers } = parts
  const isOver = () => site.run() !== run
  if (isOver()) return
  const after = run.driver.state().goal.version
  controllers.ask<Poll<HostGoal>>({
    from: name,
    limitMs: goalPollMs + answerLimitMs,
    waitMs: goalPollMs,
    serve: (controller, answer) => controller.goal(name, after, goalPollMs, answer),
    ended: (poll) => run.own.whenRunning(() => goOnWith(poll)),
  })
  function goOnWith(poll: Poll<HostGoal> | undefined): void {
    const again = (delayMs: number) => clock.schedule(clock.now() + delayMs, () => pollGoal(site, run))
    const goOn = (fault: Fault | undefined) => (fault ? again(timers.heartbeatInterval) : pollGoal(site, run))
    if (!poll?.news) again(poll ? 0 : timers.heartbeatInterval)
    else if (!isOver()) run.driver.deliver({ kind: 'goal', goal: poll.news }, goOn)
  }
}
