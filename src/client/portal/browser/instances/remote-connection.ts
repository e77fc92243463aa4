import { textOfBase64 } from '../../../../front-end/contract/base64.ts'
import type { Deployment } from '../../../../front-end/contract/wire/deployment.ts'
import type { Instant } from '../../../../kernel/instant.ts'
import { own } from '../../../../kernel/own.ts'
import { readConfiguration } from '../../../../service-model/read-configuration.ts'

/** How an operator signs in to an instance (docs/guide/remote-access.md). */
export type RemoteConnection =
  /** Its role does not import RemoteAccess. */
  | { readonly kind: 'notImported' }
  /** It does, and Enabled is other than true. */
  | { readonly kind: 'off' }
  | {
      readonly kind: 'on'
      readonly user: string
      /** As the configuration has it; undefined when there is none. */
      readonly expiration: Instant | undefined
      /** What a terminal takes; undefined when no role of the deployment imports RemoteForwarder: the VIP leads to no instance then. */
      readonly command: string | undefined
    }

const remoteAccess = 'Microsoft.WindowsAzure.Plugins.RemoteAccess'
/** Its endpoint stands at the VIP and forwards to the instance that a user name names (P-23). */
const forwarder = 'Microsoft.WindowsAzure.Plugins.RemoteForwarder.RdpInput'

/** Of an instance of this deployment; undefined while its configuration is not known. */
export function remoteConnectionOf(
  { configuration, roleInstances }: Pick<Deployment, 'configuration' | 'roleInstances'>,
  instanceName: string,
): RemoteConnection | undefined {
  const instance = roleInstances.find((one) => one.instanceName === instanceName)
  const source = configuration === undefined ? undefined : textOfBase64(configuration)
  const roles = source === undefined ? undefined : readConfiguration(source).value?.roles
  if (!instance || !roles) return undefined
  const settings = roles.find(({ name }) => name === instance.roleName)?.settings
  const setting = (name: string) => own(settings, `${remoteAccess}.${name}`)
  const enabled = setting('Enabled')
  if (enabled === undefined) return { kind: 'notImported' }
  if (enabled.trim().toLowerCase() !== 'true') return { kind: 'off' }
  const user = setting('AccountUsername') ?? ''
  const expiration = momentOf(setting('AccountExpiration')?.trim() ?? '')
  const entrance = roleInstances.flatMap(({ endpoints }) => endpoints ?? []).find(({ name }) => name === forwarder)
  const name = `${user}#${instance.roleName}#${instance.instanceName}`
  return {
    kind: 'on',
    user,
    expiration,
    command: entrance && `ssh -p ${entrance.publicPort} ${quoted(name)}@${entrance.vip}`,
  }
}

/** Without an offset it is UTC, as the agent in the instance reads it. */
function momentOf(text: string): Instant | undefined {
  const moment = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)
  return Number.isNaN(moment) ? undefined : moment
}

/** One word of a shell, whatever stands in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
