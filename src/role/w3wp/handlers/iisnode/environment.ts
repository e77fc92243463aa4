import { hostname } from 'node:os'
import { inherited } from '../program/inherited.ts'
import type { IisnodeSettings } from './overrides.ts'

/** The version in a program's environment (IISNODE_VERSION): the last one of the module. */
export const iisnodeVersion = '0.2.26'

/** Where a program of iisnode listens, and where it may ask to be started anew. */
export interface Sockets {
  readonly requests: string
  readonly control?: string | undefined
}

/** What a program finds in its environment, beside what w3wp has itself (I-38, I-40). Settings of the application come before the module's own words. */
export function iisnodeEnvironment(
  { node_env: nodeEnv }: IisnodeSettings,
  appSettings: ReadonlyMap<string, string>,
  { requests, control }: Sockets,
): Readonly<Record<string, string>> {
  const isSet = nodeEnv !== '' && nodeEnv.toLowerCase() !== '%node_env%'
  return {
    ...inherited(),
    ...Object.fromEntries([...appSettings].filter(([name]) => name !== '' && !/[=\0]/.test(name))),
    ...(isSet && { NODE_ENV: nodeEnv }),
    ...(control !== undefined && { IISNODE_CONTROL_PIPE: control }),
    IISNODE_VERSION: iisnodeVersion,
    PORT: requests,
    port: requests,
  }
}

/** The name of the machine, as it stands in the names of log files. */
export function computerName(): string {
  return (process.env['COMPUTERNAME'] ?? hostname()).replaceAll('/', '-')
}
