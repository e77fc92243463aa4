import type { Instant } from '../../../kernel/instant.ts'
import { noteDeployment } from '../history/events.ts'
import type { MessageOf } from '../message.ts'
import { type FabricState, observe } from '../state/state.ts'
import type { ControllerStep } from '../step.ts'
import { deploymentSubject } from '../subject.ts'

/** The balancer asks for the table, or has stopped asking. */
export function receiveBalancerPoll(state: FabricState, { open }: MessageOf<'balancerPoll'>): ControllerStep {
  const balancer = { ...state.observed.balancer, polling: open }
  return { state: observe(state, { balancer }), touched: whoLeaves(state) }
}

/**
 * What the balancer serves now: instances that leave the rotation wait for it. It may report the next table before its last report is answered, so in
 * one run a report of an older table may come after a newer one.
 */
export function receiveBalancerReport(
  state: FabricState,
  { report }: MessageOf<'balancerReport'>,
  now: Instant,
): ControllerStep {
  const known = state.observed.balancer.report
  if (known?.balancer === report.balancer && known.acknowledged > report.acknowledged) return { state, touched: [] }
  const former = known?.failed ?? {}
  const observed = observe(state, { balancer: { ...state.observed.balancer, report } })
  const noted = Object.entries(report.failed).reduce((before, [endpoint, why]) => {
    const deployment = state.stored.deployment.get(endpoint.split('/')[0] as string)
    return deployment && former[endpoint] !== why
      ? noteDeployment(before, now, deployment, 'EndpointFailed', why)
      : before
  }, observed)
  return { state: noted, touched: whoLeaves(state) }
}

function whoLeaves(state: FabricState): ControllerStep['touched'] {
  const deployments = new Set<string>()
  for (const key of state.observed.leaving.keys()) {
    const instance = state.stored.instance.get(key)
    if (instance) deployments.add(instance.deployment)
  }
  return [...deployments].map(deploymentSubject)
}
