/** RemoteAccessAgent: lets operators into the instance (P-20 to P-26). It lives on while the role is started again: with `/blockStartup` it waits until one serves. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openEnvelope } from '../../../machine/certificates/envelope.ts'
import { isReady, sayReady, untilReady } from '../../../machine/guest-os/agent-socket.ts'
import { followEnvironment, newestEnvironment } from '../../../machine/guest-os/follow-environment.ts'
import { appendLine } from '../../../machine/guest-os/log-file.ts'
import { nameThisProcess } from '../../../machine/process.ts'
import { roleVariables } from '../../../role/contract/variables.ts'
import type { RoleEnvironment } from '../../../service-model/role-environment.ts'
import { type RemoteAccount, remoteAccessNames, remoteAccessOf } from './account.ts'

nameThisProcess('RemoteAccessAgent')
const variable = (name: string) => process.env[name] ?? ''
const socket = variable(roleVariables.agentSocket)
if (process.argv.includes('/blockStartup')) {
  await untilReady(socket)
  process.exit(0)
}
// One that has outlived the role's last start serves on, with all who are signed in (P-24).
if (await isReady(socket)) process.exit(0)

const log = (text: string) =>
  appendLine(
    join(variable('SystemDrive'), 'Logs', 'RemoteAccessAgent.log'),
    `[${new Date().toISOString()}] [${process.pid}] ${text}`,
  )
const existing = new Set(
  readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':', 1)[0] as string),
)

async function apply({ currentInstance }: RoleEnvironment): Promise<void> {
  const access = remoteAccessOf(currentInstance.settings, existing)
  if (access.kind !== 'on') return log(access.why)
  const { name, expiresAt } = access.account
  passwordOf(access.account)
  log(`The account ${name} is valid until ${new Date(expiresAt).toISOString()}.`)
}

/** Undefined, and said why, when it cannot be opened. */
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

await apply(newestEnvironment(variable('RdRoleConfigRootPath')))
await sayReady(socket)
await followEnvironment(variable('RdRoleConfigRootPath'), apply)
