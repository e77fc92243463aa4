import type { Command } from '../../fabric/contract/commands.ts'

/**
 * Names of what an operation's record tells of its request (S-2). Whatever is not named here is not told: configurations hold
 * connection strings, and passwords, keys and private configurations must never appear.
 */
const names: Readonly<Record<string, string>> = {
  service: 'serviceName',
  slot: 'deploymentSlot',
  name: 'deploymentName',
  instance: 'roleInstanceName',
  group: 'affinityGroupName',
  affinityGroup: 'affinityGroupName',
  location: 'location',
  label: 'label',
  packageUrl: 'packageUrl',
  containerUrl: 'containerUri',
  overwrite: 'overwriteExisting',
  start: 'startDeployment',
  treatWarningsAsError: 'treatWarningsAsError',
  status: 'status',
  mode: 'mode',
  role: 'roleToUpgrade',
  force: 'force',
  onFailure: 'onFailure',
  domain: 'upgradeDomain',
  production: 'production',
  source: 'sourceDeployment',
  instances: 'roleInstances',
  withDeployments: 'withDeployments',
  thumbprint: 'thumbprint',
  certificates: 'thumbprints',
  extension: 'extensionId',
  host: 'hostName',
  reservedAddress: 'reservedIPName',
}

/** What is told of a command: its plain values by the names of the API. Signatures of addresses are cut off. */
export function parametersOf(subscriptionId: string, command: Command): Readonly<Record<string, string>> {
  const { kind: _, ...given } = command
  const fields = 'deployment' in given ? { ...given.deployment, ...given } : given
  const told = Object.entries(fields).flatMap(([field, value]) => {
    const name = names[field]
    const text = name === undefined ? undefined : textOf(value)
    return text === undefined ? [] : [[name as string, text] as const]
  })
  return { subscriptionID: subscriptionId, ...Object.fromEntries(told) }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return /^https?:/i.test(value) ? value.replace(/\?.*/s, '') : value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.map(idOf).join(' ')
  return value === undefined ? undefined : idOf(value)
}

/** A certificate or an extension is told by what names it, and by nothing else. */
function idOf(value: unknown): string {
  if (typeof value === 'string') return value
  const { thumbprint, id } = value as { readonly thumbprint?: string; readonly id?: string }
  return id ?? thumbprint ?? ''
}
