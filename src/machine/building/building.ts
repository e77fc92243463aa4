import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { removeTemporary } from '../temporary-directory.ts'
import { openStorageAccount, type StorageAccount } from './azurite.ts'
import type { PortalAddress, UpCommand } from './command-line.ts'
import { type FabricRecord, makePlaces, type Places, placesOf, readRecord, saveRecord } from './data-directory.ts'
import { checkGuestAgent } from './guest-agent.ts'
import { dealHosts, type Host, hostCount, hostOfMachine } from './hosts.ts'
import { chooseIsolation, type FabricIsolation } from './isolation.ts'
import { lockDataDirectory } from './lock.ts'
import { beginMachine, beginRecord, checkIsolation, checkRecord } from './machine.ts'
import type { MachineRecord } from './machine-record.ts'
import { ownAddress } from './network.ts'
import { choosePorts, loopback } from './ports.ts'
import { requireAccounts } from './require-accounts.ts'
import { establishTrust, hasManagementPair, machineTrust, type Trust, writeSignIn } from './trust.ts'
import { writeWhole } from './write-whole.ts'

/** The input for making all members: the options, and the content of the data directory. */
export interface Building {
  readonly command: UpCommand
  readonly places: Places
  readonly record: FabricRecord
  /** This machine among several; undefined: it is the only one. */
  readonly machine: MachineRecord | undefined
  /** Of machines that have a controller. */
  readonly account: StorageAccount | undefined
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

/** Makes the data directory where it is missing, and claims it for this process. Throws an Error with one sentence when it is another's. */
export async function claimDirectory({ data, accounts, takesOver }: UpCommand): Promise<Places> {
  const places = placesOf(data, accounts)
  makePlaces(places)
  await lockDataDirectory(places, takesOver)
  if (existsSync(places.restoring))
    throw new Error(
      `A restore into ${data} is under way, or was interrupted. Let it end, or begin it again: reddog restore FILE --passphrase-file FILE --data ${data}`,
    )
  // Copies of keys are among what a killed backup has left.
  removeTemporary(data)
  return places
}

/**
 * Makes, at the first start, what belongs to a data directory: the record, certificates, the storage account, the publish settings. Throws an Error with
 * one sentence when what it holds is not what is asked for, or the port is another's.
 */
export async function openBuilding(command: UpCommand, places: Places): Promise<Building> {
  const found = readRecord(places)
  const opened = found ?? (await beginRecord(command))
  if (found) await checkRecord(command, found)
  const { machine, network } = opened
  const isolation = await chooseIsolation(opened, command.isolation)
  checkIsolation(machine, isolation)
  checkGuestAgent(command.guestAgent, isolation)
  if (command.accounts) requireAccounts(command, isolation, [programs(), places.data, process.execPath])
  if (machine && !found) beginMachine(command, places, machine, network)
  const serves = machine?.controller ?? true
  const ports = await choosePorts(places, opened, command)
  const record = { ...opened, isolation: isolation.kind, ...ports.found }
  if (JSON.stringify(found) !== JSON.stringify(record)) saveRecord(places, record)
  const hosts = machine
    ? [hostOfMachine(machine, command, network)]
    : dealHosts({ ...command, hosts: hostCount(command.hosts, machine) }, network, isolation.kind)
  const controllerAddress = machine?.address ?? ownAddress(network, 'controller')
  const trust = machine
    ? machineTrust(places, machine, command.portalAddress?.host)
    : establishTrust(
        places,
        controllerAddress,
        hosts.map(({ name }) => name),
        command.portalAddress?.host,
      )
  if (hasManagementPair(places)) writeSignIn(places, opened.subscriptionId, managementUrl(ports.api))
  if (serves) writeWhole(places.portalUrl, `${portalUrls(ports.portal, command.portalAddress).join('\n')}\n`)
  return {
    command,
    places,
    record,
    machine,
    account: serves ? openStorageAccount(places, record.blobAccount, ownAddress(network, 'blob')) : undefined,
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
