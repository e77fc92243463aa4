import { hostname } from 'node:os'
import { readVipRange, vipRangeConflict } from '../../fabric/contract/vip-range.ts'
import { controllerPort } from '../cluster/ports.ts'
import { hasKeepalived, lackOfKeepalived } from '../vips/keepalived.ts'
import { readBlobAccount } from './blob-account.ts'
import type { UpCommand } from './command-line.ts'
import { type FabricRecord, newRecord, type Places } from './data-directory.ts'
import { copyEtcdTls, onlyMember, requireEtcd } from './etcd.ts'
import { beginTrust } from './first-trust.ts'
import type { FabricIsolation } from './isolation.ts'
import { machineAddress } from './machine-address.ts'
import type { EtcdRecord, MachineRecord } from './machine-record.ts'
import { isMachineName } from './machine-words.ts'
import { firstNumber } from './network.ts'
import { keepControllers } from './others/controllers.ts'
import { writeWhole } from './write-whole.ts'

/**
 * The record of the first machine of several, or of the only one, as the words ask. Throws an Error with one sentence when it cannot be begun.
 */
export async function beginRecord({ machine: words, hosts }: UpCommand): Promise<FabricRecord> {
  const record = newRecord()
  if (!words.cluster) {
    const [option] = optionsGiven(words)
    if (option)
      throw new Error(`${option} is said to a machine among several. Begin a fabric of several with --cluster.`)
    return record
  }
  if (hosts !== undefined) throw new Error('--hosts: a machine among several has one host. Leave it out.')
  const address = await machineAddress(words.address)
  const name = machineNameFrom(words.name)
  if (!words.etcd) await requireEtcd()
  if (words.vipRange !== undefined) requireVips(words.vipRange, record.network, address)
  const etcd: EtcdRecord = words.etcd
    ? { kind: 'elsewhere', urls: words.etcd.urls }
    : { kind: 'member', initialCluster: onlyMember({ name, address }), state: 'new' }
  const machine: MachineRecord = {
    name,
    address,
    number: firstNumber,
    controller: true,
    vipRange: words.vipRange,
    etcd,
    blobsElsewhere: words.blobAccount === undefined ? undefined : true,
  }
  return { ...record, machine }
}

/** Throws an Error with one sentence when the machine cannot have VIPs of the range. */
function requireVips(text: string, network: number, address: string): void {
  const range = readVipRange(text)
  const conflict = range.ok ? vipRangeConflict(range.value, { network, machines: [address] }) : range.fault.message
  if (conflict !== undefined) throw new Error(`--vip-range ${text}: ${conflict}`)
  if (!hasKeepalived()) throw new Error(lackOfKeepalived)
}

/** What the first machine has before any of its parts starts: the fabric's authorities, what it was given from elsewhere, and itself as the only controller. */
export function beginMachine(
  { machine: words }: UpCommand,
  places: Places,
  machine: MachineRecord,
  network: number,
): void {
  beginTrust(places, machine, network)
  if (words.etcd) copyEtcdTls(places, words.etcd.tlsDirectory)
  if (words.blobAccount !== undefined)
    writeWhole(places.storageAccount, `${JSON.stringify(readBlobAccount(words.blobAccount), null, 2)}\n`)
  keepControllers(places, [{ controllerUrl: `https://${machine.address}:${controllerPort}` }])
}

/** Throws an Error with one sentence when the words ask for another machine than the one that the data directory holds. */
export async function checkRecord({ machine: words, hosts }: UpCommand, { machine }: FabricRecord): Promise<void> {
  if (!machine) {
    const [option] = words.cluster ? ['--cluster'] : optionsGiven(words)
    if (option)
      throw new Error(
        `${option}: this data directory holds a fabric of one machine, which stays one. Begin a fabric of several in another directory with --data.`,
      )
    return
  }
  if (hosts !== undefined) throw new Error('--hosts: a machine among several has one host. Leave it out.')
  for (const [option, asked, held] of [
    ['--machine', words.name, machine.name],
    ['--address', words.address, machine.address],
    ['--vip-range', words.vipRange, machine.vipRange],
  ] as const)
    if (asked !== undefined && asked !== held)
      throw new Error(
        `${option} ${asked}: this data directory is of the machine ${machine.name} at ${machine.address}${held === undefined ? '' : ` (${option} ${held})`}, for as long as it lives. Leave the option out.`,
      )
  await machineAddress(machine.address)
}

/** The name that was asked for, else the computer's own, as far as it can be one. Throws an Error with one sentence. */
export function machineNameFrom(asked: string | undefined): string {
  const name = asked ?? hostname().replace(/\..*/, '')
  if (!isMachineName(name))
    throw new Error(`This computer is called "${name}", which is no name of a machine. Name it with --machine NAME.`)
  return name
}

/** Guests of several machines reach one another and are reached by every balancer: that takes networks of their own. Throws an Error with one sentence. */
export function checkIsolation(machine: MachineRecord | undefined, isolation: FabricIsolation): void {
  if (!machine || (isolation.kind === 'namespace' && !isolation.withoutRoot)) return
  const because = isolation.lacks.map(({ sentence }) => sentence).join(' ')
  throw new Error(
    `A machine among several needs root and guests in namespaces, so that their addresses reach from machine to machine. ${because || 'Start it as root, and without --isolation process.'}`,
  )
}

function optionsGiven(words: UpCommand['machine']): readonly string[] {
  const { name, address, vipRange, etcd, blobAccount } = words
  const given = {
    '--machine': name,
    '--address': address,
    '--vip-range': vipRange,
    '--etcd': etcd,
    '--blob-account': blobAccount,
  }
  return Object.entries(given).flatMap(([option, value]) => (value === undefined ? [] : [option]))
}
