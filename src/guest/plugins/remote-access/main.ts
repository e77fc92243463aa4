/** RemoteAccessAgent: lets operators into the instance (P-20 to P-26). It lives on while the role is started again: with `/blockStartup` it waits until one serves. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openEnvelope } from '../../../machine/certificates/envelope.ts'
import { sayReady, takeTurn } from '../../../machine/guest-os/agent-socket.ts'
import { followEnvironment, newestEnvironment } from '../../../machine/guest-os/follow-environment.ts'
import { appendLine } from '../../../machine/guest-os/log-file.ts'
import { ownUid } from '../../../machine/guest-os/role-processes.ts'
import { nameThisProcess } from '../../../machine/process.ts'
import { currentHostKey } from '../../../machine/ssh/host-key.ts'
import { namesOfOthers } from '../../../machine/ssh/open-ssh/own-accounts.ts'
import { endLeftOver, serveByOpenSsh, whyNoOpenSsh } from '../../../machine/ssh/open-ssh/serve-by-open-ssh.ts'
import type { Reception, SignInAccount, SshServer } from '../../../machine/ssh/reception.ts'
import type { Surroundings } from '../../../machine/ssh/run-locally.ts'
import { serveByLibrary } from '../../../machine/ssh/serve-by-library.ts'
import { roleVariables } from '../../../role/contract/variables.ts'
import type { CurrentInstance, RoleEnvironment } from '../../../service-model/role-environment.ts'
import { type BootstrapperStart, runNames } from '../../bootstrapper/protocol.ts'
import { type RemoteAccount, remoteAccessNames, remoteAccessOf } from './account.ts'
import { banner } from './banner.ts'

nameThisProcess('RemoteAccessAgent')
const variable = (name: string) => process.env[name] ?? ''
const socket = variable(roleVariables.agentSocket)
await takeTurn(socket, process.argv)

const log = (text: string) =>
  appendLine(
    join(variable('SystemDrive'), 'Logs', 'RemoteAccessAgent.log'),
    `[${new Date().toISOString()}] [${process.pid}] ${text}`,
  )

/** Its account is its own if another has laid the settings of the guest there, in which outliving agents are started; in namespaces no account reaches out of them. */
const settingsFile = join(process.cwd(), 'guest.json')

/** A password that could not be opened is tried again at each sign-in: a new certificate comes after the settings that are for it. */
let open: { readonly account: RemoteAccount; readonly password: string | undefined } | undefined
let servers: readonly SshServer[] = []

/** What the newest settings ask for (P-25). Who is signed in stays, unless nobody may be any more. */
async function apply({ currentInstance }: RoleEnvironment): Promise<void> {
  const isApart = startOf().settings.ownNetwork || ownUid(settingsFile) !== undefined
  const access = remoteAccessOf(currentInstance.settings, namesOfOthers(), isApart)
  open = access.kind === 'on' ? { account: access.account, password: passwordOf(access.account) } : undefined
  if (access.kind === 'off') {
    for (const server of servers) server.close()
    servers = []
  } else if (servers.length === 0) servers = await serve(currentInstance)
  else for (const server of servers) server.renew()
  // By then the log is true: its reader may sign in at once.
  if (access.kind !== 'on') log(access.why)
  else log(`The account ${access.account.name} is valid until ${new Date(access.account.expiresAt).toISOString()}.`)
}

const hostKey = () =>
  currentHostKey({
    shared: join(variable(roleVariables.certificates), `${remoteAccessNames.certificate}.key`),
    directory: join(variable('SystemDrive'), 'ProgramData', 'ssh'),
  })

/** Debian's server where it is installed and can run; elsewhere the library, and the log says why. */
const whyByLibrary = whyNoOpenSsh()
const openSsh = {
  directory: join(dirname(socket), 'ssh'),
  // What bears it, and nothing of the runtime, is no process of the role.
  marks: { RdRoleId: variable('RdRoleId') },
}

async function serve({ endpoints, id }: CurrentInstance): Promise<readonly SshServer[]> {
  const places = endpoints.filter(({ name }) => name === remoteAccessNames.endpoint)
  const made = await Promise.all(
    places.map(({ address, port }) => {
      const reception: Reception = { address, port, hostKey, banner, account, surroundings, log }
      return whyByLibrary === undefined ? serveByOpenSsh(reception, openSsh) : serveByLibrary(reception)
    }),
  )
  const by = whyByLibrary === undefined ? 'OpenSSH' : `the library ssh2, since ${whyByLibrary}`
  for (const { address, port } of places) log(`${id} is reached by SSH at ${address}:${port}, by ${by}.`)
  return made
}

/** Who may sign in now. */
function account(): SignInAccount | undefined {
  if (!open) return undefined
  const { name, expiresAt } = open.account
  const password = open.password ?? passwordOf(open.account)
  return password === undefined ? undefined : { name, password, expiresAt }
}

/** What the role was started with last. */
function startOf(): BootstrapperStart {
  return JSON.parse(readFileSync(join(dirname(socket), runNames.start), 'utf8')) as BootstrapperStart
}

/** A session has the variables of the role, as they are now, but those that would make it one of its processes. */
function surroundings(name: string): Surroundings {
  const home = join(variable('SystemDrive'), 'Users', name)
  const shell = ['/bin/bash', '/bin/sh'].find((path) => existsSync(path)) as string
  mkdirSync(home, { recursive: true })
  const { roleRoot } = startOf()
  const { [roleVariables.agentSocket]: _, ...kept } = process.env as Record<string, string>
  const own = { HOME: home, SHELL: shell, USER: name, LOGNAME: name, RoleRoot: roleRoot, RdRoleRoot: `${roleRoot}/` }
  return { home, shell, env: { ...kept, ...own } }
}

/** Undefined, with the reason logged, when it cannot be opened. */
function passwordOf({ encryptedPassword }: RemoteAccount): string | undefined {
  const file = (ending: string) =>
    readFileSync(join(variable(roleVariables.certificates), `${remoteAccessNames.certificate}${ending}`), 'utf8')
  try {
    return openEnvelope(encryptedPassword, file('.pem'), file('.key')).toString('utf8')
  } catch (error) {
    const { message } = error as Error
    log(
      `Nobody can sign in: the setting AccountEncryptedPassword cannot be opened with the certificate PasswordEncryption. ${message}`,
    )
    return undefined
  }
}

if (whyByLibrary === undefined) endLeftOver(openSsh, log)
await apply(newestEnvironment(variable('RdRoleConfigRootPath')))
await sayReady(socket)
await followEnvironment(variable('RdRoleConfigRootPath'), apply, log)
