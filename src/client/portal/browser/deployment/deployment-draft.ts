import type { WantedDeployment } from '../../../service-management/service-management.ts'

/** What a person has typed on the page for a new deployment. */
export interface DeploymentDraft {
  readonly name: string
  readonly label: string
  readonly start: boolean
  readonly treatWarningsAsError: boolean
}

/** What is still to be given. */
export type Lacking = 'package' | 'configuration' | 'name' | 'label'

export interface Brought {
  /** Address of the package in the Blob service. */
  readonly packageUrl: string | undefined
  /** Text of the .cscfg. */
  readonly configuration: string | undefined
}

export function newDraft(service: string, name: string, now: Date): DeploymentDraft {
  return { name, label: defaultLabel(service, now), start: true, treatWarningsAsError: false }
}

/** Service and time, where a version was given no label. */
export function defaultLabel(service: string, now: Date): string {
  return `${service} ${now.toISOString().slice(0, 19)}Z`
}

export function lackingOf(
  { name, label }: DeploymentDraft,
  { packageUrl, configuration }: Brought,
): readonly Lacking[] {
  const lacks: readonly (readonly [Lacking, boolean])[] = [
    ['package', packageUrl === undefined],
    ['configuration', configuration === undefined],
    ['name', name.trim() === ''],
    ['label', label.trim() === ''],
  ]
  return lacks.filter(([, isLacking]) => isLacking).map(([what]) => what)
}

/** The request; undefined while something is lacking. */
export function wantedDeployment(draft: DeploymentDraft, brought: Brought): WantedDeployment | undefined {
  const { packageUrl, configuration } = brought
  if (packageUrl === undefined || configuration === undefined || lackingOf(draft, brought).length > 0) return undefined
  return {
    name: draft.name.trim(),
    label: draft.label.trim(),
    packageUrl,
    configuration: new TextEncoder().encode(configuration),
    start: draft.start,
    treatWarningsAsError: draft.treatWarningsAsError,
  }
}

/** How a configuration does not fit a package, as far as names say it; the API says the rest (3.4). */
export function misfits(
  model: { readonly name: string; readonly roles: readonly { readonly name: string }[] },
  configuration: { readonly serviceName: string; readonly roles: readonly { readonly name: string }[] },
): readonly Misfit[] {
  const [declared, configured] = [model.roles, configuration.roles].map((roles) => roles.map(({ name }) => name))
  return [
    ...(model.name === configuration.serviceName
      ? []
      : [{ what: 'serviceName', name: configuration.serviceName, other: model.name } as const]),
    ...(configured ?? [])
      .filter((name) => !declared?.includes(name))
      .map((name) => ({ what: 'undeclared', name, other: '' }) as const),
    ...(declared ?? [])
      .filter((name) => !configured?.includes(name))
      .map((name) => ({ what: 'unconfigured', name, other: '' }) as const),
  ]
}

export interface Misfit {
  readonly what: 'serviceName' | 'undeclared' | 'unconfigured'
  readonly name: string
  readonly other: string
}
