import { relative } from 'node:path'
import { closedDirectory } from '../guest/reachable.ts'
import { connectionString, type StorageAccount } from './azurite.ts'
import type { UpCommand } from './command-line.ts'
import type { FabricRecord, Places } from './data-directory.ts'

export interface Greeting {
  readonly command: UpCommand
  readonly places: Places
  readonly record: FabricRecord
  readonly account: StorageAccount
  readonly managementUrl: string
  readonly programs: string
}

/** The first line of `up --json` (design.md 5). There is no portal yet, so its address is null. */
export function greetingObject({ places, record, account, managementUrl }: Greeting): object {
  return {
    managementUrl,
    portalUrl: null,
    subscriptionId: record.subscriptionId,
    publishSettings: places.publishSettings,
    clientCertificate: places.managementCertificate,
    clientKey: places.managementKey,
    caCertificate: places.authority,
    blobEndpoint: account.blobEndpoint,
    blobConnectionString: connectionString(account),
    dataDirectory: places.data,
  }
}

/** The same for people: where things are, what to type next, and how far guests are kept apart. */
export function greetingText(greeting: Greeting): string {
  const { command, places, account, managementUrl } = greeting
  const shown = (path: string) => relative(process.cwd(), path) || '.'
  const where = shown(places.data) === '.reddog' ? '' : ` --data ${shown(places.data)}`
  const domains = Math.min(command.faultDomains, command.hosts)
  return `
Reddog is up.

  API               ${managementUrl}/
  publish settings  ${shown(places.publishSettings)}
  packages          ${account.blobEndpoint}
  hosts             ${command.hosts}, of ${command.cores} cores each, in ${domains} fault domain${domains === 1 ? '' : 's'}
  isolation         ${isolationText(greeting)}

  Deploy:  reddog deploy DEFINITION CONFIGURATION --service NAME${where}
  Look:    reddog status${where}
  End:     Ctrl-C here, or: reddog down${where}
`
}

/** What the `process` driver promises and what it does not (design.md 8 and 9.5). */
function isolationText({ places, programs }: Greeting): string {
  if (process.getuid?.() !== 0) return 'none: without root all guests run as this user and can read one another'
  const closed = [programs, places.data, process.execPath].map(closedDirectory).find((found) => found !== undefined)
  return closed === undefined
    ? 'guests run under users of their own; this keeps honest neighbours apart and is no security boundary'
    : `none: guests run as root and can read one another, since other users may not pass ${closed}`
}
