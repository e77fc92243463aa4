/** DiagnosticsAgent: collects what a role writes and counts, and transfers it to its storage account (P-11 to P-19). With `/blockStartup` it waits until the other one has initialised (P-5). */

import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Driver, drive } from '../../../kernel/drive.ts'
import { systemClock } from '../../../machine/clock.ts'
import { sayReady, takeTurn } from '../../../machine/guest-os/agent-socket.ts'
import { askJsonLines } from '../../../machine/guest-os/ask-json-lines.ts'
import { filesIn } from '../../../machine/guest-os/diagnostics/files-in.ts'
import { readNewLines } from '../../../machine/guest-os/diagnostics/follow-file.ts'
import { openRowBuffer, type RowBuffer } from '../../../machine/guest-os/diagnostics/row-buffer.ts'
import { systemSnapshot } from '../../../machine/guest-os/diagnostics/snapshot.ts'
import { openStorage } from '../../../machine/guest-os/diagnostics/storage-client.ts'
import { fileIgnoringCase } from '../../../machine/guest-os/find-file.ts'
import { followEnvironment, newestEnvironment } from '../../../machine/guest-os/follow-environment.ts'
import { appendLine } from '../../../machine/guest-os/log-file.ts'
import { readNote } from '../../../machine/guest-os/read-note.ts'
import { replaceFile } from '../../../machine/guest-os/replace-file.ts'
import { nameThisProcess } from '../../../machine/process.ts'
import { roleVariables } from '../../../role/contract/variables.ts'
import { type Account, accountOf, connectionSetting } from '../../../service-model/diagnostics/account.ts'
import { readPackaged, unreadable } from '../../../service-model/diagnostics/packaged-configuration.ts'
import { readWadcfg } from '../../../service-model/diagnostics/read-configuration.ts'
import type { RoleEnvironment } from '../../../service-model/role-environment.ts'
import { runNames } from '../../bootstrapper/protocol.ts'
import { monitorDirectory, troubleFile } from '../../contract/diagnostics.ts'
import { diagnosticStore, eventLogDirectory, guestLogs, realPath } from '../../contract/guest-paths.ts'
import type { GuestSettings } from '../../contract/guest-settings.ts'
import { readWebCounts, type WebCounts } from '../../contract/web-counts.ts'
import type { ToW3svc } from '../../w3svc/words.ts'
import type { DiagnosticsSubject } from './action.ts'
import { diagnosticsAgent } from './agent.ts'
import { directoryOf } from './directory-of.ts'
import type { Storage } from './facilities.ts'
import { performWith } from './perform.ts'
import { type DiagnosticsMessage, everything } from './receive.ts'
import type { Row } from './row.ts'
import { type BufferName, bufferNames, type DiagnosticsState, firstState, type KeptBuffer } from './state.ts'

/** How long W3SVC has to report its counters. Origin: choice; it runs on the same machine. */
const countsLimitMs = 1_000

/** Events of the channel `Windows Azure` (G-19). */
const troubleEvents = { begins: 20002, ends: 20003 } as const

nameThisProcess('DiagnosticsAgent')
const variable = (name: string) => process.env[name] ?? ''
const socket = variable(roleVariables.agentSocket)
await takeTurn(socket, process.argv)
// From here on, collected data is transferred before it ends.
const askedToEnd = once(process, 'SIGTERM')

const root = dirname(variable('SystemDrive'))
const settings = JSON.parse(readFileSync(join(root, 'guest.json'), 'utf8')) as GuestSettings
const configurations = variable('RdRoleConfigRootPath')
const environment = newestEnvironment(configurations)
const { id: instance, roleName: role } = environment.currentInstance
const identity = { deploymentId: environment.deploymentId, role, instance }
const real = (logical: string) => realPath(root, logical) as string

const logs = new Map(guestLogs(identity).map(({ name, path }) => [name, real(path)]))
const logPath = (name: string) => logs.get(name) ?? real(`${eventLogDirectory}\\${name.replaceAll(/[\\/]/g, '-')}`)
const log = (level: string, text: string) =>
  appendLine(logPath('DiagnosticsAgent'), `[${new Date().toISOString()}] [${level}] ${text.replaceAll('\n', ' ')}`)
log('Information', `DiagnosticsAgent starts for ${settings.key}.`)

const packaged = readPackaged((path) => {
  const file = fileIgnoringCase(variable('RoleRoot'), path)
  return file === undefined ? undefined : readFileSync(file)
})
for (const warning of packaged.warnings) log('Warning', warning)
const accountIn = (values: Readonly<Record<string, string>>): Account =>
  accountOf(packaged.connectionString ?? values[connectionSetting] ?? '')

let opened: { readonly account: Account; readonly storage: Promise<Storage> } | undefined
let polled = packaged.source
const monitor = real(monitorDirectory(identity))
const opening = bufferNames.map((name) => [name, openRowBuffer<Row>(join(monitor, name))] as const)
const buffers = Object.fromEntries(opening) as Record<BufferName, RowBuffer<Row>>
const kept = Object.fromEntries(
  opening.map(([name, { segments, sent }]) => [name, { segments: segments(), ...sent() }] as const),
) as Record<BufferName, KeptBuffer>
const store = environment.currentInstance.localResources.find(({ name }) => name === 'DiagnosticStore')
const driver: Driver<DiagnosticsState, DiagnosticsMessage, DiagnosticsSubject> = drive({
  agent: diagnosticsAgent,
  state: firstState(
    {
      configuration: packaged.configuration,
      faults: packaged.faults,
      account: accountIn(environment.currentInstance.settings),
      storeMB: store?.sizeInMB ?? 0,
      leastPeriodMs: settings.timers.transferPeriodLeast,
      kept,
      told: readNote(real(troubleFile(identity))),
    },
    Date.now(),
  ),
  rests: settings.timers.recycleDelays,
  complain: (line) => log('Error', line),
  ...systemClock,
  perform: performWith(
    {
      now: () => systemClock.now(),
      buffers,
      storage(account) {
        if (opened?.account !== account) opened = { account, storage: openStorage(account) }
        return opened.storage
      },
      readLines: (name, after) => readNewLines(logPath(name), after),
      async snapshot(ofWebServer) {
        const web = ofWebServer ? await webCounts() : undefined
        return { ...systemSnapshot(real(diagnosticStore(identity)), systemClock.now()), web }
      },
      directory: (source) =>
        directoryOf(source, { root, ...identity }, newestEnvironment(configurations).currentInstance, process.env),
      files: filesIn,
      remove: (path) => rm(path, { force: true }),
      log,
      tellTrouble(trouble) {
        replaceFile(real(troubleFile(identity)), trouble)
        const text = trouble || 'Diagnostics has nothing to complain of any more.'
        const id = trouble ? troubleEvents.begins : troubleEvents.ends
        appendLine(logPath('Windows Azure'), `[${new Date().toISOString()}] [${id}] [${settings.key}] ${text}`)
      },
      packagedConfiguration: packaged.source,
      end: () => process.exit(0),
      configured(source) {
        if (source === polled) return
        polled = source
        const { value, errors, warnings } = readWadcfg(source, 'wad-control-container')
        for (const warning of warnings) log('Warning', warning)
        if (value) log('Information', 'The control container has another configuration, which holds from now on.')
        void driver.deliver({ kind: 'configured', configuration: value, faults: unreadable(errors) })
      },
    },
    identity,
    () => driver.state(),
  ),
})
driver.touch(everything)

/** Undefined where W3SVC does not answer: its counters have no sample then. It is there before this agent, or never. */
async function webCounts(): Promise<WebCounts | 'absent' | undefined> {
  const path = join(dirname(socket), runNames.webServer)
  if (!existsSync(path)) return 'absent'
  const question: ToW3svc = { kind: 'counts' }
  return askJsonLines({ path, question, read: readWebCounts, limitMs: countsLimitMs }).catch(() => undefined)
}

void askedToEnd.then(() => driver.deliver({ kind: 'end' }))
await sayReady(socket)
const takeOver = async ({ currentInstance }: RoleEnvironment) => {
  const account = accountIn(currentInstance.settings)
  if (JSON.stringify(account) !== JSON.stringify(driver.state().account))
    await driver.deliver({ kind: 'account', account })
}
await followEnvironment(configurations, takeOver, (line) => log('Error', line))
