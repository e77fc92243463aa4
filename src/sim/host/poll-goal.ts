import type { HostGoal } from '../../host/contract/goal.ts'
import type { Fault } from '../../kernel/fault.ts'
import type { Poll } from '../controller/answers.ts'
import type { AgentRun } from '../wire.ts'
import { answerLimitMs } from './facilities-of.ts'
import type { HostSite } from './site.ts'
import { roadsOf } from './witnesses.ts'

const goalPollMs = 30_000

/** Until it asks again whether its goal stands, while it has not registered. */
const pauseMs = 200

/** Asks for the goal again and again, as long as this run of the agent lives. */
export function pollGoal(site: HostSite, run: AgentRun): void {
  const { name, clock, parts } = site
  const { controllers, timers } = parts
  let isOver = false
  const isOld = () => isOver || site.run() !== run
  if (isOld()) return
  const { goal, contact, reporting } = run.driver.state()
  const after = goal.version
  const registration = reporting.registrations
  const waitMs = contact ? 0 : goalPollMs
  const sentAt = site.hearing.sentNow()
  controllers.ask<Poll<HostGoal>>({
    from: name,
    limitMs: waitMs + answerLimitMs,
    waitMs,
    serve: (controller, answer) => controller.goal(name, after, waitMs, answer),
    ended: (poll) => run.own.whenRunning(() => goOnWith(poll)),
  })
  // A new registration ends the poll (host/agent/follow-goal.ts); among several machines it makes a difference.
  const registersAnew = () => run.driver.state().reporting.registrations !== registration
  const isAmongOthers = roadsOf(site) !== undefined
  run.waiting.until(
    () => isOver || (isAmongOthers && registersAnew()),
    waitMs + answerLimitMs,
    () => {
      if (!isAmongOthers || isOld()) return
      isOver = true
      pollGoal(site, run)
    },
  )
  function goOnWith(poll: Poll<HostGoal> | undefined): void {
    if (isOver) return
    isOver = true
    const again = (delayMs: number) => clock.schedule(clock.now() + delayMs, () => pollGoal(site, run))
    if (poll) site.hearing.heard(sentAt)
    const goOn = (fault: Fault | undefined) => (fault ? again(timers.heartbeatInterval) : pollGoal(site, run))
    if (poll && contact && !poll.news) run.driver.deliver({ kind: 'goalStands', registration })
    if (!poll?.news) again(poll ? (contact ? pauseMs : 0) : timers.heartbeatInterval)
    else if (site.run() === run)
      run.driver.deliver({ kind: 'goal', goal: { ...poll.news, roads: roadsOf(site) }, registration }, goOn)
  }
}
