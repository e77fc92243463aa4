import type { Plan } from '../service-management/updates.ts'
import { counted } from './counted.ts'
import { table } from './table.ts'

/** What happens to an instance, in the terms of a plan. */
const changes = {
  package: 'stops, gets the new package, starts',
  system: 'stops, gets the new guest OS, starts',
  certificates: 'recycles for its certificates',
  settings: 'is told the new settings; recycles only if it cancels',
  none: 'goes on untouched',
} as const

/** What an upgrade would do: the comparison, then each domain with its instances, its steps and what is left meanwhile. */
export function planLines(plan: Plan): readonly string[] {
  return [
    ...comparison(plan),
    ...plan.domains.flatMap((domain) => ['', ...domainLines(domain)]),
    ...comings('Instances that are added', plan.added),
    ...comings('Instances that are removed', plan.removed),
    ...(plan.warnings.length === 0 ? [] : ['', ...plan.warnings.map((warning) => `warning: ${warning}`)]),
  ]
}

/** Nothing of a plan that was refused before the models were compared. */
function comparison({ differences, policy, refusal }: Plan): readonly string[] {
  if (refusal && differences.length === 0) return []
  if (differences.length === 0) return [`Service model: the same as that of the deployment (policy ${policy}).`]
  return [`Service model: differs (policy ${policy}):`, ...differences.map((difference) => `  ${difference}`)]
}

function domainLines({ domain, instances, steps, capacity }: Plan['domains'][number]): readonly string[] {
  return [
    `Domain ${domain}`,
    ...table(instances.map(({ name, change }) => [`  ${name}`, changes[change]])),
    ...steps.map((step, ordinal) => `  ${ordinal + 1}. ${step}`),
    ...table(
      capacity.map(({ role, endpoint, port, instances: all, left }) => [
        `  ${role} ${endpoint}, port ${port}:`,
        `${left} of ${counted(all, 'instance')} stay in rotation`,
      ]),
    ),
  ]
}

function comings(what: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : ['', `${what}: ${names.join(', ')}`]
}
