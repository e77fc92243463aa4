import type { UpgradePolicy } from '../../fabric/contract/plan.ts'
import { commitTo } from '../../fabric/controller/state/commit.ts'
import { allSubjects, restore, withSubscription } from '../../fabric/controller/state/restore.ts'
import type { FabricState } from '../../fabric/controller/state/state.ts'
import type { Subject } from '../../fabric/controller/subject.ts'
import type { Committer } from '../../kernel/commit.ts'
import type { Defect } from '../../kernel/loop/troubles.ts'
import type { MasterStore } from '../../kernel/store.ts'
import type { Timers } from '../../kernel/timers.ts'
import type { OsFamily } from '../../service-model/operating-systems.ts'
import type { Standing } from '../candidate/stand.ts'
import type { VirtualClock } from '../clock.ts'
import type { SimulatedControllerFacilities } from '../facilities/controller.ts'
import type { Fact } from '../fact.ts'
import { type MachineClock, mostSkewMs } from '../machine-clock.ts'
import type { Network } from '../network.ts'
import { type PausableClock, pausableClock } from '../pausable.ts'
import type { Poison } from '../poison.ts'
import type { Random } from '../random.ts'
import { beginRun, type Run } from './run.ts'

/** How a run of the process comes to the store. */
export interface Opening {
  readonly own: PausableClock
  /** Called at most once: the run is master. */
  opened(store: MasterStore): void
  /** The process ends: by the plan of a run, or because it must not go on. */
  died(error: unknown): void
}

export interface ControllerParts extends SimulatedControllerFacilities {
  /** Its name on the network. */
  readonly name: string
  readonly clock: VirtualClock
  readonly network: Network
  readonly random: Random
  /** Has a run wait until it is master; one that waits answers that it is not. Undefined: it need not wait. */
  open(opening: Opening): Standing | undefined
  readonly timers: Timers
  readonly maxCores: number
  /** Each master may be on another machine than the one before it. */
  readonly severalMachines: boolean
  /** With another clock (H-41). */
  readonly skewed: boolean
  readonly policy: UpgradePolicy
  /** The guest operating systems that a newly started controller knows (H-22). */
  osFamilies(): readonly OsFamily[]
  readonly poison: Poison
  /** Called when a commit has ended the process. */
  died(error: unknown): void
  witness(fact: Fact): void
  defect(defect: Defect<Subject>): void
}

export const subscriptionId = '00000000-0000-0000-0000-000000000001'
export const controllerName = 'controller'

/** The controller's process on its machine: one run after the other. */
export interface ControllerProcess {
  /** Undefined while none runs, while it is no master, or while its first state is being stored. */
  run(): Run | undefined
  /** Undefined while the process does not run, and where there is no other candidate. */
  standing(): Standing | undefined
  /** The clock of the process; undefined while it does not run. */
  own(): PausableClock | undefined
  /** Of the store that it has open; 0: of none. */
  epoch(): number
  start(): void
  kill(): void
  /** It ends by itself, as by the plan of a run. */
  end(): void
  /** It receives messages from now on. */
  hear(): void
}

export function controllerProcess(parts: ControllerParts, clock: MachineClock): ControllerProcess {
  let run: Run | undefined
  let standing: Standing | undefined
  let current: PausableClock | undefined
  let store: MasterStore | undefined
  /** How often it was started or ended: events left over from an earlier run of the process are ignored. */
  let starts = 0

  /** The process serves as soon as its first state is stored. */
  function start(): void {
    kill()
    // By how much the clocks of machines differ (H-41).
    if (parts.skewed) clock.set(parts.random.between(-mostSkewMs, mostSkewMs) - clock.setMs())
    const begun = starts
    const own = pausableClock(clock)
    current = own
    const died = (error: unknown) => {
      if (begun !== starts) return
      kill()
      parts.died(error)
    }
    standing = parts.open({
      own,
      died,
      opened(found) {
        if (begun !== starts) return
        store = found
        load(parts, clock, found, died, (state, commit) => {
          if (begun === starts) serve(state, commit, own, died)
        })
      },
    })
    if (standing && begun === starts) parts.network.up(parts.name)
  }

  function serve(state: FabricState, commit: Committer<FabricState>, own: PausableClock, died: Died): void {
    const poisonOf = (subject: Subject) => parts.poison.of(controllerName, subject)
    run = beginRun({ ...parts, clock, own, state, commit, died, poisonOf })
    hear()
    run.driver.touch(allSubjects(state))
  }

  function hear(): void {
    parts.network.up(parts.name)
    parts.witness({ kind: 'controllerHears' })
  }

  function kill(): void {
    starts++
    run?.driver.stop()
    run?.desk.close()
    standing?.stop()
    run = standing = current = store = undefined
    parts.network.down(parts.name)
  }

  function end(): void {
    kill()
    parts.died(new Error('resigned'))
  }

  return {
    run: () => run,
    standing: () => standing,
    own: () => current,
    epoch: () => store?.epoch() ?? 0,
    start,
    kill,
    end,
    hear,
  }
}

type Died = (error: unknown) => void

/** Reads the stored records, as the next master, and stores the controller's first state; `loaded` is called when that has ended well. */
function load(
  parts: ControllerParts,
  clock: MachineClock,
  store: MasterStore,
  died: Died,
  loaded: (state: FabricState, commit: Committer<FabricState>) => void,
): void {
  const { timers, policy, severalMachines } = parts
  const told = { timers, policy, severalMachines, osFamilies: parts.osFamilies() }
  const facts = { epoch: store.epoch(), network: 5, dnsSuffix: 'localhost', blobHosts: ['blobs'], ...told }
  const restored = restore(facts, clock.now(), store.load())
  const commit = commitTo(store)
  commit(withSubscription(restored, firstSubscription(parts.maxCores, clock.now())), (result) => {
    if (result.outcome === 'committed') loaded(result.state, commit)
    else died(new Error(result.reason))
  })
}

function firstSubscription(maxCores: number, createdAt: number) {
  const status = 'Active' as const
  return { id: subscriptionId, name: 'Simulated', status, createdAt, maxCores, maxServices: 1_000, certificates: [] }
}
