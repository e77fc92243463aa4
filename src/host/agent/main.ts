/** The HostAgent process: its members from top to bottom. Its only argument is the path of a file with HostOptions. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { drive } from '../../kernel/drive.ts'
import { lookEveryMs } from '../../kernel/lapse.ts'
import { timersWith } from '../../kernel/timers.ts'
import { openerWith } from '../../machine/certificates/party-sealer.ts'
import { systemClock } from '../../machine/clock.ts'
import { openAssemblyCache } from '../../machine/dotnet/assembly-cache.ts'
import { isolationOf } from '../../machine/guest/isolation.ts'
import { openControllerLink } from '../../machine/host/controller-link.ts'
import { hearingThrough, openHearing, watchHearing } from '../../machine/host/hearing.ts'
import { openHostFiles } from '../../machine/host/host-files.ts'
import { readLogPiece } from '../../machine/host/log-piece.ts'
import { machineFacts } from '../../machine/host/machine-facts.ts'
import { namesIn } from '../../machine/host/names-in.ts'
import { pfxMaker } from '../../machine/host/open-certificates.ts'
import { openPackageCache } from '../../machine/host/package-cache.ts'
import { openWaiting } from '../../machine/host/waiting.ts'
import { watchNetwork } from '../../machine/host/watch-network.ts'
import { watchRoads } from '../../machine/host/watch-roads.ts'
import { watchRoom } from '../../machine/host/watch-room.ts'
import { askWitness, keepWitness } from '../../machine/host/witness.ts'
import { controllerName, openControllerClient } from '../../machine/http/controller-client.ts'
import { openJsonClient } from '../../machine/http/json-client.ts'
import { followTls, readTls } from '../../machine/http/tls.ts'
import { openLog } from '../../machine/log.ts'
import { isAlive, nameThisProcess } from '../../machine/process.ts'
import { writeReadyFile } from '../../machine/ready-file.ts'
import { openWireServers } from '../../machine/wire-server/wire-servers.ts'
import { firstAskMs } from '../contract/cut-off.ts'
import type { HostAction, HostOutcome } from './action.ts'
import { hostAgent } from './agent.ts'
import { configurationOf } from './configuration.ts'
import { type DeskParts, deskOf } from './desk.ts'
import { followGoal } from './follow-goal.ts'
import { insist } from './insist.ts'
import { loadedState } from './load.ts'
import type { HostMessage, HostSubject } from './message.ts'
import { narrated } from './narrate.ts'
import type { HostOptions } from './options.ts'
import { assembliesDirectory, goalFile, packagesDirectory, quarantineDirectory, recordsDirectory } from './paths.ts'
import { performWith } from './perform.ts'
import { persister } from './persist.ts'
import { roomersOf } from './room.ts'
import { powerOff, type ShutdownParts } from './shutdown.ts'
import { allSubjects, type ContainerRecord, type GuestProcess, type HostState } from './state.ts'
import { runningGuests } from './wanted-roads.ts'

nameThisProcess('HostAgent')
const options = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as HostOptions
const timers = timersWith(options.timers)
const log = openLog(options.logFile)
// Our parent process shows our last line: one sentence, not a stack.
process.on('uncaughtException', (error) => {
  log.error(error.stack ?? error.message)
  process.stderr.write(`The host agent ends, its guests run on: ${error.message}\n`)
  process.exit(1)
})
// Guests pass through it to their own trees, and read what this process and its children unpack.
process.umask(0o022)
mkdirSync(options.dataDirectory, { recursive: true, mode: 0o755 })
const shown = [packagesDirectory(options), assembliesDirectory(options)]
const isolation = isolationOf(options.isolation, options.wireAddress, shown, options.guestAgent, options.vipRange)
const configuration = configurationOf(options, timers, machineFacts(options, isolation, log))

const files = openHostFiles<ContainerRecord>(goalFile(configuration), recordsDirectory(configuration))
const packages = await openPackageCache(packagesDirectory(configuration), quarantineDirectory(configuration))
const assemblies = openAssemblyCache(
  {
    programs: options.programs,
    packages: packagesDirectory(options),
    cache: assembliesDirectory(options),
  },
  log,
)
/** The certificate in force: who reads it later gets the renewed one. */
const tls = { ...readTls(options.tls) }
const hearing = openHearing(join(options.dataDirectory, 'heard.json'), configuration.facts.bootId)
const client = openJsonClient(tls, controllerName)
followTls(options.tls, (renewed) => client.renew(Object.assign(tls, renewed)))
const link = openControllerLink(openControllerClient(hearingThrough(client, hearing), options))
const waiting = openWaiting(systemClock)
const parts: DeskParts = {
  state: () => driver.state(),
  deliver: (message) => driver.deliver(message),
  until: waiting.until,
  pfxOf: pfxMaker(tls.key),
  open: ({ sealed, purpose }) => openerWith(tls.key).open(sealed, purpose),
  log,
}
await isolation.driver.open()
const wire = await openWireServers(
  options.wireAddress,
  (containerId) => deskOf(containerId, parts),
  isolation.driver.isGuest,
  log,
)

const stored = { ...files.load(), packages: await packages.held() }
const loaded = loadedState(configuration, stored, isAlive, systemClock.now())
const ended = (containerId: string, process: GuestProcess) =>
  void insist(parts, { kind: 'guestEnded', containerId, process })
const perform = narrated(
  performWith(
    {
      ...link,
      ...wire,
      guests: {
        ...isolation.driver,
        start: (guest, settings) => assemblies.make().then(() => isolation.driver.start(guest, settings)),
      },
      async fetchPackage(sha256) {
        const directory = await packages.take(sha256, () => link.openPackage(sha256))
        await assemblies.make()
        return directory
      },
      dropPackage: packages.drop,
      namesIn,
      readLog: readLogPiece,
      askWitness: async (machine, address, limitMs) => ({
        machine,
        ...(options.witness
          ? await askWitness({ ...options.witness, tls }, machine, address, limitMs)
          : { kind: 'silent' as const }),
      }),
      ended,
    },
    configuration,
  ),
  log,
)
const driver = drive<HostState, HostMessage, HostSubject, HostAction, HostOutcome>({
  agent: hostAgent,
  state: loaded,
  ...systemClock,
  commit: persister(files, { stored, loaded }, (reason) => {
    log.warn(reason ?? 'There is room again.')
    void driver.deliver({ kind: 'unstored', reason })
  }),
  perform,
  changed: waiting.check,
  rests: timers.recycleDelays,
  complain: log.error,
})
for (const { containerId, process } of [...loaded.containers.values()].map(({ record }) => record))
  if (process) void isolation.driver.adopt(process)?.exited.then(() => ended(containerId, process))

driver.touch(allSubjects(loaded))
watchRoom(
  options.dataDirectory,
  () => roomersOf(driver.state()),
  (containerId, heldMB, ownMB) => void driver.deliver({ kind: 'overfull', containerId, heldMB, ownMB }),
)
if (options.witness) {
  void keepWitness({ ...options.witness, tls }, hearing.agoMs, { againMs: timers.heartbeatInterval, log }).then(
    (server) => followTls(options.tls, server.renew),
  )
  const everyMs = Math.min(lookEveryMs, timers.heartbeatInterval)
  watchHearing(
    hearing,
    { limitMs: firstAskMs(timers), everyMs },
    (ms, isRefused) => void driver.deliver({ kind: 'unanswered', ms, isRefused }),
  )
}
if (options.address !== undefined)
  watchRoads(isolation.driver.groundOfRoads, () => void driver.deliver({ kind: 'roadsMoved' }))
watchNetwork(
  isolation.driver,
  () => runningGuests(driver.state()).length + (driver.state().goal.roads ?? []).length > 0,
  () => void driver.deliver({ kind: 'roadsMoved' }),
  log,
)
void followGoal(link.goal, parts)
void waiting
  .until(() => driver.state().reporting.registered, Number.POSITIVE_INFINITY)
  .then(() => writeReadyFile(options.readyFile))
log.info(
  `host ${options.name} with ${options.cores} cores, fault domain ${options.faultDomain}, guests in ${join(options.dataDirectory, 'guests')}`,
)

process.once('SIGTERM', () => process.exit(0))
process.once('SIGINT', () => {
  process.once('SIGINT', () => void insist(parts, { kind: 'power', power: 'cut' }))
  const endGuests: ShutdownParts['endGuests'] = (records, reason) =>
    perform({ kind: 'endGuests', key: 'endGuests', records, reason })
  void powerOff({ ...parts, isInFlight: driver.isInFlight, stop: driver.stop, endGuests })
    .then(isolation.driver.close)
    .then(() => process.exit(0))
})
