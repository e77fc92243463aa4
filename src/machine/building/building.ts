import { join } from 'node:path'
import { openStorageAccount, type StorageAccount } from './azurite.ts'
import type { PortalAddress, UpCommand } from './command-line.ts'
import { type FabricRecord, makePlaces, openRecord, type Places, placesOf, saveRecord } from './data-directory.ts'
import { checkGuestAgent } from './guest-agent.ts'
import { dealHosts, type Host } from './hosts.ts'
import { chooseIsolation, type FabricIsolation } from './isolation.ts'
import { lockDataDirectory } from './lock.ts'
import { ownAddress } from './network.ts'
import { choosePorts, loopback } from './ports.ts'
import { establishTrust, type Trust, writeSignIn } from './trust.ts'
import { writeWhole } from './write-whole.ts'

/** The input for making all members: the options, and the content of the data directory. */
export interface Building {
  readonly command: UpCommand
  readonly places: Places
  readonly record: FabricRecord
  readonly account: StorageAccount
  readonly hosts: readonly Host[]
  readonly isolation: FabricIsolation
  readonly trust: Trust
  readonly controllerAddress: string
  /** Port of the API. */
  readonly port: number
  /** Of the portal on this machine. */
  readonly portalPort: number
  /** Directory of the bundled programs. */
  readonly programs: string
}

/**
 * Claims the data directory and makes, at the first start, what belongs to it: the record, certificates, the storage
 * account, the publish settings. Throws an Error with one sentence when the directory or the port is another's.
 */
export async function openBuilding(command: UpCommand): Promise<Building> {
  const places = placesOf(command.data)
  makePlaces(places)
  lockDataDirectory(places)
  const opened = openRecord(places)
  const isolation = await chooseIsolation(opened, command.isolation)
  checkGuestAgent(command.guestAgent, isolation)
  const ports = await choosePorts(places, opened, command)
  const record = { ...opened, isolation: isolation.kind, ...ports.found }
  if (JSON.stringify(opened) !== JSON.stringify(record)) saveRecord(places, record)
  const { network } = record
  const hosts = dealHosts(command, network, isolation.kind)
  const controllerAddress = ownAddress(network, 'controller')
  const trust = establishTrust(
    places,
    controllerAddress,
    hosts.map(({ name }) => name),
    command.portalAddress?.host,
  )
  writeSignIn(places, opened.subscriptionId, managementUrl(ports.api))
  writeWhole(places.portalUrl, `${portalUrls(ports.portal, command.portalAddress).join('\n')}\n`)
  return {
    command,
    places,
    record,
    account: openStorageAccount(places, record.blobAccount, ownAddress(network, 'blob')),
    hosts,
    isolation,
    trust,
    controllerAddress,
    port: ports.api,
    portalPort: ports.portal,
    programs: programs(),
  }
}

/** Address of the API, without a slash at its end. */
export function managementUrl(port: number): string {
  return `https://${loopback}:${port}`
}

/** Addresses of the portal: for this machine, and for others. */
export function portalUrls(port: number, elsewhere: PortalAddress | undefined): readonly string[] {
  const here = `http://${loopback}:${port}/`
  if (!elsewhere) return [here]
  const { host } = elsewhere
  return [here, `https://${host.includes(':') ? `[${host}]` : host}:${elsewhere.port}/`]
}

/** The bundles stand beside this one; when Reddog runs from its sources, where the build puts them. */
function programs(): string {
  return import.meta.filename.endsWith('.ts') ? join(import.meta.dirname, '../../../dist') : import.meta.dirname
}
