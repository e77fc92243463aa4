import type { HostAction, HostOutcome } from '../../host/agent/action.ts'
import type { WitnessSaid } from '../../host/agent/witness-said.ts'
import { firstAskMs } from '../../host/contract/cut-off.ts'
import type { Road } from '../../host/contract/goal.ts'
import { lookEveryMs } from '../../kernel/lapse.ts'
import type { AgentRun } from '../wire.ts'
import type { HostSite } from './site.ts'

/** Looks again and again, as long as this run of the agent lives. */
export function watchHearing(site: HostSite, run: AgentRun): void {
  if (site.parts.others().length === 0) return
  const look = () => {
    if (site.run() !== run) return
    const ms = site.hearing.unansweredMs()
    if (ms >= firstAskMs(site.parts.timers)) run.driver.deliver({ kind: 'unanswered', ms })
    run.own.schedule(run.own.now() + lookEveryMs, look)
  }
  look()
}

/** The ways to the other machines, as the controller gives them in each goal. */
export function roadsOf({ parts }: HostSite): readonly Road[] | undefined {
  const others = parts.others()
  if (others.length === 0) return undefined
  return others.map(({ name }) => ({ name, subnet: '', address: name }))
}

/** Asks every other machine; a dead process refuses, a dead machine does not answer. */
export function askWitnesses(
  { name, parts }: HostSite,
  { roads }: Extract<HostAction, { kind: 'askWitnesses' }>,
  end: (outcome: HostOutcome) => void,
): void {
  const said: WitnessSaid[] = []
  const asked = roads.map((road) => road.name)
  const limitMs = parts.timers.heartbeatInterval
  const begun = parts.clock.now()
  for (const machine of asked) {
    const other = parts.others().find((one) => one.name === machine)
    parts.network.ask<WitnessSaid>({
      from: name,
      to: machine,
      limitMs,
      serve: (answer) => other?.witness(answer),
      ended(answer) {
        const refuses = parts.clock.now() < begun + limitMs && other?.machine.hasPower()
        said.push(answer ?? { machine, kind: refuses ? 'down' : 'silent' })
        if (said.length === asked.length) end({ kind: 'witnesses', said })
      },
    })
  }
}
