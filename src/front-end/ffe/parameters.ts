import type { Command } from '../../fabric/contract/commands.ts'
import type { GivenText, NameKind } from '../../fabric/contract/given-text.ts'

/**
 * Names of the parts of a request in its operation record (S-2). Parts not named here are left out: configurations contain
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

/** Whose names the fields are that hold some. */
const kinds: Readonly<Record<string, NameKind>> = {
  service: 'service',
  name: 'deployment',
  production: 'deployment',
  source: 'deployment',
  instance: 'instance',
  instances: 'instance',
  role: 'role',
  group: 'group',
  affinityGroup: 'group',
  extension: 'extension',
  host: 'host',
  reservedAddress: 'reservedAddress',
}

/** The recorded part of a command: its plain values by the names of the API. Signatures of addresses are cut off. */
export function parametersOf(subscriptionId: string, command: Command): Readonly<Record<string, GivenText>> {
  const { kind: _, ...given } = command
  const fields = 'deployment' in given ? { ...given.deployment, ...given } : given
  const told = Object.entries(fields).flatMap(([field, value]) => {
    const name = names[field]
    const text = name === undefined ? undefined : textOf(value, kinds[field])
    return text === undefined ? [] : [[name as string, text] as const]
  })
  return { subscriptionID: subscriptionId, ...Object.fromEntries(told) }
}

function textOf(value: unknown, of: NameKind | undefined): GivenText | undefined {
  if (value === undefined) return undefined
  const texts = [value].flat().map(plainText)
  if (of === undefined) return texts.join(' ')
  return texts.flatMap((name, at) => [...(at === 0 ? [] : [' ']), { of, name }])
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return /^https?:/i.test(value) ? value.replace(/\?.*/s, '') : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : idOf(value)
}

/** A certificate or an extension is recorded by its name, and by nothing else. */
function idOf(value: unknown): string {
  const { thumbprint, id } = value as { readonly thumbprint?: string; readonly id?: string }
  return id ?? thumbprint ?? ''
}
