import type { Plan, WantedUpgrade } from '../../../service-management/updates.ts'
import type { Brought } from '../deployment/deployment-draft.ts'

/** What a person has chosen on the Upgrade page (M-3, M-7, and what stands under More). */
export interface UpgradeDraft {
  readonly mode: 'Auto' | 'Manual'
  /** All domains at once (U-36): apart from the modes of M-3. */
  readonly isSimultaneous: boolean
  /** '' for the whole service. */
  readonly role: string
  readonly label: string
  readonly force: boolean
  readonly onFailure: 'hold' | 'rollback' | 'continue'
}

export function newUpgrade(label: string): UpgradeDraft {
  return { mode: 'Auto', isSimultaneous: false, role: '', label, force: false, onFailure: 'hold' }
}

/** The request; undefined while package, configuration or label is lacking. */
export function wantedUpgrade(draft: UpgradeDraft, { packageUrl, configuration }: Brought): WantedUpgrade | undefined {
  if (packageUrl === undefined || configuration === undefined || draft.label.trim() === '') return undefined
  return {
    mode: draft.isSimultaneous ? 'Simultaneous' : draft.mode,
    packageUrl,
    configuration: new TextEncoder().encode(configuration),
    label: draft.label.trim(),
    role: draft.role === '' ? undefined : draft.role,
    force: draft.force,
    onFailure: draft.onFailure,
  }
}

/** Domains in which an endpoint is without any instance while they are down. */
export function interruptions({ domains }: Pick<Plan, 'domains'>): readonly number[] {
  return domains
    .filter(({ capacity }) => capacity.some(({ instances, left }) => instances > 0 && left === 0))
    .map(({ domain }) => domain)
}

/** Instances of a domain by what happens to them. */
export function byChange(
  instances: Plan['domains'][number]['instances'],
): readonly (readonly [Plan['domains'][number]['instances'][number]['change'], readonly string[]])[] {
  const changes = ['package', 'system', 'certificates', 'settings', 'none'] as const
  return changes.flatMap((change) => {
    const names = instances.filter((one) => one.change === change).map(({ name }) => name)
    return names.length === 0 ? [] : [[change, names] as const]
  })
}
