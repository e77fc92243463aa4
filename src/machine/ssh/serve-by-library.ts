import { serveFiles } from './files/serve-files.ts'
import { callerText, type Reception, refusalText, type SshServer } from './reception.ts'
import { runLocally } from './run-locally.ts'
import { sameSecret } from './same-secret.ts'
import { type Admitted, type Caller, serveSsh } from './ssh-server.ts'

/** Lets operators in by `ssh2`, in this process. Rejects when the address is taken. */
export async function serveByLibrary(reception: Reception): Promise<SshServer> {
  const { close } = await serveSsh({ ...reception, admit: async (caller) => admit(reception, caller) })
  return { renew() {}, close }
}

function admit({ account, surroundings, log }: Reception, { name, password, from }: Caller): Admitted | undefined {
  const who = callerText(name, from)
  const open = account()
  if (!open || name !== open.name || !sameSecret(password, open.password)) {
    log(refusalText(who, undefined))
    return undefined
  }
  if (Date.now() >= open.expiresAt) {
    log(refusalText(who, open))
    return undefined
  }
  log(`${who} has signed in.`)
  return {
    run: (channel, asked) => runLocally(channel, asked, surroundings(name)),
    files: (sftp) => serveFiles(sftp, surroundings(name).home),
    gone: () => log(`${who} has gone.`),
  }
}
