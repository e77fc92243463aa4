/** WindowsAzureGuestAgent: sets the guest up, runs the host stack, reports to the host agent (F-12 to F-15). Arguments: guest.json, and the incarnation of this program. */

import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { atOnce } from '../../kernel/commit.ts'
import { drive } from '../../kernel/drive.ts'
import { systemChance, systemClock } from '../../machine/clock.ts'
import { hostStack } from '../../machine/guest-os/host-stack.ts'
import { installCertificates } from '../../machine/guest-os/install-certificates.ts'
import { link } from '../../machine/guest-os/link.ts'
import { appendLine } from '../../machine/guest-os/log-file.ts'
import { measureDirectory } from '../../machine/guest-os/measure-directory.ts'
import { serveProbe } from '../../machine/guest-os/probe-server.ts'
import { readNote } from '../../machine/guest-os/read-note.ts'
import { replaceFile } from '../../machine/guest-os/replace-file.ts'
import { killRoleProcesses, ownUid } from '../../machine/guest-os/role-processes.ts'
import { copyRole, emptyDirectory, hasRoleRoot } from '../../machine/guest-os/role-root.ts'
import { wireClient } from '../../machine/guest-os/wire-client.ts'
import { identityOf, nameThisProcess, type ProcessIdentity } from '../../machine/process.ts'
import { type BootstrapperExit, type BootstrapperReport, runNames } from '../bootstrapper/protocol.ts'
import { agentPackagesDirectory, configDirectory, logsDirectory, realPath } from '../contract/guest-paths.ts'
import type { GuestSettings } from '../contract/guest-settings.ts'
import { guestAgent } from './agent.ts'
import { healthOf } from './health.ts'
import { type AgentLevel, agentLine } from './log-line.ts'
import { performWith } from './perform.ts'
import { recall, rememberedIn } from './recall.ts'
import { stackExit } from './stack-exit.ts'
import { firstState, memoryOf } from './state.ts'

/** WaAppAgent knows this exit code: another agent is to be installed (design.md, F-11). */
const replaceCode = 75

/** A bootstrapper holds little and does little: small spaces and no compiler threads save a tenth of its memory. */
const nodeFlags = ['--lite-mode', '--v8-pool-size=0', '--max-semi-space-size=1', '--max-old-space-size=64']

nameThisProcess('WindowsAzureGuestAgent')
const [, , settingsFile = '', incarnation = ''] = process.argv
const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as GuestSettings
const real = (logical: string) => realPath(settings.root, logical) as string

const logTo = (name: string) => (level: AgentLevel, text: string) =>
  appendLine(real(`${logsDirectory}\\${name}`), agentLine(process.pid, Date.now(), level, text))
const log = { status: logTo('WaAppAgent.Log'), runtime: logTo('AppAgentRuntime.Log') }
for (const say of Object.values(log)) say('INFO', `WindowsAzureGuestAgent starting. Version ${incarnation}`)

const uid = ownUid(settingsFile)
const guest = identityOf(process.ppid)
const memoryFile = join(settings.root, 'c', 'GuestAgent.json')
const left = rememberedIn(existsSync(memoryFile) ? readFileSync(memoryFile, 'utf8') : undefined, Date.now())
// Numbers of documents begin anew then, and the newest is found by its number.
if (left && left.guest === undefined) rmSync(real(configDirectory), { recursive: true, force: true })
const remembered = recall(left, guest, Date.now(), (letter) => hasRoleRoot(real(`${letter}:`)))

const stack = hostStack({
  program: [...nodeFlags, join(settings.programs, 'WaHostBootstrapper.mjs')],
  cwd: settings.root,
  output: join(settings.root, 'c', 'WaHostBootstrapper.out'),
  files: {
    start: join(settings.run, runNames.start),
    socket: join(settings.run, runNames.bootstrapper),
    exit: join(settings.run, runNames.exit),
  },
  owner: { key: settings.key, uid },
  said: (value) => void driver.deliver({ kind: 'report', report: value as BootstrapperReport }),
  ended(exit, left) {
    const said = left === undefined ? undefined : (JSON.parse(left) as BootstrapperExit)
    void driver.deliver({ kind: 'ended', exit: stackExit(said, exit, Date.now()) })
  },
})

/** The process that must answer; a guest with a network of its own reaches nobody else at that address. */
const hostUid = settings.ownNetwork ? undefined : statSync(settingsFile).uid
const { get, postHealth } = wireClient(settings.wireServer, hostUid)
let stored = ''
const driver = drive({
  agent: guestAgent,
  state: firstState(remembered, settings.timers, incarnation),
  rests: settings.timers.recycleDelays,
  complain: (line) => log.runtime('ERROR', line),
  ...systemClock,
  commit: atOnce((state) => {
    const memory = JSON.stringify({ guest, memory: memoryOf(state) })
    if (memory === stored) return state
    // An agent that ended because the disk is full would forget what it has just started. It tries again with the next change.
    try {
      replaceFile(memoryFile, memory)
      stored = memory
    } catch (error) {
      const { message } = error as Error
      log.runtime('ERROR', `What a new agent would have to know of this one cannot be written: ${message}`)
    }
    return state
  }),
  perform: performWith({
    settings,
    now: () => systemClock.now(),
    guid: () => systemChance.guid(),
    get,
    postHealth,
    copyRole,
    async makeDirectories(paths) {
      for (const path of paths) await mkdir(path, { recursive: true })
    },
    async emptyDirectories(paths) {
      for (const path of paths) await emptyDirectory(path)
    },
    link,
    writeFile: (path, text) => replaceFile(path, text, 0o644),
    readFile: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
    readNote,
    installCertificates: (order) =>
      installCertificates(join(settings.programs, 'CertificateInstaller.mjs'), {
        ...order,
        wireServer: settings.wireServer,
        hostUid,
      }),
    stackAhead: (wanted) => (wanted ? stack.startAhead() : stack.endAhead()),
    startStack: async (start) => stack.start(start),
    tellStack: stack.tell,
    killStack: stack.kill,
    measure: measureDirectory,
    replaceAgent: async (path, wanted) => {
      replaceFile(join(real(agentPackagesDirectory), 'next'), `${wanted}\n${path}\n`)
      return process.exit(replaceCode)
    },
    log,
  }),
})

await serveProbe(settings.address, settings.probePort, () => healthOf(driver.state(), Date.now())?.state === 'Ready')
if (remembered.stack.kind !== 'down') stack.adopt(remembered.process as ProcessIdentity)
else if (left) await stack.clear()
// WaAppAgent sends this when the guest ends: nothing of the role may outlive it.
process.on('SIGUSR2', () => {
  driver.stop()
  stack.kill()
  void killRoleProcesses({ key: settings.key, uid }).then(() => process.exit(0))
})
driver.touch(['guest'])
