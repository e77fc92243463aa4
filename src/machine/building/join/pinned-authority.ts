import { once } from 'node:events'
import { type ConnectionOptions, connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'
import { systemWords } from '../../../kernel/system-words.ts'
import { fingerprintOf } from '../../certificates/fingerprint.ts'
import type { Token } from './token.ts'

/** For a handshake on a network that people wait for. */
const answerLimitMs = 10_000

/** Certificates that a chain may have: ours have two. */
const longestChain = 4

/**
 * The authority of the fabric, PEM, as the machine at that address shows it: the one that the token names, by its SHA-256. Nothing is said before that
 * is known. Throws an Error with one sentence when nobody answers there, or the fabric is another.
 */
export async function pinnedAuthority(
  { address, port }: { readonly address: string; readonly port: number },
  token: Pick<Token, 'authority'>,
): Promise<string> {
  const root = rootOf(await shown({ host: address, port, rejectUnauthorized: false }, `${address}:${port}`))
  if (fingerprintOf(root.raw) === token.authority) return pemOf(root.raw)
  throw new Error(
    `${address}:${port} belongs to another fabric than the token. Print a token on a machine of that fabric: reddog host token`,
  )
}

/** The certificates at that place, the server's own first. */
async function shown(options: ConnectionOptions, place: string): Promise<DetailedPeerCertificate> {
  const socket = connect(options)
  const timeout = AbortSignal.timeout(answerLimitMs)
  try {
    await once(socket, 'secureConnect', { signal: timeout })
    return socket.getPeerCertificate(true)
  } catch (error) {
    throw new Error(
      `No controller answers at ${place}: ${timeout.aborted ? 'no answer came in time' : systemWords(error)}. Name a machine of the fabric that has a controller and runs.`,
      { cause: error },
    )
  } finally {
    endQuietly(socket)
  }
}

function endQuietly(socket: TLSSocket): void {
  socket.on('error', () => {})
  socket.destroy()
}

function rootOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate {
  let found = leaf
  for (let length = 1; length < longestChain; length += 1) {
    const issuer = found.issuerCertificate as DetailedPeerCertificate | undefined
    if (!issuer?.raw || issuer.raw.equals(found.raw)) break
    found = issuer
  }
  return found
}

function pemOf(der: Buffer): string {
  const lines = (der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
