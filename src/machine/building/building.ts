import { join } from 'node:path'
import { apiAddress, apiPort } from './api-port.ts'
import { openStorageAccount, type StorageAccount } from './azurite.ts'
import type { UpCommand } from './command-line.ts'
import { type FabricRecord, makePlaces, openRecord, type Places, placesOf, saveRecord } from './data-directory.ts'
import { checkGuestAgent } from './guest-agent.ts'
import { dealHosts, type Host } from './hosts.ts'
import { chooseIsolation, type FabricIsolation } from './isolation.ts'
import { lockDataDirectory } from './lock.ts'
import { ownAddress } from './network.ts'
import { establishTrust, type Trust, writeSignIn } from './trust.ts'

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
  const record = { ...opened, isolation: isolation.kind }
  if (opened.isolation !== isolation.kind) saveRecord(places, record)
  const port = await apiPort(places, record, command.port)
  const { network } = record
  const hosts = dealHosts(command, network, isolation.kind)
  const controllerAddress = ownAddress(network, 'controller')
  const trust = establishTrust(
    places,
    controllerAddress,
    hosts.map(({ name }) => name),
  )
  writeSignIn(places, opened.subscriptionId, managementUrl(port))
  return {
    command,
    places,
    record,
    account: openStorageAccount(places, record.blobAccount, ownAddress(network, 'blob')),
    hosts,
    isolation,
    trust,
    controllerAddress,
    port,
    programs: programs(),
  }
}

/** Address of the API, without a slash at its end. */
export function managementUrl(port: number): string {
  return `https://${apiAddress}:${port}`
}

/** The bundles stand beside this one; when Reddog runs from its sources, where the build puts them. */
function programs(): string {
  return import.meta.filename.endsWith('.ts') ? join(import.meta.dirname, '../../../dist') : import.meta.dirname
}
