import type { Deployment } from '../../../../front-end/contract/wire/deployment.ts'
import type { Slot } from '../../../service-management/answers.ts'

/** A condition of a swap, and whether it holds now. The API asks them again. */
export interface SwapCheck {
  readonly what: 'staging' | 'endpoints' | 'rest' | 'ready' | 'reserved'
  readonly holds: boolean
  /** What was found, for the check's sentence. */
  readonly found: Readonly<Record<string, string | number>>
  /** Those for which it does not hold, where that is said. */
  readonly slots?: readonly Slot[]
}

/** What of a deployment the conditions are about. */
export type Swapped = Pick<Deployment, 'slot' | 'roleInstances' | 'upgradeStatus' | 'locked' | 'reservedIPName'>

/** The conditions of U-57 to U-61, from what Get Deployment says of both slots. An empty production slot needs no comparison. */
export function swapChecks(production: Swapped | undefined, staging: Swapped | undefined): readonly SwapCheck[] {
  const both = [production, staging].filter((one) => one !== undefined)
  const updated = both.filter(({ upgradeStatus, locked }) => upgradeStatus !== undefined || locked === true)
  const unready = both.flatMap(({ roleInstances }) =>
    roleInstances.filter(({ instanceStatus }) => instanceStatus !== 'ReadyRole'),
  )
  const checks: SwapCheck[] = [
    { what: 'staging', holds: staging !== undefined, found: {} },
    { what: 'rest', holds: updated.length === 0, found: {}, slots: updated.map(({ slot }) => slot) },
    {
      what: 'ready',
      holds: unready.length === 0,
      found: {
        count: unready.length,
        instances: unready
          .slice(0, mostNamed)
          .map(({ instanceName, instanceStatus }) => `${instanceName} (${instanceStatus})`)
          .join(', '),
      },
    },
  ]
  if (!production || !staging) return checks
  const [here, there] = [endpointsOf(production), endpointsOf(staging)]
  return [
    ...checks,
    { what: 'endpoints', holds: here === there, found: { production: here, staging: there } },
    {
      what: 'reserved',
      holds: (production.reservedIPName === undefined) === (staging.reservedIPName === undefined),
      found: { production: production.reservedIPName ?? '–', staging: staging.reservedIPName ?? '–' },
    },
  ]
}

/** Instances that a check names; the count says how many there are. */
const mostNamed = 3

/** Public endpoints of the definition (U-59): every instance of a role has all of the role's. */
function endpointsOf({ roleInstances }: Pick<Deployment, 'roleInstances'>): number {
  const names = roleInstances.flatMap(({ roleName, endpoints = [] }) =>
    endpoints.filter(({ publicPort }) => publicPort !== undefined).map(({ name }) => `${roleName}/${name}`),
  )
  return new Set(names).size
}
