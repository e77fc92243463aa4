import type { Instant } from '../../../kernel/instant.ts'
import { own } from '../../../kernel/own.ts'
import { noteDeployment } from '../history/events.ts'
import type { MessageOf } from '../message.ts'
import { type Balancer, type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'
import { withTakenVips } from './taken-vips.ts'

/** A balancer asks for the table, or has stopped asking. */
export function receiveBalancerPoll(state: FabricState, { balancer, open }: MessageOf<'balancerPoll'>): ControllerStep {
  return { state: withBalancer(state, balancer, { polling: open }), touched: whoLeaves(state) }
}

/**
 * What a balancer serves now: instances that leave the rotation wait for it. It may report the next table before its last report is answered, so in
 * one run a report of an older table may come after a newer one. What several balancers say of one endpoint is noted once.
 */
export function receiveBalancerReport(
  state: FabricState,
  { balancer, report }: MessageOf<'balancerReport'>,
  now: Instant,
): ControllerStep {
  const known = state.observed.balancers.get(balancer)?.report
  if (known?.balancer === report.balancer && known.acknowledged > report.acknowledged) return { state, touched: [] }
  const former = [...state.observed.balancers.values()].flatMap(({ report }) => report ?? [])
  const noted = Object.entries(report.failed).reduce(
    (before, [endpoint, why]) => {
      const deployment = state.stored.deployment.get(endpoint.split('/')[0] as string)
      return deployment && !former.some(({ failed }) => own(failed, endpoint) === why)
        ? noteDeployment(before, now, deployment, 'EndpointFailed', why)
        : before
    },
    withBalancer(withTakenVips(state, report, now), balancer, { report }),
  )
  return { state: noted, touched: whoLeaves(state) }
}

function withBalancer(state: FabricState, name: string, change: Partial<Balancer>): FabricState {
  const { balancers } = state.observed
  return observe(state, { balancers: balancers.update(name, { polling: false }, (known) => ({ ...known, ...change })) })
}

function whoLeaves(state: FabricState): ControllerStep['touched'] {
  const deployments = new Set<string>()
  for (const key of state.observed.leaving.keys()) {
    const instance = state.stored.instance.get(key)
    if (instance) deployments.add(instance.deployment)
  }
  return [...deployments].map(deploymentSubject)
}
