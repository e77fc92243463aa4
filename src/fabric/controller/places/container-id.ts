import type { InstanceRecord } from '../state/records/instance.ts'

/**
 * A GUID for the guest of one placement of one instance: the deployment's own ID, the epoch, and in the last group role, number, version in which the
 * instance came, and placement. A deployment has at most 25 roles. An instance that was removed and added again gets a new guest, also when a
 * restored store has forgotten the first.
 */
export function containerId(
  deploymentId: string,
  epoch: number,
  role: number,
  { index, addedIn, placement }: Pick<InstanceRecord, 'index' | 'addedIn' | 'placement'>,
): string {
  const last = hex(role, 2) + hex(index, 4) + hex(addedIn, 3) + hex(placement, 3)
  return [deploymentId.slice(0, 8), deploymentId.slice(8, 12), deploymentId.slice(12, 16), hex(epoch, 4), last].join(
    '-',
  )
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0').slice(-digits)
}
