import { readFileSync } from 'node:fs'
import {
  type MachineView,
  machinePaths,
  type RenewAnswer,
  type RenewRequest,
} from '../../../fabric/contract/machines.ts'
import { version } from '../../../kernel/version.ts'
import { parseCertificate } from '../../certificates/certificate.ts'
import { certificateMarks } from '../../certificates/fingerprint.ts'
import type { JsonReply } from '../../http/json-client.ts'
import type { Places } from '../data-directory.ts'
import { filesOfParty, partiesOf, requestsOf, writeCertificates } from '../machine-parties.ts'
import type { MachineRecord } from '../machine-record.ts'
import type { Asked } from './ask-master.ts'

/** Part of its life after which a certificate is renewed. Origin: decisions/several-machines.md. */
const renewedAfter = 2 / 3

const answerLimitMs = 30_000

/**
 * Asks for new certificates when two thirds of the life of one are over, or the master does not know it, and says the version of Reddog when the master
 * knows another. They are for the same keys, so each file is a fit for its key at every moment;
 * who has the old one goes on with it until it looks again.
 */
export async function renewCertificates(
  places: Places,
  machine: MachineRecord,
  known: MachineView | undefined,
  ask: (asked: Asked) => Promise<JsonReply<RenewAnswer>>,
  now = Date.now(),
): Promise<void> {
  // After a restore a candidate is a host to the fabric, whatever it was when it joined.
  const controller = known?.controller ?? machine.controller
  const parties = partiesOf({ controller, member: controller && machine.etcd?.kind === 'member' })
  const areDue = parties.some((party) => {
    const file = filesOfParty(places, party).cert
    return isDue(file, now) || !isKnown(file, known)
  })
  if (!areDue && known?.version === version) return
  const body: RenewRequest = { requests: areDue ? requestsOf(places, parties) : [], version }
  const reply = await ask({ path: machinePaths.renew, body, timeoutMs: answerLimitMs })
  // It is asked again: ten days are left.
  if (reply.ok) writeCertificates(places, reply.value.certificates)
}

function isDue(file: string, now: number): boolean {
  const certificate = parseCertificate(readFileSync(file))
  if (!certificate) return true
  const [from, to] = [certificate.notBefore.getTime(), certificate.notAfter.getTime()]
  return now >= from + (to - from) * renewedAfter
}

/** Whether the master has a certificate in its records: one that was restored may not. */
function isKnown(file: string, known: MachineView | undefined): boolean {
  return known === undefined || known.certificates.includes(certificateMarks(readFileSync(file, 'utf8')).fingerprint)
}
