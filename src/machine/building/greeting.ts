import { relative } from 'node:path'
import { hasWine } from '../guest-os/wine.ts'
import { connectionString, type StorageAccount } from './azurite.ts'
import type { UpCommand } from './command-line.ts'
import type { FabricRecord, Places } from './data-directory.ts'
import type { FabricIsolation } from './isolation.ts'
import { type Separation, separationOf } from './separation.ts'

export interface Greeting {
  readonly command: UpCommand
  readonly places: Places
  readonly record: FabricRecord
  readonly account: StorageAccount
  readonly managementUrl: string
  /** Of the portal: for this machine, and for others. */
  readonly portalUrls: readonly string[]
  readonly programs: string
  readonly isolation: FabricIsolation
}

/** The first line of `up --json` (design.md 5). */
export function greetingObject(greeting: Greeting): object {
  const { places, record, account, managementUrl, portalUrls, isolation } = greeting
  return {
    managementUrl,
    portalUrl: portalUrls[0],
    subscriptionId: record.subscriptionId,
    publishSettings: places.publishSettings,
    clientCertificate: places.managementCertificate,
    clientKey: places.managementKey,
    caCertificate: places.authority,
    blobEndpoint: account.blobEndpoint,
    blobConnectionString: connectionString(account),
    dataDirectory: places.data,
    isolation: isolation.kind,
    guestAgent: greeting.command.guestAgent ?? null,
    lacks: isolation.lacks.map(({ sentence }) => sentence),
    separation: separationOf(greeting),
    wine: hasWine(),
  }
}

/** The same for people: where things are, what to type next, and how far guests are separated. `portalLink` signs in once. */
export function greetingText(greeting: Greeting, portalLink: string): string {
  const { command, places, account, managementUrl, portalUrls } = greeting
  const shown = (path: string) => relative(process.cwd(), path) || '.'
  const where = shown(places.data) === '.reddog' ? '' : ` --data ${shown(places.data)}`
  const domains = Math.min(command.faultDomains, command.hosts)
  return `
Reddog is up.

  API               ${managementUrl}/
  portal            ${portalLink}
                    good once, for five minutes; then: reddog portal${where}${elsewhereText(portalUrls)}
  publish settings  ${shown(places.publishSettings)}
  packages          ${account.blobEndpoint}
                    its address is ${separationOf(greeting).blobAddress}; when that is killed, another program of this machine can take it for a moment
  hosts             ${command.hosts}, of ${command.cores} cores each, in ${domains} fault domain${domains === 1 ? '' : 's'}
  isolation         ${isolationText(greeting)}${agentText(command.guestAgent)}${wineText()}

  Deploy:  reddog deploy DEFINITION CONFIGURATION --service NAME${where}
  Look:    reddog status${where}
  End:     Ctrl-C here, or: reddog down${where}
`
}

function elsewhereText([, elsewhere]: readonly string[]): string {
  if (elsewhere === undefined) return ''
  return `
                    other machines, with a management certificate: ${elsewhere}`
}

function agentText(program: string | undefined): string {
  if (program === undefined) return ''
  return `
  guest agent       ${program}, instead of Reddog's: a role runs if that runs it`
}

function wineText(): string {
  if (!hasWine()) return ''
  return `
  wine              runs .cmd, .bat and .exe files of packages that have no stand-in`
}

/** The driver's promises and their limits (design.md 8 and 9.5), and what this machine lacks for more. */
function isolationText(greeting: Greeting): string {
  const promise = promiseOf(separationOf(greeting))
  return [promise, ...greeting.isolation.lacks.map(({ sentence }) => sentence)].join('\n                    ')
}

function promiseOf({ guests, because }: Separation): string {
  if (guests === 'namespaces')
    return 'guests run in namespaces of their own: users, files, processes and networks are apart'
  return guests === 'users'
    ? 'guests run under users of their own; this keeps honest neighbours apart and is no security boundary'
    : `none between guests: ${because}, can read one another and take one another's addresses; other users are kept out`
}
