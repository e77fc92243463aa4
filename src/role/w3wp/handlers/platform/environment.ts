import { expandVariables, meant } from '../../../../service-model/command-line/expand.ts'
import { roleVariables } from '../../../contract/variables.ts'
import { inherited } from '../program/inherited.ts'
import type { PlatformSettings } from './settings.ts'

/** What one run of a program receives. */
export interface Run {
  readonly port: number
  /** Sent with each of our requests, so that the program can distinguish them from others (I-46). */
  readonly token: string
}

export interface Application {
  readonly path: string
  readonly physicalPath: string
}

/**
 * What a program finds in its environment (I-33, I-46). `%NAME%` of its own variables is filled in, with the port's too. A Node program that listens at "all
 * addresses" would be given the instance's by the role's preload: here that is loopback.
 */
export function platformEnvironment(
  { module, variables }: PlatformSettings,
  { path, physicalPath }: Application,
  { port, token }: Run,
): Readonly<Record<string, string>> {
  const own = {
    ...(module === 'httpPlatformHandler'
      ? { HTTP_PLATFORM_PORT: String(port) }
      : {
          ASPNETCORE_PORT: String(port),
          ASPNETCORE_TOKEN: token,
          ASPNETCORE_APPL_PATH: path,
          ASPNETCORE_IIS_PHYSICAL_PATH: physicalPath,
          ASPNETCORE_IIS_HTTPAUTH: 'anonymous;',
          ASPNETCORE_IIS_WEBSOCKETS_SUPPORTED: 'true',
        }),
    [roleVariables.listenAddress]: '127.0.0.1',
    [roleVariables.portMap]: '',
  }
  const known = { ...inherited(), ...own }
  const said = variables
    .filter(([name]) => name !== '' && !/[=\0]/.test(name))
    .map(([name, value]) => [name, meant(expandVariables(value, known))] as const)
  return { ...known, ...Object.fromEntries(said), ...own }
}
