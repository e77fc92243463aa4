import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { pipeline } from 'node:stream/promises'
import type { Fault } from '../../kernel/fault.ts'
import { systemWords } from '../../kernel/system-words.ts'
import { ownContract } from '../http/contract-header.ts'
import { readBody } from '../http/read-body.ts'
import type { TlsMaterial } from '../http/tls.ts'
import type { PackageFolder } from './package-store.ts'

/** Another candidate, by name and address of its controller. */
interface Peer {
  readonly name: string
  readonly controllerUrl: string
}

interface Patience {
  /** A peer that sends or takes no byte for so long is given up. */
  readonly quietMs: number
  /** How long it may read a package that it has got whole. */
  readonly verifyMs: number
}

/** Origin: choice; the longest that the reader of packages may be silent is a minute (package/limits.ts). */
const defaultPatience: Patience = { quietMs: 10_000, verifyMs: 180_000 }

/** A fault is a sentence or two. */
const answerLimitBytes = 64 * 1024

interface PeerPackages {
  share(
    sha256: string,
    to: readonly Peer[],
  ): Promise<{ readonly holder?: string; readonly refusals: readonly string[]; readonly silences: readonly string[] }>
  bring(
    sha256: string,
    from: readonly Peer[],
  ): Promise<{ readonly from?: string; readonly failures: readonly string[] }>
  drop(sha256: string, at: readonly Peer[]): Promise<void>
}

/** What a peer answered with another status than it should. */
class Refused extends Error {}

/**
 * Copies packages to and from the other candidates' controllers, under the certificate of a controller. `epoch` is the present one of this master:
 * peers obey the newest alone.
 */
export function openPackagePeers(
  folder: PackageFolder,
  tls: TlsMaterial,
  epoch: () => number,
  patience: Patience = defaultPatience,
): PeerPackages {
  const urlOf = ({ controllerUrl }: Peer, sha256: string) =>
    new URL(`/packages/${sha256}?epoch=${epoch()}`, controllerUrl)

  /** Sends a request, a file as its body if there is one; the answer has a status below 300. */
  async function call(method: 'GET' | 'PUT' | 'DELETE', url: URL, file?: string): Promise<Called> {
    const quiet = openQuietWatch(patience)
    const size = file === undefined ? 0 : (await stat(file)).size
    // A connection of its own: one that has been idle may lead to a process that is stopped.
    const sent = httpsRequest(url, {
      ...tls,
      method,
      agent: false,
      signal: quiet.signal,
      headers: { ...ownContract, 'content-length': size },
    })
    const answered = new Promise<IncomingMessage>((resolve, reject) =>
      sent.once('response', resolve).once('error', reject),
    )
    try {
      if (file === undefined) sent.end()
      else {
        const body = createReadStream(file).on('data', quiet.heard)
        // A peer that refuses answers before it has all of it.
        await Promise.race([pipeline(body, sent), answered]).catch(() => {})
        quiet.waitFor(patience.verifyMs)
      }
      const answer = await answered
      quiet.heard()
      if ((answer.statusCode ?? 0) < 300) return { answer, quiet }
      throw new Refused(await wordsOf(answer))
    } catch (error) {
      quiet.stop()
      sent.destroy()
      throw quiet.signal.aborted ? quiet.signal.reason : error
    }
  }

  return {
    async share(sha256, to) {
      const refusals: string[] = []
      const silences: string[] = []
      for (const peer of to)
        try {
          const { answer, quiet } = await call('PUT', urlOf(peer, sha256), folder.pathOf(sha256))
          quiet.stop()
          answer.resume()
          return { holder: peer.name, refusals, silences }
        } catch (error) {
          const list = error instanceof Refused ? refusals : silences
          list.push(`${peer.name} ${error instanceof Refused ? 'refuses it' : 'did not take it'}: ${sentence(error)}`)
        }
      return { refusals, silences }
    },
    async bring(sha256, from) {
      const failures: string[] = []
      for (const peer of from)
        try {
          const { answer, quiet } = await call('GET', urlOf(peer, sha256))
          const taken = await folder.take(sha256, quiet.watched(answer)).finally(quiet.stop)
          if (taken.ok) return { from: peer.name, failures }
          failures.push(`from ${peer.name}: ${taken.fault.message}`)
        } catch (error) {
          failures.push(`${peer.name} did not give it: ${sentence(error)}`)
        }
      return { failures }
    },
    async drop(sha256, at) {
      await Promise.all(
        at.map(async (peer) => {
          // Who does not hear it is told when it reports what it holds.
          const called = await call('DELETE', urlOf(peer, sha256)).catch(() => undefined)
          called?.quiet.stop()
          called?.answer.resume()
        }),
      )
    },
  }
}

interface Called {
  readonly answer: IncomingMessage
  readonly quiet: QuietWatch
}

interface QuietWatch {
  readonly signal: AbortSignal
  readonly heard: () => void
  readonly waitFor: (ms: number) => void
  readonly stop: () => void
  watched(answer: IncomingMessage): AsyncIterable<Uint8Array>
}

/** Gives up when nothing is heard for a time. */
function openQuietWatch({ quietMs }: Patience): QuietWatch {
  const given = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const waitFor = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => given.abort(new Error(`nothing came of it for ${ms / 1000} s`)), ms)
  }
  const heard = () => waitFor(quietMs)
  heard()
  return {
    signal: given.signal,
    heard,
    waitFor,
    stop: () => clearTimeout(timer),
    async *watched(answer) {
      try {
        for await (const chunk of answer) {
          heard()
          yield chunk
        }
        if (!answer.complete) throw new Error('the connection was cut off')
      } catch (error) {
        throw given.signal.aborted ? given.signal.reason : error
      }
    },
  }
}

async function wordsOf(answer: IncomingMessage): Promise<string> {
  const text = await readBody(answer, answerLimitBytes).catch(() => '')
  try {
    return (JSON.parse(text.toString()) as Fault).message
  } catch {
    return `it answers with HTTP ${answer.statusCode}`
  }
}

function sentence(error: unknown): string {
  return error instanceof Refused ? error.message : `${systemWords(error)}.`
}
