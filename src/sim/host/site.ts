import type { HostConfiguration } from '../../host/agent/state.ts'
import type { Defect } from '../../kernel/loop/troubles.ts'
import type { Timers } from '../../kernel/timers.ts'
import type { RoleModel } from '../../service-model/role-model.ts'
import type { Clock } from '../clock.ts'
import type { Controllers } from '../controllers.ts'
import type { Disk } from '../disk.ts'
import type { Fact } from '../fact.ts'
import type { Behaviour } from '../guest/behaviour.ts'
import type { Machine } from '../machine.ts'
import type { MachineClock } from '../machine-clock.ts'
import type { Network } from '../network.ts'
import type { PlanOfDeath } from '../plan-of-death.ts'
import type { Poison } from '../poison.ts'
import type { AgentRun, WireServers } from '../wire.ts'
import type { OtherMachine, SimulatedHearing } from './hearing.ts'

export interface HostParts {
  readonly clock: Clock
  readonly network: Network
  readonly controllers: Controllers
  readonly timers: Timers
  readonly size: { readonly name: string; readonly cores: number; readonly faultDomain: number }
  behaviourOf(key: string, sha256: string): Behaviour
  /** When the guest agents of that instance are to die. */
  guestAgentDeath(key: string): PlanOfDeath
  modelOf(sha256: string, role: string): RoleModel | undefined
  /** The other machines, where there are several. */
  others(): readonly OtherMachine[]
  /** True when an action of the machine is to fail now. */
  fails(): boolean
  readonly poison: Poison
  witness(fact: Fact): void
  died(error: unknown): void
  /** A part of the machine has a defect; the guest's are named by its key. */
  defect(party: string, defect: Defect<string>): void
}

/** The part of a host that outlives a run of its agent. */
export interface HostSite {
  readonly name: string
  readonly parts: HostParts
  readonly clock: MachineClock
  readonly machine: Machine
  readonly disk: Disk
  readonly wires: WireServers
  /** The configuration of the present run. */
  configuration(): HostConfiguration
  /** The present run of the agent; undefined while there is none. */
  run(): AgentRun | undefined
  freePort(): number
  readonly hearing: SimulatedHearing
}
