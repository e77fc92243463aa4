import type { Instant } from '../../kernel/instant.ts'
import type { Surroundings } from './run-locally.ts'

/** The account by which operators sign in. */
export interface SignInAccount {
  readonly name: string
  readonly password: string
  readonly expiresAt: Instant
}

/** Where operators connect, and what a server looks up at each sign-in. */
export interface Reception {
  readonly address: string
  readonly port: number
  /** Private key that identifies the server to clients that connect now, PEM. */
  readonly hostKey: () => string
  /** Shown before a password is asked for. */
  readonly banner: string
  /** Undefined: nobody may sign in. */
  readonly account: () => SignInAccount | undefined
  /** The initial settings of a session of an account of that name. */
  readonly surroundings: (name: string) => Surroundings
  readonly log: (text: string) => void
}

export interface SshServer {
  /** The account has changed: users who are signed in stay (P-25). */
  readonly renew: () => void
  /** Ends all connections, and sessions with them. */
  readonly close: () => void
}

/** The name of the user, for a log. */
export function callerText(name: string, from: string): string {
  return `${JSON.stringify(name.slice(0, 64))} from ${from}`
}

/** Why a user is refused, for a log; `account` is the one that he has named, if it exists. */
export function refusalText(who: string, account: SignInAccount | undefined): string {
  const why = account
    ? `the account has expired on ${new Date(account.expiresAt).toISOString()}.`
    : 'no such account, or a wrong password.'
  return `Sign-in of ${who} is refused: ${why}`
}
