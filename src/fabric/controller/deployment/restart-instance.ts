import { fine, type Result, refused } from '../../../kernel/fault.ts'
import type { Accepted, CommandOf, Request } from '../commands/accepted.ts'
import { isHalted } from '../servicing/covers.ts'
import { findDeployment, instancesOf, sameName } from '../state/find.ts'
import { put } from '../state/keep.ts'
import type { Epochs } from '../state/records/instance.ts'
import type { FabricState } from '../state/state.ts'
import { deploymentSubject } from '../subject.ts'
import { lockFault } from '../update/lock.ts'

/** Table 3.1: the drives that each operation rebuilds; all of them restart the guest. */
const rebuilt = {
  rebootInstance: { guest: 1, c: 0, d: 0, e: 1 },
  reimageInstance: { guest: 1, c: 0, d: 1, e: 1 },
  rebuildInstance: { guest: 1, c: 1, d: 1, e: 1 },
} as const

/** Reboot, reimage and rebuild of one instance (D-22). */
export function restartInstance(
  state: FabricState,
  command: CommandOf<keyof typeof rebuilt>,
  { requestId, subscriptionId, now }: Request,
): Result<Accepted> {
  const found = findDeployment(state, subscriptionId, command.deployment)
  if (!found.ok) return found
  const deployment = found.value
  const locked = lockFault(deployment)
  if (locked) return { ok: false, fault: locked }
  const instance = instancesOf(state, deployment.id).find(({ name }) => sameName(name, command.instance))
  if (!instance) return refused('ResourceNotFound', `The role instance '${command.instance}' does not exist.`)
  if (deployment.wanted !== 'Running')
    return refused(
      'ConflictError',
      `The deployment ${deployment.name} is not running: start it before its role instances are restarted.`,
    )
  if (isHalted(deployment, instance))
    return refused(
      'ConflictError',
      `The role instance ${instance.name} is stopped for the drain of ${instance.host}, and cannot be restarted: it starts anew ${deployment.servicing?.stage === 'Leaving' ? 'on another host' : 'when the host is given back'}.`,
    )
  const waiting = [...deployment.waiting, { operation: requestId, until: { told: instance.key } }]
  return fine({
    changes: [
      put('deployment', deployment.id, { ...deployment, waiting, modifiedAt: now }),
      put('instance', instance.key, { ...instance, epochs: grown(instance.epochs, rebuilt[command.kind]) }),
    ],
    touched: [deploymentSubject(deployment.id)],
    ended: false,
  })
}

function grown(epochs: Epochs, by: Epochs): Epochs {
  return { guest: epochs.guest + by.guest, c: epochs.c + by.c, d: epochs.d + by.d, e: epochs.e + by.e }
}
