import { request } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import type { PeerCertificate } from 'node:tls'
import { machinePaths, type WitnessAnswer } from '../../fabric/contract/machines.ts'
import { party } from '../../fabric/contract/paths.ts'
import type { Log } from '../../kernel/log.ts'
import { fingerprintOf } from '../certificates/fingerprint.ts'
import { ownContract } from '../http/contract-header.ts'
import type { RenewableListening } from '../http/listen.ts'
import { readBody } from '../http/read-body.ts'
import { serveJson } from '../http/serve-json.ts'
import type { TlsMaterial } from '../http/tls.ts'
import { believedCertificates } from './machines-list.ts'

/** The witness of one machine. */
export interface WitnessOptions {
  readonly address: string
  readonly port: number
  /** Path of a file with a MachinesView. */
  readonly machines: string
  readonly tls: TlsMaterial
}

/** Serves it, and tries again while the port cannot be opened: a host without a witness is a host all the same. */
export async function keepWitness(
  options: WitnessOptions,
  heardAgoMs: () => number | undefined,
  { againMs, log }: { readonly againMs: number; readonly log: Log },
): Promise<RenewableListening> {
  for (;;) {
    try {
      return await serveWitness(options, heardAgoMs, log)
    } catch (error) {
      log.warn(`the witness for other machines: ${(error as Error).message}`)
      await delay(againMs)
    }
  }
}

/**
 * Tells other machines' hosts when this one last heard a master; also those that a list of machines does not have, which may be older than they are, or
 * may say that they were removed: they find out by the answer. Rejects when the port cannot be opened.
 */
export function serveWitness(
  { address, port, tls }: Omit<WitnessOptions, 'machines'>,
  heardAgoMs: () => number | undefined,
  log: Log,
): Promise<RenewableListening> {
  return serveJson({
    address,
    port,
    tls,
    log,
    // It has no body.
    bodyLimitBytes: 0,
    routes: [
      {
        method: 'GET',
        path: machinePaths.witness,
        allows: (peer) => peer.startsWith(party.hostPrefix),
        handle: async () => ({ json: { heardAgoMs: heardAgoMs() } satisfies WitnessAnswer }),
      },
    ],
  })
}

/** What the witness of a machine says. Down: nobody listens there. Slow: somebody does, and has not answered in time. Other: somebody refuses. */
export type Said =
  | { readonly kind: 'heard'; readonly agoMs: number }
  | { readonly kind: 'never' | 'down' | 'slow' | 'other' | 'silent' }

/** Longest answer: a number. */
const answerLimitBytes = 1_024

/** Codes of the system for an answer that refuses: the machine lives. All others say that nothing came back. */
const refusals = /^(ECONNRESET|EPIPE|EPROTO|ERR_|CERT_|SELF_SIGNED|DEPTH_|UNABLE_|HPE_)/

/** Asks the witness of the machine with that name at that address, for `limitMs` at most. Never rejects. */
export async function askWitness(
  { port, machines, tls }: Pick<WitnessOptions, 'port' | 'machines' | 'tls'>,
  machine: string,
  address: string,
  limitMs: number,
): Promise<Said> {
  try {
    const { heardAgoMs } = await witnessAnswer(
      `https://${address}:${port}${machinePaths.witness}`,
      { ...tls, checkServerIdentity: isOf(machine, machines) },
      limitMs,
    )
    return Number.isFinite(heardAgoMs) && Number(heardAgoMs) >= 0
      ? { kind: 'heard', agoMs: Number(heardAgoMs) }
      : { kind: 'never' }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ECONNREFUSED') return { kind: 'down' }
    if (error instanceof Late) return { kind: 'slow' }
    return { kind: error instanceof Refused || (code && refusals.test(code)) ? 'other' : 'silent' }
  }
}

class Refused extends Error {}
class Late extends Error {}

/** Believes that machine by its certificate: addresses change, and are not what it proves. */
function isOf(machine: string, machines: string): (host: string, certificate: PeerCertificate) => Error | undefined {
  return (_, { raw }) => {
    const isKnown = believedCertificates(machines).get(machine)?.has(fingerprintOf(raw)) ?? false
    return isKnown ? undefined : new Refused(`what answers there is not ${machine}`)
  }
}

function witnessAnswer(
  url: string,
  tls: TlsMaterial & { readonly checkServerIdentity: ReturnType<typeof isOf> },
  limitMs: number,
): Promise<WitnessAnswer> {
  return new Promise((resolve, fail) => {
    let isThere = false
    // A kernel has taken the connection: the machine lives, whatever its processes do.
    const reject = (error: Error) => {
      if (!isThere) return fail(error)
      fail(signal.aborted ? new Late(error.message) : new Refused(error.message))
    }
    const signal = AbortSignal.timeout(limitMs)
    // A connection of its own each time: a kept one may be of a machine that is gone.
    const asked = request(url, { ...tls, headers: ownContract, agent: false, signal }, (answer) => {
      if (answer.statusCode !== 200) {
        answer.resume()
        return reject(new Refused(`HTTP ${answer.statusCode}`))
      }
      readBody(answer, answerLimitBytes)
        .then((body) => resolve(JSON.parse(body.toString('utf8'))))
        .catch(() => reject(new Refused('no answer of a witness')))
    })
    asked.on('error', reject)
    asked.on('socket', (socket) =>
      socket.once('connect', () => {
        isThere = true
      }),
    )
    asked.end()
  })
}
