import { existsSync, mkdirSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { replaceFile } from '../../guest-os/replace-file.ts'
import { callerText, type Reception, refusalText, type SignInAccount, type SshServer } from '../reception.ts'
import { signInLimits } from '../sign-in-limits.ts'
import { hangUp } from './hang-up.ts'
import { hashed, hasOwnLists, nameOwnAccount, perl } from './own-accounts.ts'
import { sessionShell } from './session-shell.ts'
import { endConnections, type Served, serveBySshd, sshd } from './sshd.ts'

/** Why OpenSSH's server cannot serve here; undefined when it can. */
export function whyNoOpenSsh(): string | undefined {
  if (!hasOwnLists()) return 'the instance has no lists of accounts of its own'
  const missing = [sshd, perl].find((program) => !existsSync(program))
  return missing && `there is no ${missing} (apt-get install openssh-server perl-base)`
}

export interface OpenSshPlace {
  /** Directory of the files that sshd reads, which is made. */
  readonly directory: string
  /** Variables that mark processes as this agent's. */
  readonly marks: Readonly<Record<string, string>>
}

/** Ends what a killed earlier agent has left, and nothing else could end: connections, their sessions, and the account's name. */
export function endLeftOver({ directory }: OpenSshPlace, log: Reception['log']): void {
  endConnections(directory)
  hangUp()
  nameNobody(log)
}

/** Lets operators in by OpenSSH's server, which runs as this process's own account, once for each connection. Rejects when the address is taken. */
export function serveByOpenSsh(reception: Reception, place: OpenSshPlace): Promise<SshServer> {
  mkdirSync(place.directory, { recursive: true, mode: 0o700 })
  const account = accountFor(reception, place.directory)
  account()
  const connections = new Map<Served, Visit>()
  const end = (isMeant: (visit: Visit) => boolean) => {
    for (const [served, visit] of connections) if (isMeant(visit)) served.end()
  }
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {})
    const waiting = [...connections.values()].filter(({ signedIn }) => !signedIn)
    try {
      if (waiting.length < signInLimits.strangers) meet(socket, { reception, place, connections, account: account() })
    } catch {
      // Without a key, as on a full disk, nobody can know whom he would sign in at.
    }
    socket.destroy()
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(reception.port, reception.address, () => {
      // One connection that cannot be taken is nobody else's affair.
      server.on('error', () => {})
      resolve({
        renew() {
          account()
          end(({ signedIn }) => !signedIn)
        },
        close() {
          server.close()
          end(() => true)
          nameNobody(reception.log)
        },
      })
    })
  })
}

interface Visit {
  signedIn: boolean
}

interface Meeting {
  readonly reception: Reception
  readonly place: OpenSshPlace
  /** Each counts towards the limit of users not signed in yet, until it is deleted. */
  readonly connections: Map<Served, Visit>
  /** The only account that may sign in. */
  readonly account: SignInAccount | undefined
}

function meet(socket: Socket, { reception, place, connections, account }: Meeting): void {
  const { hostKey, banner, log } = reception
  const { remoteAddress: from = '', remotePort = 0 } = socket
  const files = { hostKeyFile: join(place.directory, 'host-key'), bannerFile: join(place.directory, 'banner') }
  replaceFile(files.hostKeyFile, hostKey(), 0o600)
  replaceFile(files.bannerFile, banner)
  const { name, limitMs } = termsOf(account)
  const visit: Visit = { signedIn: false }
  let [wrong, who] = [0, '']
  const served = serveBySshd(
    socket,
    { ...files, marks: place.marks, name, graceSeconds: Math.ceil(limitMs / 1_000) },
    {
      accepted(caller) {
        visit.signedIn = true
        clearTimeout(patience)
        who = callerText(caller, from)
        log(`${who} has signed in.`)
      },
      refused(caller) {
        wrong += 1
        const isExpired = account !== undefined && name === undefined && caller === account.name
        log(refusalText(callerText(caller, from), isExpired ? account : undefined))
      },
      ended(trouble) {
        clearTimeout(patience)
        if (trouble !== undefined) log(`${sshd} has not served ${from}: ${trouble}`)
        if (visit.signedIn) {
          hangUp(`${from} ${remotePort}`)
          log(`${who} has gone.`)
        }
        // sshd answers a wrong password at once: a client that has tried some must leave its place to others that much later.
        setTimeout(() => connections.delete(served), visit.signedIn ? 0 : wrong * signInLimits.wrongMs).unref()
      },
    },
  )
  connections.set(served, visit)
  // sshd's own limit is in whole seconds, to which newer versions add up to four by chance: it is for connections left by a killed
  // agent.
  const patience = setTimeout(() => served.end(), limitMs)
}

/** Who may sign in at a connection that begins now, and for how long: not after the expiration (P-22). */
function termsOf(account: SignInAccount | undefined) {
  const leftMs = account ? account.expiresAt - Date.now() : 0
  return leftMs > 0
    ? { name: account?.name, limitMs: Math.min(signInLimits.graceMs, leftMs) }
    : { name: undefined, limitMs: signInLimits.graceMs }
}

/** Takes the account's name out of the lists. Where it cannot be, as on a full disk, it is nobody's way in: no sshd is started for it. */
function nameNobody(log: Reception['log']): void {
  try {
    nameOwnAccount(undefined)
  } catch (error) {
    log(`The account still stands in the list of accounts, and nobody is served. ${(error as Error).message}`)
  }
}

/**
 * Names the account to sshd as it is now, in place of anything the role has written there, and returns it; undefined, with the reason logged, when
 * nobody may sign in.
 */
function accountFor({ account: newest, surroundings, log }: Reception, directory: string) {
  const shell = join(directory, 'shell')
  let known = { password: '', hash: '' }
  return (): SignInAccount | undefined => {
    const account = newest()
    try {
      if (!account) nameOwnAccount(undefined)
      else {
        const { name, password } = account
        if (known.hash === '' || known.password !== password) known = { password, hash: hashed(password) }
        const around = surroundings(name)
        replaceFile(shell, sessionShell(around), 0o700)
        nameOwnAccount({ name, hash: known.hash, home: around.home, shell })
      }
      return account
    } catch (error) {
      log(`Nobody can sign in: the account cannot be named to ${sshd}. ${(error as Error).message}`)
      return undefined
    }
  }
}
