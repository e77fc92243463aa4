/** RemoteForwarder: stands at the VIP and brings operators to the instance that they name (P-23). It lives on while the role is started again. */
import { join } from 'node:path'
import { sayReady, takeTurn } from '../../../machine/guest-os/agent-socket.ts'
import { followEnvironment, newestEnvironment } from '../../../machine/guest-os/follow-environment.ts'
import { appendLine } from '../../../machine/guest-os/log-file.ts'
import { nameThisProcess } from '../../../machine/process.ts'
import { currentHostKey } from '../../../machine/ssh/host-key.ts'
import type { SshServer } from '../../../machine/ssh/reception.ts'
import { signInAt } from '../../../machine/ssh/sign-in-at.ts'
import { type Admitted, type Caller, serveSsh } from '../../../machine/ssh/ssh-server.ts'
import { roleVariables } from '../../../role/contract/variables.ts'
import type { RoleEnvironment } from '../../../service-model/role-environment.ts'
import { remoteAccessNames } from '../remote-access/account.ts'
import { banner } from '../remote-access/banner.ts'
import { wantedInstance } from './wanted-instance.ts'

nameThisProcess('RemoteForwarder')
const variable = (name: string) => process.env[name] ?? ''
const socket = variable(roleVariables.agentSocket)
await takeTurn(socket, process.argv)

const namespace = 'Microsoft.WindowsAzure.Plugins.RemoteForwarder'
const log = (text: string) =>
  appendLine(
    join(variable('SystemDrive'), 'Logs', 'RemoteForwarder.log'),
    `[${new Date().toISOString()}] [${process.pid}] ${text}`,
  )
let environment = newestEnvironment(variable('RdRoleConfigRootPath'))
let servers: readonly Pick<SshServer, 'close'>[] = []

async function apply(newest: RoleEnvironment): Promise<void> {
  environment = newest
  const { endpoints, settings } = newest.currentInstance
  const isEnabled = settings[`${namespace}.Enabled`]?.trim().toLowerCase() === 'true'
  if (!isEnabled) {
    log('RemoteForwarder is not enabled: nothing listens.')
    for (const server of servers) server.close()
    servers = []
  } else if (servers.length === 0) {
    const hostKey = () =>
      currentHostKey({
        shared: join(variable(roleVariables.certificates), `${remoteAccessNames.certificate}.key`),
        directory: join(variable('SystemDrive'), 'ProgramData', 'ssh'),
      })
    const places = endpoints.filter(({ name }) => name === `${namespace}.RdpInput`)
    servers = await Promise.all(
      places.map(({ address, port }) => serveSsh({ address, port, hostKey, banner: asked, admit })),
    )
    log(`It forwards from ${places.map(({ address, port }) => `${address}:${port}`).join(', ')}.`)
  }
}

const asked = `${banner}Name the instance: user#role#instance, such as operator#Web#Web_IN_0.\n`

async function admit({ name, password, from }: Caller): Promise<Admitted | undefined> {
  const who = `${JSON.stringify(name.slice(0, 200))} from ${from}`
  const wanted = wantedInstance(name, environment, remoteAccessNames.endpoint)
  const refuse = (why: string) => {
    log(`Sign-in of ${who} is refused: ${why}`)
    return undefined
  }
  if (typeof wanted === 'string') return refuse(wanted)
  try {
    const { address, port } = wanted.endpoint
    const admitted = await signInAt({ address, port, name: wanted.user, password })
    log(`${who} has signed in at ${address}:${port}.`)
    return admitted
  } catch (error) {
    return refuse(`the instance says: ${(error as Error).message}`)
  }
}

await apply(environment)
await sayReady(socket)
await followEnvironment(variable('RdRoleConfigRootPath'), apply, log)
