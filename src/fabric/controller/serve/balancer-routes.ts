import { fabricPaths, party } from '../../contract/paths.ts'
import type { RotationReport } from '../../contract/rotation.ts'
import { rotationOf } from '../rotation/rotation.ts'
import { defectAnswer, type Route } from './route.ts'
import { hear, pollOf, type Serving } from './serving.ts'

/** The rotation table, long-polled, and what the balancer serves of it. While it polls, stops wait for its acknowledgement. */
export function balancerRoutes(serving: Serving): readonly Route[] {
  const { driver, watch, given } = serving
  const allows = (peer: string) => peer === party.loadBalancer
  const presence = presenceOf(serving)
  return [
    {
      method: 'GET',
      path: fabricPaths.rotation,
      allows,
      async handle({ query, signal }) {
        const { after, waitMs } = pollOf(query)
        await presence.came()
        await hear(serving, party.loadBalancer, after)
        const newer = await watch.until((state) => state.observed.rotation.version > after, waitMs, signal)
        presence.left(signal.aborted)
        if (!newer) return undefined
        const table = rotationOf(driver.state())
        given.gave(party.loadBalancer, table.version)
        return { json: table }
      },
    },
    {
      method: 'POST',
      path: fabricPaths.rotationReport,
      allows,
      async handle({ body }) {
        const report = body as RotationReport
        await hear(serving, party.loadBalancer, report.acknowledged)
        return defectAnswer(await driver.deliver({ kind: 'balancerReport', report }))
      },
    },
  ]
}

/** Whether a balancer is there: between two polls it is, for as long as it takes to ask again. */
function presenceOf({ driver, clock }: Serving) {
  let polls = 0
  return {
    async came(): Promise<void> {
      polls += 1
      if (!driver.state().observed.balancer.polling) await driver.deliver({ kind: 'balancerPoll', open: true })
    },
    left(atOnce: boolean): void {
      polls -= 1
      const gone = () => {
        if (polls === 0) void driver.deliver({ kind: 'balancerPoll', open: false })
      }
      if (atOnce) gone()
      else clock.schedule(clock.now() + driver.state().facts.timers.rotationOutLimit, gone)
    },
  }
}
