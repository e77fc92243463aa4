import type { GuestSettings } from '../../guest/contract/guest-settings.ts'
import type { Health } from '../../guest/contract/health.ts'
import type { GuestAction } from '../../guest/guest-agent/action.ts'
import type { HeldReport } from '../../guest/guest-agent/facilities.ts'
import { preparedFor } from '../../guest/guest-agent/prepare.ts'
import { roleEnvironmentOf } from '../../guest/guest-agent/role-environment-of.ts'
import type { GuestOutcome } from '../../guest/guest-agent/settle.ts'
import { bootstrapperStart } from '../../guest/guest-agent/start.ts'
import { unpackFault } from '../../guest/guest-agent/unpack.ts'
import type { Behaviour } from '../guest/behaviour.ts'
import type { Drives } from '../guest/drives.ts'
import type { HostStack } from '../guest/host-stack.ts'
import type { Wire } from '../wire.ts'

/** What an action of a guest agent can do to the world. */
export interface SimulatedGuestAgentFacilities {
  readonly settings: GuestSettings
  readonly drives: Drives
  readonly wire: Pick<Wire, 'fetch' | 'post'>
  readonly stack: Pick<HostStack, 'start' | 'tell' | 'kill'>
  /** The script of the program in that package. */
  behaviour(sha256: string): Behaviour
  /** False: the disk of the host is full. */
  hasRoom(): boolean
  hasPackage(sha256: string): boolean
  /** True when an action of the machine itself is to fail now. */
  fails(): boolean
  now(): number
  /** Runs after that time, unless the agent has ended by then. */
  later(delayMs: number, run: () => void): void
  /** Leaves the agent that is to run next to WaAppAgent, and ends this one. */
  replaceAgent(incarnation: string): void
}

type Effects = {
  readonly [Kind in GuestAction['kind']]: (
    action: Extract<GuestAction, { kind: Kind }>,
    facilities: SimulatedGuestAgentFacilities,
    settled: (outcome: GuestOutcome) => void,
  ) => void
}

const done: GuestOutcome = { kind: 'done' }
const noRoom = { code: 'ENOSPC', message: 'no space left on device' }

/** To empty a drive, and to start a process. */
const shortMs = 20

const effects: Effects = {
  fetchGoal: (_action, { wire }, settled) =>
    wire.fetch((goal) => settled(goal ? { kind: 'fetched', goal } : failure('The host agent did not answer.'))),
  reportChange: ({ health }, facilities, settled) => post(facilities, settled, health),
  heartbeat: ({ health, waitMs, inHand }, facilities, settled) => post(facilities, settled, health, { waitMs, inHand }),
  prepare({ goal, before }, facilities, settled) {
    const { specification, softwareSha256 } = goal.configuration
    facilities.later(facilities.behaviour(softwareSha256).configureMs, () => {
      if (facilities.fails()) return settled(failure('The machine fails.'))
      if (!facilities.hasRoom()) return settled(failure(noRoom.message))
      const { drives, settings } = facilities
      const prepared = preparedFor(goal, before, settings.root)
      const { environment } = prepared
      if (environment !== before?.environment)
        drives.environments.set(environment.path, roleEnvironmentOf(specification, settings.root))
      drives.versions.set(goal.incarnation, specification.deploymentIncarnation)
      settled({ kind: 'prepared', prepared })
    })
  },
  unpack({ wanted }, facilities, settled) {
    const { root, letter } = wanted
    facilities.drives.roots.delete(letter)
    facilities.later(facilities.behaviour(root.softwareSha256).unpackMs, () => {
      const fault = obstacle(facilities, root.softwareSha256)
      if (fault) return settled(failure(unpackFault(wanted, fault)))
      facilities.drives.roots.set(letter, root)
      settled(done)
    })
  },
  clear({ letter }, facilities, settled) {
    facilities.drives.roots.delete(letter)
    facilities.later(shortMs, () => settled(done))
  },
  start: (action, facilities, settled) =>
    facilities.later(shortMs, () => {
      if (facilities.fails()) return settled(failure('The machine fails.'))
      settled({ kind: 'started', process: facilities.stack.start(bootstrapperStart(action, facilities.settings)) })
    }),
  tell({ goal }, { stack }, settled) {
    stack.tell(goal)
    settled(done)
  },
  kill(_action, { stack }, settled) {
    stack.kill()
    settled(done)
  },
  replaceAgent: ({ incarnation }, facilities) => facilities.replaceAgent(incarnation),
  measure: (_action, _world, settled) => settled({ kind: 'measured', remarks: [] }),
}

/** Carries out what a guest agent decides. */
export function performGuestAgent(facilities: SimulatedGuestAgentFacilities) {
  return (action: GuestAction, settled: (outcome: GuestOutcome) => void): void =>
    (effects[action.kind] as Effects['measure'])(action as GuestAction & { kind: 'measure' }, facilities, settled)
}

function post(
  { wire, now }: SimulatedGuestAgentFacilities,
  settled: (outcome: GuestOutcome) => void,
  health: Health,
  held?: HeldReport,
): void {
  const begun = now()
  wire.post(health, held, (latest) =>
    settled(latest === undefined ? failure('The host agent did not answer.') : { kind: 'answered', latest, begun }),
  )
}

/** The system's error in which unpacking ends now. */
function obstacle(
  { behaviour, hasRoom, hasPackage, fails }: SimulatedGuestAgentFacilities,
  sha256: string,
): { readonly code?: string; readonly message: string } | undefined {
  if (behaviour(sha256).diskIsFull || !hasRoom()) return noRoom
  if (!hasPackage(sha256)) return { code: 'ENOENT', message: `no package ${sha256}` }
  return fails() ? { message: 'the machine fails' } : undefined
}

function failure(message: string): GuestOutcome {
  return { kind: 'failed', message }
}
