import { readFileSync } from 'node:fs'
import type { CandidateSecrets, JoinAnswer, JoinRequest } from '../../../fabric/contract/machines.ts'
import { version } from '../../../kernel/version.ts'
import { openerWith } from '../../certificates/party-sealer.ts'
import type { UpCommand } from '../command-line.ts'
import { newRecord, type Places, readRecord, saveRecord } from '../data-directory.ts'
import { copyEtcdTls, requireEtcd } from '../etcd.ts'
import { machineNameFrom } from '../machine.ts'
import { machineAddress } from '../machine-address.ts'
import { etcdAuthorityFile, filesOfParty, partiesOf, requestsOf, writeCertificates } from '../machine-parties.ts'
import type { MachineRecord } from '../machine-record.ts'
import type { JoinWords } from '../machine-words.ts'
import { isMachineNumber, isTakenNetwork } from '../network.ts'
import { keepControllers } from '../others/controllers.ts'
import { fabricKeyFile, portalTrust, registeredForm } from '../trust.ts'
import { writeWhole } from '../write-whole.ts'
import { askToJoin } from './ask-to-join.ts'
import { computerMark } from './computer.ts'
import { pinnedAuthority } from './pinned-authority.ts'

/**
 * Makes this computer a machine of the fabric, as far as its data directory goes: keys, certificates, and last of all the record, after which
 * `reddog up` brings it up. Interrupted anywhere, the same command goes on: keys are made once, and the same request gets the same answer. Throws an
 * Error with one sentence when it cannot join.
 */
export async function joinFabric(
  command: UpCommand,
  places: Places,
  words: JoinWords,
  say: (line: string) => void,
): Promise<void> {
  const found = readRecord(places)
  if (found?.machine) return say(`This data directory is of the machine ${found.machine.name} already, which comes up.`)
  if (found)
    throw new Error(
      `${places.data} holds a fabric of one machine. Join with another directory: --data DIR. What runs here does not move.`,
    )
  const address = await machineAddress(command.machine.address)
  const name = machineNameFrom(command.machine.name)
  if (words.controller && !command.machine.etcd) await requireEtcd()
  const member = words.controller && !command.machine.etcd
  const request = requestOf(places, words, { name, address }, member)
  const authority = await pinnedAuthority(words.at, words.token)
  const answer = await askToJoin(`https://${words.at.address}:${words.at.port}`, authority, request, say)
  checkAnswer(answer)
  if (member && !answer.etcd)
    throw new Error(
      'The store of this fabric is an etcd elsewhere. Name it here too, with --etcd URL and --etcd-tls DIR.',
    )
  const { etcd } = command.machine
  if (etcd) copyEtcdTls(places, etcd.tlsDirectory)
  settle(places, { name, address, authority, controller: words.controller, elsewhere: etcd?.urls }, answer)
  say(`${name} is a machine of the fabric: number ${answer.number}, at ${address}.`)
}

function requestOf(
  places: Places,
  { token, controller }: JoinWords,
  machine: { readonly name: string; readonly address: string },
  member: boolean,
): JoinRequest {
  return {
    ...machine,
    secret: token.secret,
    controller,
    computer: computerMark(),
    version,
    requests: requestsOf(places, partiesOf({ controller, member })),
    portalCertificate: controller ? registeredForm(portalTrust(places).cert).data : undefined,
  }
}

/** The fabric is trusted; but its network may be another's here, which only this machine can see. */
function checkAnswer({ network, number }: JoinAnswer): void {
  if (!Number.isInteger(network) || network < 1 || network > 254 || !isMachineNumber(number))
    throw new Error(
      'The fabric answers what this version of Reddog does not understand. Use the same version everywhere.',
    )
  if (isTakenNetwork(network))
    throw new Error(
      `The fabric has the networks 127.${network}.0.0/16 and 10.${network}.0.0/16, and something on this computer has one of them. Free it and run the same command again, or give the machine up with: reddog host remove`,
    )
}

/** What this machine is, and whom it knows. */
interface Joined {
  readonly name: string
  readonly address: string
  readonly authority: string
  readonly controller: boolean
  /** URLs of an etcd that is none of the fabric's own. */
  readonly elsewhere: readonly string[] | undefined
}

function settle(places: Places, { authority, elsewhere, ...joined }: Joined, answer: JoinAnswer): void {
  const { number, vipRange, etcd, certificates, machines, secrets } = answer
  writeWhole(places.authority, authority, 0o644)
  if (etcd) writeWhole(etcdAuthorityFile(places), etcd.authority, 0o644)
  writeCertificates(places, certificates)
  keepControllers(places, machines)
  const account = secrets && keepSecrets(places, secrets)
  const machine: MachineRecord = {
    ...joined,
    number,
    vipRange,
    etcd: elsewhere
      ? { kind: 'elsewhere', urls: elsewhere }
      : etcd && { kind: 'member', initialCluster: etcd.initialCluster, state: 'existing', learns: true },
    blobsElsewhere: account && !account.blobEndpoint.includes(`//127.${answer.network}.`) ? true : undefined,
  }
  const { network, subscriptionId } = answer
  saveRecord(places, {
    ...newRecord(),
    network,
    subscriptionId,
    ...(account && { blobAccount: account.name }),
    machine,
  })
}

function keepSecrets(places: Places, { sealed, purpose }: NonNullable<JoinAnswer['secrets']>) {
  const key = readFileSync(filesOfParty(places, 'host').key, 'utf8')
  const opened = openerWith(key).open(sealed, purpose)
  const { fabricKey, storageAccount } = JSON.parse(opened.toString()) as CandidateSecrets
  writeWhole(fabricKeyFile(places), fabricKey)
  writeWhole(places.storageAccount, `${JSON.stringify(storageAccount, null, 2)}\n`)
  return storageAccount
}
