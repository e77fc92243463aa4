import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../../../kernel/instant.ts'

/** Longest session, and longest time without a request in it. Origin: choice; a working day, a pause. */
const longestMs = 8 * 3_600_000
const idleLimitMs = 3_600_000

/** Most sessions at once; the oldest goes for the next. Origin: choice. */
const mostSessions = 100

/** Most live streams of one session: one for each window, and some that have not been found dead yet. Origin: choice. */
const mostStreams = 16

/** Who has signed in, and until when. */
export interface Session {
  /** DER in Base64 of the management certificate that signed in. */
  readonly certificate: string
  /** The listener where it is good, by its origin. */
  readonly listener: string
  /** The account of this machine that signed in; '' where the certificate says who asks. */
  readonly caller: string
  readonly endsAt: Instant
  /** Aborted when it ends; streams end with it. */
  readonly ended: AbortSignal
}

interface Kept extends Session {
  /** SHA-256 of what the cookie holds: the value itself is with the browser alone. */
  readonly digest: Buffer
  readonly ending: AbortController
  lastAskedAt: Instant
  streams: number
}

export interface Sessions {
  /** The value of the cookie of a new session. */
  begin(by: Pick<Session, 'certificate' | 'listener' | 'caller'>): string
  /** The session of a cookie; undefined when it has ended or never was. It counts as asked now. */
  find(cookie: string, by: Pick<Session, 'listener' | 'caller'>): Session | undefined
  end(session: Session): void
  /** Counts a stream of the session, until the answer is called; undefined when it has as many as it may. */
  beginStream(session: Session): (() => void) | undefined
  /** Ends all whose time is over. */
  sweep(): void
  /** Those with live streams. */
  listening(): readonly Session[]
}

/** The sessions of this process, which end with it. */
export function openSessions(now: () => Instant): Sessions {
  let kept: readonly Kept[] = []

  function drop(gone: readonly Session[]): void {
    kept = kept.filter((one) => !gone.includes(one))
    for (const one of gone) (one as Kept).ending.abort()
  }

  const isOver = ({ endsAt, streams, lastAskedAt }: Kept) =>
    now() >= endsAt || (streams === 0 && now() - lastAskedAt >= idleLimitMs)

  const sweep = () => drop(kept.filter(isOver))

  return {
    begin(by) {
      sweep()
      drop(kept.slice(0, Math.max(0, kept.length - mostSessions + 1)))
      const cookie = randomBytes(32).toString('base64url')
      const ending = new AbortController()
      const times = { endsAt: now() + longestMs, lastAskedAt: now() }
      kept = [...kept, { ...by, ...times, digest: digestOf(cookie), streams: 0, ending, ended: ending.signal }]
      return cookie
    },
    find(cookie, { listener, caller }) {
      sweep()
      const digest = digestOf(cookie)
      // All are compared, each in the same time.
      const [found] = kept.filter((one) => timingSafeEqual(one.digest, digest))
      if (found?.listener !== listener || found.caller !== caller) return undefined
      found.lastAskedAt = now()
      return found
    },
    end: (session) => drop([session]),
    beginStream(session) {
      const own = session as Kept
      if (own.ended.aborted || own.streams >= mostStreams) return undefined
      own.streams += 1
      return () => {
        own.streams -= 1
        own.lastAskedAt = now()
      }
    },
    sweep,
    listening: () => kept.filter(({ streams }) => streams > 0),
  }
}

function digestOf(cookie: string): Buffer {
  return createHash('sha256').update(cookie).digest()
}
