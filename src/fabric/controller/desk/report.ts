import type { HostFacts, HostReport } from '../../../host/contract/report.ts'
import { refused } from '../../../kernel/fault.ts'
import type { RotationReport } from '../../contract/rotation.ts'
import { subnetConflict } from '../places/subnets.ts'
import { isAcknowledged } from '../rotation/balancers.ts'
import { isKnownHost } from '../seen/known-host.ts'
import { isSynchronised } from '../seen/status.ts'
import { hear } from './hear.ts'
import type { Next, Refusal, Sight } from './next.ts'
import { refusalOf, takeIn } from './take-in.ts'

/** A host registers. With another host's subnet it is refused, and was not taken in (seen/registration.ts). */
export function registration(facts: HostFacts): Next<Refusal | undefined> {
  return {
    kind: 'tell',
    message: { kind: 'register', facts },
    goOn({ state }, fault) {
      if (fault) return { kind: 'say', answer: refusalOf(fault) }
      const conflict = subnetConflict(state, facts)
      return { kind: 'say', answer: conflict === undefined ? undefined : conflicting(conflict) }
    },
  }
}

/** A report in which an instance leaves Ready is answered when it is out of rotation, or after rotationOutLimit (L-1, H-27). */
export function hostReport({ state }: Sight, host: string, report: HostReport): Next<Refusal | undefined> {
  if (!isKnownHost(state, host, report.agentRun)) return { kind: 'say', answer: unregistered(host) }
  const before = state.observed.rotation.version
  return {
    kind: 'tell',
    message: { kind: 'report', host, report },
    goOn({ state: after }, fault) {
      if (fault) return { kind: 'say', answer: refusalOf(fault) }
      // The host was declared lost while this report waited for a slow commit: instances not in it are unknown now.
      if (!isSynchronised(after, host)) return { kind: 'say', answer: unregistered(host) }
      const { version } = after.observed.rotation
      const someLeave = report.instances.some(({ status }) => status !== 'ReadyRole')
      if (version === before || !someLeave) return { kind: 'say', answer: undefined }
      return {
        kind: 'hold',
        until: (now) => isAcknowledged(now, version),
        limitMs: after.facts.timers.rotationOutLimit,
        goOn: () => ({ kind: 'say', answer: undefined }),
      }
    },
  }
}

function unregistered(host: string): Refusal {
  return conflicting(`the host ${host} has not registered with this controller: register first`)
}

function conflicting(message: string): Refusal {
  return { refused: refused('ConflictError', message).fault, status: 409 }
}

/** A load balancer says what it serves; `balancer` is the name in its certificate. */
export function rotationReport(sight: Sight, balancer: string, report: RotationReport): Next<Refusal | undefined> {
  return hear(sight, balancer, report.acknowledged, () => takeIn({ kind: 'balancerReport', balancer, report }))
}
