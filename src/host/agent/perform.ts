import type { GuestPlace } from '../../machine/facilities.ts'
import type { HostAction, HostOutcome } from './action.ts'
import { disksOf } from './disks-of.ts'
import type { HostFacilities } from './facilities.ts'
import { faultOf } from './fault-of.ts'
import { guestSettings } from './guest-settings.ts'
import { logOf } from './log-of.ts'
import { openPortsOf } from './open-ports-of.ts'
import { guestDirectory } from './paths.ts'
import type { ContainerRecord, HostConfiguration } from './state.ts'

type Effects = {
  readonly [Kind in HostAction['kind']]: (action: Extract<HostAction, { kind: Kind }>) => Promise<HostOutcome>
}

const done: HostOutcome = { kind: 'done' }

/** Codes for failures of each kind of action, where the system gives no better one. */
const codes: Readonly<Record<HostAction['kind'], string>> = {
  fetchPackage: 'PackageNotFetched',
  dropPackage: 'PackageNotRemoved',
  listen: 'WireServerFailed',
  createGuest: 'GuestNotCreated',
  rebuildDrives: 'DriveNotRebuilt',
  openPorts: 'PortsNotOpened',
  makeDisks: 'DisksNotMade',
  layRoads: 'RoadsNotLaid',
  startGuest: 'GuestNotStarted',
  stopGuest: 'GuestNotStopped',
  removeGuest: 'GuestNotRemoved',
  askWitnesses: 'NotAsked',
  endGuests: 'GuestNotStopped',
  register: 'NotRegistered',
  report: 'NotReported',
  answer: 'NotAnswered',
}

/** The table from an action's kind to its effect. */
export function performWith(facilities: HostFacilities, configuration: HostConfiguration) {
  const place = ({ containerId, key, uid, run, wirePort, served }: ContainerRecord): GuestPlace => ({
    containerId,
    key,
    uid,
    run,
    wirePort,
    root: guestDirectory(configuration, containerId),
    address: served?.guest.topology[0]?.address,
    size: served?.guest.size,
    owner: served?.guest,
    open: served && openPortsOf(served),
    disks: served && disksOf(served),
  })

  const effects: Effects = {
    fetchPackage: async ({ sha256 }) => ({ kind: 'unpacked', directory: await facilities.fetchPackage(sha256) }),
    dropPackage: ({ sha256 }) => facilities.dropPackage(sha256).then(() => done),
    listen: async ({ record, port }) => ({ kind: 'listening', port: await facilities.listen(place(record), port) }),
    createGuest: async ({ record }) => ({ kind: 'created', ...(await facilities.guests.create(place(record))) }),
    rebuildDrives: ({ record, drives }) => facilities.guests.rebuild(place(record), drives).then(() => done),
    openPorts: ({ record }) => facilities.guests.openPorts(place(record)).then(() => done),
    makeDisks: ({ record }) => facilities.guests.makeDisks(place(record), record.process).then(() => done),
    async layRoads({ wanted, guests }) {
      return { kind: 'laid', troubles: await facilities.guests.layRoads({ ...wanted, guests }) }
    },
    async startGuest({ record }) {
      // A run of the agent that ended before it noted its guest has left a guest that nobody knows.
      await facilities.guests.stop(place(record), undefined, 0)
      const { identity, exited } = await facilities.guests.start(place(record), guestSettings(configuration, record))
      const ended = () => facilities.ended(record.containerId, identity)
      exited.then(ended, ended)
      return { kind: 'started', process: identity }
    },
    stopGuest: ({ record, graceMs }) => facilities.guests.stop(place(record), record.process, graceMs).then(() => done),
    async removeGuest({ record }) {
      await facilities.unlisten(record.containerId)
      await facilities.guests.remove(place(record))
      return done
    },
    async endGuests({ records }) {
      await Promise.all(records.map((record) => facilities.guests.stop(place(record), record.process, 0)))
      return done
    },
    async askWitnesses({ roads }) {
      const { heartbeatInterval } = configuration.timers
      const said = roads.map(({ name, address }) => facilities.askWitness(name, address, heartbeatInterval))
      return { kind: 'witnesses', said: await Promise.all(said) }
    },
    register: () => facilities.register(configuration.facts).then(() => done),
    report: ({ report }) => facilities.report(report).then(() => done),
    async answer({ ask, record }) {
      const log = record && (await logOf(facilities, configuration, record, ask.log))
      const piece = log?.file ? await facilities.readLog(log.root, log.file, ask.offset) : { text: '', nextOffset: 0 }
      await facilities.answer(ask.id, {
        logicalPath: log?.logicalPath ?? '',
        realPath: log?.file ?? '',
        known: log?.known ?? [],
        ...piece,
      })
      return done
    },
  }

  return async (action: HostAction): Promise<HostOutcome> => {
    const effect = effects[action.kind] as (action: HostAction) => Promise<HostOutcome>
    try {
      return await effect(action)
    } catch (error) {
      return { kind: 'failed', fault: faultOf(error, codes[action.kind]) }
    }
  }
}
