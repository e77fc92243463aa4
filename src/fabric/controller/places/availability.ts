/** what a deployment's fault domains mean for its availability, as warnings. */
export function availabilityWarnings(faultDomains: readonly number[]): readonly string[] {
  if (faultDomains.length >= 2) return []
  return [
    'There is only one fault domain, so the availability commitment (two or more instances in different fault and upgrade domains, 99.95 %) cannot be met.',
  ]
}
