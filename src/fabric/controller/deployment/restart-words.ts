import type { DeploymentRecord } from '../state/records/deployment.ts'
import type { InstanceRecord } from '../state/records/instance.ts'

/** Which restart of a running instance is due, and who asked for it (D-21); undefined when none is. */
export function restartWords(deployment: DeploymentRecord, instance: InstanceRecord): string | undefined {
  const { told, epochs, key } = instance
  if (deployment.wanted !== 'Running' || told.run !== 'Started' || epochs.guest === told.epochs.guest) return undefined
  const what = epochs.c > told.epochs.c ? 'rebuild' : epochs.d > told.epochs.d ? 'reimage' : 'reboot'
  const requests = deployment.waiting.flatMap(({ operation, until }) =>
    typeof until === 'object' && until.told === key ? [operation] : [],
  )
  return `${what} asked for ${requests.length === 0 ? 'before' : `by request ${requests.join(' and ')}`}`
}
