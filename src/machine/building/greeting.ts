import { relative } from 'node:path'
import { hasWine } from '../guest-os/wine.ts'
import { connectionString, type StorageAccount } from './azurite.ts'
import type { UpCommand } from './command-line.ts'
import type { FabricRecord, Places } from './data-directory.ts'
import { faultDomainsOfOne, hostCount } from './hosts.ts'
import type { FabricIsolation } from './isolation.ts'
import { machineLines } from './machine-lines.ts'
import type { MachineRecord } from './machine-record.ts'
import { type Separation, separationOf } from './separation.ts'
import { hasManagementPair } from './trust.ts'

export interface Greeting {
  readonly command: UpCommand
  readonly places: Places
  readonly record: FabricRecord
  readonly account: StorageAccount | undefined
  readonly machine: MachineRecord | undefined
  readonly managementUrl: string
  /** Of the portal: for this machine, and for others. */
  readonly portalUrls: readonly string[]
  readonly programs: string
  readonly isolation: FabricIsolation
}

/** The first line of `up --json` (design.md 5). */
export function greetingObject(greeting: Greeting): object {
  const { places, record, account, machine, managementUrl, portalUrls, isolation } = greeting
  return {
    ...(machine && { machine }),
    // A machine that only has a host serves no API.
    ...(account && {
      managementUrl,
      portalUrl: portalUrls[0],
      blobEndpoint: account.blobEndpoint,
      blobConnectionString: connectionString(account),
    }),
    subscriptionId: record.subscriptionId,
    ...(hasManagementPair(places) && {
      publishSettings: places.publishSettings,
      clientCertificate: places.managementCertificate,
      clientKey: places.managementKey,
    }),
    caCertificate: places.authority,
    dataDirectory: places.data,
    isolation: isolation.kind,
    guestAgent: greeting.command.guestAgent ?? null,
    lacks: isolation.lacks.map(({ sentence }) => sentence),
    separation: separationOf(greeting),
    wine: hasWine(),
  }
}

/**
 * The same for people: where things are, what to type next, and how far guests are separated. `portalLink` signs in once; undefined on a machine that
 * nobody signs in from.
 */
export function greetingText(greeting: Greeting, portalLink: string | undefined): string {
  const { command, places, account, machine, managementUrl } = greeting
  const shown = (path: string) => relative(process.cwd(), path) || '.'
  const where = shown(places.data) === '.reddog' ? '' : ` --data ${shown(places.data)}`
  const hosts = hostCount(command.hosts, machine)
  const domains = Math.min(command.faultDomains ?? faultDomainsOfOne, hosts)
  const lines = [
    ...(account ? [['API', `${managementUrl}/${elsewhereOf(greeting)}`]] : []),
    ...(account && portalLink ? [['portal', portalText(greeting, portalLink, where)]] : []),
    ...(portalLink ? [['publish settings', shown(places.publishSettings)]] : []),
    ...(account ? [['packages', packagesText(greeting, account)]] : []),
    [
      'hosts',
      machine
        ? `${machine.name}, of ${command.cores} cores`
        : `${hosts}, of ${command.cores} cores each, in ${domains} fault domain${domains === 1 ? '' : 's'}`,
    ],
    ...(machine ? machineLines(machine) : []),
    ['isolation', `${isolationText(greeting)}${agentText(command.guestAgent)}${wineText()}`],
  ]
  const next = portalLink
    ? `  Deploy:  reddog deploy DEFINITION CONFIGURATION --service NAME${where}\n  Look:    reddog status${where}\n`
    : ''
  return `
Reddog is up${machine ? `: the machine ${machine.name} of the fabric` : ''}.

${lines.map(([title = '', text]) => `  ${title.padEnd(18)}${text}`).join('\n')}

${next}  End:     Ctrl-C here, or: reddog down${where}
`
}

/** Where other machines reach the API, of a machine among several. */
function elsewhereOf({ machine, managementUrl }: Greeting): string {
  return machine ? `, from other machines https://${machine.address}:${new URL(managementUrl).port}/` : ''
}

function portalText({ portalUrls }: Greeting, portalLink: string, where: string): string {
  return `${portalLink}
                    good once, for five minutes; then: reddog portal${where}${elsewhereText(portalUrls)}`
}

function packagesText(greeting: Greeting, { blobEndpoint }: StorageAccount): string {
  if (greeting.machine?.blobsElsewhere) return blobEndpoint
  if (greeting.machine)
    return `${blobEndpoint}
                    on every machine the Blob service of the master's: a staging area, which is lost with that machine`
  return `${blobEndpoint}
                    its address is ${separationOf(greeting).blobAddress}; when that is killed, another program of this machine can take it for a moment`
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
