import type { Drive } from '../../guest/contract/guest-paths.ts'
import type { HostAction, HostOutcome } from '../../host/agent/action.ts'
import { faultOf } from '../../host/agent/fault-of.ts'
import type { ContainerRecord, GuestProcess } from '../../host/agent/state.ts'
import type { HostFacts } from '../../host/contract/report.ts'
import type { Answers, Told } from '../controller/answers.ts'

/** What an action of a Host Agent can do to the world. */
export interface SimulatedHostFacilities {
  facts(): HostFacts
  /** Runs after that time, unless the agent has ended by then. */
  later(delayMs: number, run: () => void): void
  /** True when an action of the machine itself is to fail now. */
  fails(): boolean
  /** False: the disk is full. */
  hasRoom(): boolean
  ask(serve: (controller: Answers, answer: (told: Told) => void) => void, ended: (told?: Told) => void): void
  askWitnesses(action: Extract<HostAction, { kind: 'askWitnesses' }>, ended: (outcome: HostOutcome) => void): void
  keepPackage(sha256: string): void
  dropPackage(sha256: string): void
  /** Opens the wire server of a container; answers with its port. */
  listen(containerId: string, port: number): number
  /** Ends everything that still runs in the guest, and starts it. */
  startGuest(record: ContainerRecord): GuestProcess
  stopGuest(containerId: string): void
  rebuildDrives(containerId: string, drives: readonly Drive[]): void
  removeGuest(containerId: string): void
}

type Effect<Kind extends HostAction['kind']> = {
  readonly ms: number
  run(
    action: Extract<HostAction, { kind: Kind }>,
    facilities: SimulatedHostFacilities,
    end: (outcome: HostOutcome) => void,
  ): void
}

const done: HostOutcome = { kind: 'done' }
const noRoom: HostOutcome = { kind: 'failed', fault: faultOf({ code: 'ENOSPC' }, '') }

/** A local action without a result. */
function plain<Kind extends HostAction['kind']>(
  ms: number,
  change: (action: Extract<HostAction, { kind: Kind }>, facilities: SimulatedHostFacilities) => HostOutcome | void,
): Effect<Kind> {
  return {
    ms,
    run: (action, facilities, end) =>
      end(facilities.fails() ? failure('Simulated', 'The machine fails.') : (change(action, facilities) ?? done)),
  }
}

/** The same for one that writes files. */
function writing<Kind extends HostAction['kind']>(ms: number, change: Parameters<typeof plain<Kind>>[1]): Effect<Kind> {
  return plain(ms, (action, facilities) => (facilities.hasRoom() ? change(action, facilities) : noRoom))
}

/** Each kind of action: how long it takes, and what it does. */
const effects: { readonly [Kind in HostAction['kind']]: Effect<Kind> } = {
  fetchPackage: {
    ms: 300,
    run({ sha256 }, facilities, end) {
      facilities.ask(
        (controller, answer) => controller.package(facilities.facts().name, sha256, answer),
        (told) => {
          if (!told?.taken)
            return end(failure('PackageNotFetched', 'The fabric controller did not hand the package out.'))
          if (!facilities.hasRoom()) return end(noRoom)
          facilities.keepPackage(sha256)
          end({ kind: 'unpacked', directory: sha256 })
        },
      )
    },
  },
  dropPackage: plain(20, ({ sha256 }, facilities) => facilities.dropPackage(sha256)),
  listen: plain(2, ({ record, port }, facilities) => ({
    kind: 'listening',
    port: facilities.listen(record.containerId, port),
  })),
  createGuest: writing(60, ({ record }) => ({ kind: 'created', run: `/run/reddog/${record.number}` })),
  rebuildDrives: writing(80, ({ record, drives }, facilities) => facilities.rebuildDrives(record.containerId, drives)),
  openPorts: plain(10, () => done),
  makeDisks: writing(30, () => done),
  layRoads: plain(100, () => ({ kind: 'laid', troubles: [] })),
  startGuest: plain(40, ({ record }, facilities) => ({
    kind: 'started',
    process: facilities.startGuest(record),
  })),
  stopGuest: plain(50, ({ record }, facilities) => facilities.stopGuest(record.containerId)),
  removeGuest: plain(60, ({ record }, facilities) => facilities.removeGuest(record.containerId)),
  endGuests: plain(50, ({ records }, facilities) => {
    for (const { containerId } of records) facilities.stopGuest(containerId)
  }),
  askWitnesses: { ms: 0, run: (action, facilities, end) => facilities.askWitnesses(action, end) },
  register: {
    ms: 0,
    run: (_action, facilities, end) =>
      facilities.ask(
        (controller, answer) => controller.register(facilities.facts(), answer),
        (told) => end(told?.taken ? done : failure('NotRegistered', 'The fabric controller did not answer.')),
      ),
  },
  report: {
    ms: 0,
    run: ({ report }, facilities, end) =>
      facilities.ask(
        (controller, answer) => controller.report(facilities.facts().name, report, answer),
        (told) => end(told?.taken ? done : failure('NotReported', 'The fabric controller did not take the report.')),
      ),
  },
  answer: plain(0, () => done),
}

/** Carries out what a Host Agent decides. */
export function performHost(facilities: SimulatedHostFacilities) {
  return (action: HostAction, settled: (outcome: HostOutcome) => void): void => {
    const effect = effects[action.kind] as Effect<HostAction['kind']>
    const begin = () => effect.run(action, facilities, settled)
    if (effect.ms === 0) begin()
    else facilities.later(effect.ms, begin)
  }
}

function failure(code: string, message: string): HostOutcome {
  return { kind: 'failed', fault: { code, message } }
}
