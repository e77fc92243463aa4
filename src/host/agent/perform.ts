import type { GuestDriver, GuestPlace } from '../../machine/facilities.ts'
import type { Answer, HostFacts, HostReport } from '../contract/report.ts'
import type { HostAction, HostOutcome } from './actions.ts'
import { faultOf } from './fault-of.ts'
import { guestSettings } from './guest-settings.ts'
import { logOf } from './log-of.ts'
import { guestDirectory } from './paths.ts'
import type { ContainerRecord, GuestProcess, HostConfiguration } from './state.ts'

/** The world of a Host Agent. What cannot be done rejects, with a sentence that a user can act on. */
export interface HostPorts {
  readonly guests: GuestDriver
  /** Fetches a package from the controller and unpacks it. */
  fetchPackage(sha256: string): Promise<void>
  dropPackage(sha256: string): Promise<void>
  /** Starts the wire server of a container and returns its port. */
  listen(container: Pick<GuestPlace, 'containerId' | 'uid'>, port: number): Promise<number>
  unlisten(containerId: string): Promise<void>
  /** To be called when the first process of a guest has ended. */
  ended(containerId: string, process: GuestProcess): void
  register(facts: HostFacts): Promise<void>
  report(report: HostReport): Promise<void>
  answer(ask: string, answer: Answer): Promise<void>
  readLog(root: string, file: string, offset: number): Promise<{ readonly text: string; readonly nextOffset: number }>
}

type Effects = {
  readonly [Kind in HostAction['kind']]: (action: Extract<HostAction, { kind: Kind }>) => Promise<HostOutcome>
}

const done: HostOutcome = { kind: 'done' }

/** Codes of what goes wrong in each kind of action, where the system names no better one. */
const codes: Readonly<Record<HostAction['kind'], string>> = {
  fetchPackage: 'PackageNotFetched',
  dropPackage: 'PackageNotRemoved',
  listen: 'WireServerFailed',
  createGuest: 'GuestNotCreated',
  rebuildDrives: 'DriveNotRebuilt',
  startGuest: 'GuestNotStarted',
  stopGuest: 'GuestNotStopped',
  removeGuest: 'GuestNotRemoved',
  register: 'NotRegistered',
  report: 'NotReported',
  answer: 'NotAnswered',
}

/** Carries actions out: one table from kind to effect. */
export function performer(configuration: HostConfiguration, ports: HostPorts) {
  const place = ({ containerId, key, uid, run }: ContainerRecord): GuestPlace => ({
    containerId,
    key,
    uid,
    run,
    root: guestDirectory(configuration, containerId),
  })

  const effects: Effects = {
    fetchPackage: ({ sha256 }) => ports.fetchPackage(sha256).then(() => done),
    dropPackage: ({ sha256 }) => ports.dropPackage(sha256).then(() => done),
    listen: async ({ containerId, uid, port }) => ({
      kind: 'listening',
      port: await ports.listen({ containerId, uid }, port),
    }),
    createGuest: async ({ record }) => ({ kind: 'created', ...(await ports.guests.create(place(record))) }),
    rebuildDrives: ({ record, drives }) => ports.guests.rebuild(place(record), drives).then(() => done),
    async startGuest({ record }) {
      // A run of the agent that ended before it could note its guest has left one that nobody knows.
      await ports.guests.stop(place(record), undefined, 0)
      const { identity, exited } = await ports.guests.start(place(record), guestSettings(configuration, record))
      const ended = () => ports.ended(record.containerId, identity)
      exited.then(ended, ended)
      return { kind: 'started', process: identity }
    },
    stopGuest: ({ record, graceMs }) => ports.guests.stop(place(record), record.process, graceMs).then(() => done),
    async removeGuest({ record }) {
      await ports.unlisten(record.containerId)
      await ports.guests.remove(place(record))
      return done
    },
    register: () => ports.register(configuration.facts).then(() => done),
    report: ({ report }) => ports.report(report).then(() => done),
    async answer({ ask, record }) {
      const log = record && logOf(configuration, record, ask.log)
      const piece = log?.file ? await ports.readLog(log.root, log.file, ask.offset) : { text: '', nextOffset: 0 }
      await ports.answer(ask.id, {
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
