import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type MachinesView,
  type MachineView,
  machinePaths,
  type RenewAnswer,
  type RenewRequest,
} from '../../../fabric/contract/machines.ts'
import { isoSeconds } from '../../../kernel/instant.ts'
import { systemWords } from '../../../kernel/system-words.ts'
import { version } from '../../../kernel/version.ts'
import { parseCertificate } from '../../certificates/certificate.ts'
import { certificateMarks } from '../../certificates/fingerprint.ts'
import { clockToleranceMs } from '../../certificates/key-and-certificate.ts'
import { signedAtOf } from '../../certificates/sign-request.ts'
import type { JsonReply } from '../../http/json-client.ts'
import type { Places } from '../data-directory.ts'
import { filesOfParty, partiesOf, requestsOf, writeCertificates } from '../machine-parties.ts'
import type { MachineRecord } from '../machine-record.ts'
import { writeBeside } from '../write-whole.ts'
import type { Asked } from './ask-master.ts'

/** So long after it was signed, in milliseconds, a certificate is renewed. Origin: decisions/several-machines.md. */
const renewedAfterMs = 20 * 86_400_000

const answerLimitMs = 30_000

/**
 * For so long no others are asked for, in milliseconds: the master believes the last four alone (in-force.ts), and one that asked every two seconds
 * would have none in its files that it believes. Origin: choice.
 */
const restMs = 3_600_000

/** The same when there was no answer, or a refusal: the master may have made them all the same. In milliseconds. Origin: choice. */
const refusedRestMs = 60_000

/** More than the new certificates need, in bytes. */
const roomBytes = 64 * 1024

/** Looks whether this machine needs certificates, each time that the master has told of the machines, and gets them. */
export type Renewal = (view: MachinesView, now?: number) => Promise<void>

/**
 * New certificates are asked for when one is twenty days old, when one was signed by a clock that was ahead, or when the master does not
 * know one; not while the clocks here and there differ by more than a day, for one of them is wrong; and not while the disk here has no room for them.
 * They are for the same keys, so each file is a fit for its key at every moment; who has the old one goes on with it until it looks again. The version
 * of Reddog is said when the master knows another. `say` is told why none are asked for. Rejects when they cannot be kept.
 */
export function openRenewal(
  places: Places,
  machine: MachineRecord,
  ask: (asked: Asked) => Promise<JsonReply<RenewAnswer>>,
  say: (line: string) => void,
): Renewal {
  let restsUntil = 0
  let wereKnown = false
  let differs = false

  function mayAsk({ master, now: theirs = 0 }: MachinesView, now: number): boolean {
    const differed = differs
    differs = theirs > 0 && Math.abs(theirs - now) > clockToleranceMs
    if (differs && !differed) say(differenceWords(machine, { now, master, theirs }))
    return !differs && performance.now() >= restsUntil
  }

  function hasRoom(): boolean {
    try {
      writeBeside(join(places.trust, 'room'), ' '.repeat(roomBytes)).drop()
      return true
    } catch (error) {
      say(`New certificates of ${machine.name} could not be kept, and are asked for in an hour: ${systemWords(error)}`)
      return false
    }
  }

  return async (view, now = Date.now()) => {
    const known = view.machines.find(({ name }) => name === machine.name)
    // After a restore a candidate is a host to the fabric, whatever it was when it joined.
    const controller = known?.controller ?? machine.controller
    const parties = partiesOf({ controller, member: controller && machine.etcd?.kind === 'member' })
    const files = parties.map((party) => filesOfParty(places, party).cert)
    const areKnown = files.every((file) => isKnown(file, known))
    // The records are older than they were: the fabric was restored.
    if (wereKnown && !areKnown) restsUntil = 0
    wereKnown = areKnown
    const needs = !areKnown || files.some((file) => isDue(file, now))
    const asks = mayAsk(view, now) && needs
    if (!asks && known?.version === version) return
    if (asks) {
      restsUntil = performance.now() + restMs
      if (!hasRoom()) return
    }
    const body: RenewRequest = { requests: asks ? requestsOf(places, parties) : [], version }
    const reply = await ask({ path: machinePaths.renew, body, timeoutMs: answerLimitMs })
    if (reply.ok) writeCertificates(places, reply.value.certificates)
    else restsUntil = performance.now() + refusedRestMs
  }
}

function isDue(file: string, now: number): boolean {
  const certificate = parseCertificate(readFileSync(file))
  if (!certificate) return true
  const signedAt = signedAtOf(certificate.notAfter)
  return now >= signedAt + renewedAfterMs || now < signedAt - clockToleranceMs
}

/** Whether the master has a certificate in its records: one that was restored may not. */
function isKnown(file: string, known: MachineView | undefined): boolean {
  return known === undefined || known.certificates.includes(certificateMarks(readFileSync(file, 'utf8')).fingerprint)
}

function differenceWords(
  { name }: MachineRecord,
  { now, master, theirs }: { readonly now: number; readonly master: string; readonly theirs: number },
): string {
  return `The clock of ${name} says ${isoSeconds(now)}, that of the master ${master} ${isoSeconds(theirs)}: one of them is wrong. Set it. Until then the certificates of ${name} are not renewed.`
}
