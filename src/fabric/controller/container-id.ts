/**
 * A GUID for the guest of one placement of one instance: the deployment's own ID, with role, number and placement in the last group.
 * A deployment has at most 25 roles.
 */
export function containerId(deploymentId: string, role: number, index: number, placement: number): string {
  const last = hex(role, 2) + hex(index, 6) + hex(placement, 4)
  return [
    deploymentId.slice(0, 8),
    deploymentId.slice(8, 12),
    deploymentId.slice(12, 16),
    deploymentId.slice(16, 20),
    last,
  ].join('-')
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0').slice(-digits)
}
